"""Tries settings for the contest among them, in a worker: the app names `try_settings` to `Engine.question`,
so this is light."""

import time

import numpy as np

from components import cancellation
from components.data.datasets import Dataset, Series
from components.recipe import Recipe
from components.tasks.classification.settings_contest import try_classification
from components.tasks.forecasting.settings_contest import (
    contest_stretch,
    origin_errors,
    shortened,
    start_errors,
)
from components.tasks.settings_contest import MeasureName, Trial
from components.training.limits import Budget, Limits


def try_settings(recipe: str, limits: Limits) -> Trial:
    """Train settings a little on their training set, and measure them on the validation set.

    Args:
        recipe: as JSON; without epochs, what needs no training is measured.
        limits: what the training may use.

    Raises:
        UnrollError: as a run's work does.
    """
    read = Recipe.from_json(recipe)
    return try_on(read, _load(read), limits)


def try_on(recipe: Recipe, dataset: Dataset, limits: Limits) -> Trial:
    """Do the same with a dataset that is at hand."""
    began = time.monotonic()
    if isinstance(dataset, Series):
        errors, measure = _forecast_errors(recipe, dataset, limits)
    else:
        with cancellation.cancellable(Budget(limits).check):
            errors, measure = try_classification(recipe, dataset), "Balanced accuracy"
    return Trial(errors, measure, time.monotonic() - began)


_MOST_BYTES = 64 << 20  # of a dataset that is held for the next settings
_held: dict[str, Dataset] = {}


def _load(recipe: Recipe) -> Dataset:
    """Return a recipe's dataset; examples are held until another one's are asked for.

    To read a file takes as long as to try settings on it. Of a series it doesn't, and prices go on.
    """
    from components import data  # noqa: PLC0415

    key = f"{recipe.dataset.model_dump_json()} {recipe.preparation.model_dump_json()}"
    found = _held.get(key)
    if found is None:
        found = data.load(recipe.dataset, recipe.preparation)
        _held.clear()
        if not isinstance(found, Series) and found.memory <= _MOST_BYTES:
            _held[key] = found
    return found


def _forecast_errors(recipe: Recipe, dataset: Series, limits: Limits) -> tuple[np.ndarray, MeasureName]:
    from components.tasks import example_count, forecast  # noqa: PLC0415
    from components.tasks.forecasting.shrinkage import shrink  # noqa: PLC0415

    one, stretch = contest_stretch(recipe, dataset)
    if one.training.epochs == 0:
        return start_errors(forecast.prepare(one, stretch))
    from components.engine.train_job import train_only  # noqa: PLC0415 - brings in TensorFlow

    trained = train_only(shortened(one, example_count(one, stretch)), stretch, limits).training
    shrink(trained.problem, trained.loop.outputs, trained.built.model)
    return origin_errors(trained.problem, trained.loop.outputs)
