"""The forecast task: continue a series."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from components.data.datasets import Dataset, Series, require_series
from components.data.splits.windows import window_starts
from components.data.transforms import transform_lag
from components.errors import DataError
from components.insight.example import DatasetExample, Example, ExampleChoice, evenly_spaced
from components.models.head_spec import HeadSpec
from components.models.summary import ModelSummary, summarize_forecaster
from components.recipe import Forecast, Recipe
from components.tasks.complaint import Complaint
from components.tasks.forecasting import checks, static
from components.tasks.forecasting.evaluating import evaluated
from components.tasks.forecasting.inside import example
from components.tasks.forecasting.problem import (
    ForecastProblem,
    begun,
    preview_examples,
    to_come,
    told_by_calendar,
)
from components.tasks.forecasting.result import ForecastResult

if TYPE_CHECKING:
    import keras

    from components.models.forecaster import Forecaster

Result = ForecastResult


@dataclass(frozen=True)
class Preview:
    """The stretch of the validation part that a run forecasts after every epoch."""

    times: pd.Index
    truth: np.ndarray


@dataclass(frozen=True)
class Past:
    """What a forecaster is asked to go on from.

    Attributes:
        rows: (lag + window, 1 + inputs) in the table's own units, oldest first, the target in front. They
            are the newest ones of the dataset, as far as the calendar goes.
        ahead: (horizon, known) likewise, of the steps to come; None: as `to_come` guesses them.
    """

    rows: np.ndarray
    ahead: np.ndarray | None = None


# --- The verbs -------------------------------------------------------------------------------------


def fits(dataset: Dataset) -> str:
    """Return why a dataset is none to forecast; nothing where it is one."""
    if isinstance(dataset, Series):
        return ""
    return f"Forecasting needs a series of numbers in time, and this is {dataset.kind_phrase}."


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Return what in a recipe can't work on a dataset."""
    if not isinstance(dataset, Series):
        return (Complaint("dataset", fits(dataset)),)
    return checks.complaints(recipe, dataset)


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the windows of the training part."""
    task, series = recipe.require_task(Forecast), require_series(dataset)
    alone = (task.model_copy(update={"target": name, "together": ()}) for name in task.series)
    each = (begun(one, series, recipe.preparation)[1] for one in alone)
    return sum(
        len(window_starts(parts, task.window, task.horizon, first=transform_lag(task)).train)
        for parts in each
    )


def plan(recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
    """Describe the model of a recipe, which says all there is to say of its size."""
    task = recipe.require_task(Forecast)
    told = 0 if dataset is None else told_by_calendar(task, require_series(dataset))
    if task.together:
        told += len(task.series)
        told += 0 if dataset is None else len(static.numbers(task, require_series(dataset)))
    features = 1 + len(task.inputs) + told
    head = HeadSpec.of(task, ahead=len(task.known) + told)
    return summarize_forecaster(recipe.model, task.window, features, task.horizon, head)


def preview(recipe: Recipe, dataset: Dataset) -> Preview:
    """Return which stretch of the validation part a run forecasts after every epoch."""
    task = recipe.require_task(Forecast)
    series, parts = begun(task, require_series(dataset), recipe.preparation)
    examples = preview_examples(
        window_starts(parts, task.window, task.horizon, first=transform_lag(task)), task.horizon
    )
    rows = (examples[:, None] + task.window + np.arange(task.horizon)).ravel()
    return Preview(series.table.index[rows], series.table[task.target].to_numpy(np.float64)[rows])


def prepare(recipe: Recipe, dataset: Dataset) -> ForecastProblem:
    """Make a dataset ready to train on."""
    return ForecastProblem(recipe, require_series(dataset))


def build(recipe: Recipe, problem: ForecastProblem) -> "Forecaster":
    """Build the model."""
    from components.models.forecaster import build_forecaster  # noqa: PLC0415 - brings in TensorFlow

    task = problem.task
    return build_forecaster(
        recipe.model, task.window, problem.features, task.horizon, problem.head, recipe.seed
    )


def evaluate(
    problem: ForecastProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: "Forecaster",
    best_epoch: int,
) -> ForecastResult:
    """Hold the model's forecasts of the test part against the truth and against the baselines.

    Args:
        problem: what `prepare` gave.
        outputs: maps examples to the trained model's outputs.
        built: what `build` gave, trained.
        best_epoch: the epoch whose weights these are.
    """
    return evaluated(problem, outputs, built, best_epoch)


def whole(problem: ForecastProblem, model: "keras.Model") -> "keras.Model":
    """Return the model as it is taken away: it takes rows of the table and gives forecasts in its units."""
    from components.models.export_model import export_forecaster  # noqa: PLC0415 - brings in TensorFlow

    return export_forecaster(model, problem.task, problem.scaler, problem.lag, problem.floor, problem.ahead)


def predict(problem: ForecastProblem, built: "Forecaster", asked: Past) -> np.ndarray:
    """Forecast the (horizon,) values that follow rows which a person gives."""
    rows, ahead = asked.rows, asked.ahead
    told = problem.told
    if problem.ahead:
        known = to_come(problem.task, problem.dataset) if ahead is None else ahead
        newest = told[problem.dataset.rows - len(rows) : problem.dataset.rows]
        rows = np.concatenate([rows, newest], axis=1)
        ahead = np.concatenate([known, told[problem.dataset.rows :]], axis=1)
    given = [side[None].astype(np.float32) for side in (rows, ahead) if side is not None]
    return whole(problem, built.model)(given if len(given) > 1 else given[0]).numpy()[0]


def sample(problem: ForecastProblem, built: "Forecaster", asked: ExampleChoice) -> Example:
    """Return a window of the test part to look at.

    Raises:
        DataError: if anything else is asked about.
    """
    if not isinstance(asked, DatasetExample):
        raise DataError("A forecast goes on from numbers, not from a text.", remedy="Pick a window.")
    return example(problem, int(problem.test[asked.place % len(problem.test)]))


def spread(problem: ForecastProblem, most: int) -> list[Example]:
    """Return windows from all of the data, evenly."""
    every = np.concatenate([problem.train, problem.validation, problem.test])
    every = every[every < len(problem.values)]  # of the target
    return [example(problem, int(number)) for number in evenly_spaced(every, most)]
