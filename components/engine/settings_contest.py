"""Tries settings for the contest among them, in a worker: the app names `try_settings` to `Engine.question`,
so this is light."""

import time

from components.data.datasets import Series
from components.recipe import Recipe
from components.tasks.forecasting.settings_contest import (
    Trial,
    contest_stretch,
    origin_errors,
    shortened,
    start_errors,
)
from components.training.limits import Limits


def try_settings(recipe: str, limits: Limits) -> Trial:
    """Train settings a little on their training set, and have them forecast the validation set.

    Args:
        recipe: as JSON; without epochs, its start alone forecasts.
        limits: what the training may use.

    Raises:
        UnrollError: as a run's work does.
    """
    from components import data  # noqa: PLC0415
    from components.data.datasets import require_series  # noqa: PLC0415

    read = Recipe.from_json(recipe)
    return try_on(read, require_series(data.load(read.dataset, read.preparation)), limits)


def try_on(recipe: Recipe, dataset: Series, limits: Limits) -> Trial:
    """Do the same with a series that is at hand."""
    from components.tasks import examples, forecast  # noqa: PLC0415
    from components.tasks.forecasting.shrinkage import shrink  # noqa: PLC0415

    began = time.monotonic()
    one, stretch = contest_stretch(recipe, dataset)
    if one.training.epochs == 0:
        errors, measure = start_errors(forecast.prepare(one, stretch))
    else:
        from components.engine.train_job import train_only  # noqa: PLC0415 - brings in TensorFlow

        trained = train_only(shortened(one, examples(one, stretch)), stretch, limits).training
        shrink(trained.problem, trained.loop.outputs, trained.built.model)
        errors, measure = origin_errors(trained.problem, trained.loop.outputs)
    return Trial(errors, measure, time.monotonic() - began)
