"""The forecasting task: continue a series."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from components.data import NO_PREPARATION, fourier
from components.data.datasets import Dataset, Series, require_series
from components.data.splits.windows import window_starts
from components.data.transforms import transform_lag
from components.errors import DataError
from components.insight.example import DatasetExample, Example, ExampleChoice, evenly_spaced
from components.models.head_spec import HeadSpec
from components.models.pretrained.summary import summarize_pretrained
from components.models.summary import ModelSummary, summarize_forecaster
from components.recipe import Forecast, Preparation, Recipe
from components.tasks.forecasting import checks, static_features
from components.tasks.forecasting.evaluate import evaluate
from components.tasks.forecasting.inspect import window_example
from components.tasks.forecasting.metrics import METRICS
from components.tasks.forecasting.problem import (
    ForecastProblem,
    calendar_width,
    guess_known,
    own_rows_of,
    preview_examples,
)
from components.tasks.forecasting.result import ForecastResult
from components.tasks.forecasting.shrinkage import apply_shrinkage
from components.tasks.forecasting.suggest import suggestion, with_training
from components.tasks.forecasting.zero_shot import quantile_weights, start_forecasts, start_states
from components.tasks.issue import Issue
from components.tasks.task import Outputs, Task

if TYPE_CHECKING:
    import keras

    from components.models.forecaster import Forecaster


@dataclass(frozen=True)
class Preview:
    """The stretch of the validation set that a run forecasts after every epoch."""

    times: pd.Index
    truth: np.ndarray


@dataclass(frozen=True)
class ForecastInputs:
    """What a person has a forecaster go on from.

    Attributes:
        rows: (lag + window, 1 + inputs) in the table's own units, oldest first, the target in front. They
            are the newest ones of the dataset, as far as the calendar goes.
        ahead: (horizon, known) likewise, of the steps to come; None: as `guess_known` has them.
    """

    rows: np.ndarray
    ahead: np.ndarray | None = None


class ForecastTask(Task[ForecastProblem, "Forecaster", ForecastResult]):
    """Continue a series."""

    kind = "forecast"
    loss_settings = ("loss", "target", "together", "horizon", "transform", "scaling", "window_scaling")
    result_class = ForecastResult
    metrics = METRICS

    def why_unsuitable(self, dataset: Dataset) -> str:
        """Return why a dataset can't be forecast; "" where it can."""
        if isinstance(dataset, Series):
            return ""
        return f"Forecasting needs a time series of numbers, and this is {dataset.kind_phrase}."

    def issues(self, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
        """Return what in a recipe can't work on a dataset."""
        if not isinstance(dataset, Series):
            return (Issue("dataset", self.why_unsuitable(dataset)),)
        return checks.issues(recipe, dataset)

    def example_count(self, recipe: Recipe, dataset: Dataset) -> int:
        """Return the number of windows of the training set, of all series together."""
        task, series = recipe.require_task(Forecast), require_series(dataset)
        alone = (task.model_copy(update={"target": name, "together": ()}) for name in task.series)
        splits = (own_rows_of(one, series, recipe.preparation)[1] for one in alone)
        return sum(
            len(window_starts(split, task.window, task.horizon, first=transform_lag(task)).train)
            for split in splits
        )

    def suggest(self, dataset: Dataset, preparation: Preparation = NO_PREPARATION) -> Recipe:
        """Return a first recipe that is right for most series: of its likeliest target."""
        return suggestion(require_series(dataset), preparation).recipe

    def with_training(self, recipe: Recipe, dataset: Dataset) -> Recipe:
        """Return a recipe that trains nothing with the training that a search begins with."""
        task = recipe.require_task(Forecast)
        _, split = own_rows_of(task, require_series(dataset), recipe.preparation)
        room = min(part.stop - part.start for part in (split.validation, split.test))
        return with_training(recipe, self.example_count(recipe, dataset), room / task.horizon)

    def plan(self, recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
        """Return the plan of a recipe's model, of whose size the recipe says nearly all there is to say."""
        task = recipe.require_task(Forecast)
        if task.transferred == "weights":
            return summarize_pretrained(task.horizon)
        width = fourier.width(task.fourier)
        width += 0 if dataset is None else calendar_width(task, require_series(dataset))
        if task.together:
            width += len(task.series)
            width += 0 if dataset is None else len(static_features.numbers(task, require_series(dataset)))
        features = 1 + len(task.inputs) + width
        head = HeadSpec.of(task, ahead=len(task.known) + width)
        return summarize_forecaster(recipe.model, task.window, features, task.horizon, head)

    def preview(self, recipe: Recipe, dataset: Dataset) -> Preview:
        """Return which stretch of the validation set a run forecasts after every epoch."""
        task = recipe.require_task(Forecast)
        series, split = own_rows_of(task, require_series(dataset), recipe.preparation)
        shown = preview_examples(
            window_starts(split, task.window, task.horizon, first=transform_lag(task)), task.horizon
        )
        rows = (shown[:, None] + task.window + np.arange(task.horizon)).ravel()
        return Preview(series.table.index[rows], series.table[task.target].to_numpy(np.float64)[rows])

    def prepare(self, recipe: Recipe, dataset: Dataset) -> ForecastProblem:
        """Return a series ready to train on."""
        return ForecastProblem(recipe, require_series(dataset))

    def build(self, recipe: Recipe, problem: ForecastProblem) -> "Forecaster":
        """Return a new model for a problem."""
        from components.models.forecaster import (  # noqa: PLC0415 - brings in TensorFlow
            Forecaster,
            build_forecaster,
        )

        task = problem.task
        if problem.is_fine_tuning:
            from components.models.pretrained.fine_tuning import build_fine_tuned  # noqa: PLC0415

            offset, scale = float(problem.scaler.offset[0]), float(problem.scaler.scale[0])
            lowest = problem.floor if task.transform == "log" else None
            network = build_fine_tuned(task.horizon, quantile_weights(task), offset, scale, lowest)
            return Forecaster(network, None)
        return build_forecaster(
            recipe.model, task.window, problem.features, task.horizon, problem.head, recipe.seed
        )

    def evaluate(
        self, problem: ForecastProblem, outputs: Outputs, built: "Forecaster", best_epoch: int
    ) -> ForecastResult:
        """Measure a trained model on the test set, beside rules that cost nothing and classical methods."""
        return evaluate(problem, outputs, built, best_epoch)

    def restore(self, problem: ForecastProblem, built: "Forecaster", result: ForecastResult) -> None:
        """Shrink what the model adds to its start as it was shrunk for the result."""
        if result.shrinkage is not None:
            apply_shrinkage(built.model, problem.head, result.shrinkage.weight)

    def export_model(self, problem: ForecastProblem, model: "keras.Model") -> "keras.Model":
        """Return the model for download: from rows of the table to forecasts in its units."""
        from components.models.export_model import (  # noqa: PLC0415 - brings in TensorFlow
            export_fine_tuned,
            export_forecaster,
        )

        if problem.is_fine_tuning:
            return export_fine_tuned(model, problem.task, problem.scaler)
        return export_forecaster(
            model, problem.task, problem.scaler, problem.lag, problem.floor, problem.ahead
        )

    def predict(self, problem: ForecastProblem, built: "Forecaster", question: ForecastInputs) -> np.ndarray:
        """Return the (horizon,) values that follow the rows which a person gives."""
        rows, ahead, target = question.rows, question.ahead, question.rows[:, 0]
        if problem.is_fine_tuning:
            series = np.concatenate([problem.raw[: len(problem.raw) - len(target)], target])
            read = problem.inputs_at(series, np.array([len(series) - 1]))
            network = self.export_model(problem, built.model)
            return network([one.astype(np.float32) for one in read]).numpy()[0]
        if problem.ahead:
            features, end = problem.step_features, problem.dataset.rows
            known = guess_known(problem.task, problem.dataset) if ahead is None else ahead
            rows = np.concatenate([rows, features[end - len(rows) : end]], axis=1)
            ahead = np.concatenate([known, features[end:]], axis=1)
        if problem.head.start:
            series = np.concatenate([problem.raw[: len(problem.raw) - len(target)], target])
            newest = np.array([len(series) - 1])
            start = start_forecasts(problem.task, (series,), (newest,))[0][0]
            if problem.head.states:
                states = start_states(problem.task, series, newest)
                start = np.concatenate([start, np.repeat(states, len(start), axis=0)], axis=1)
            ahead = np.concatenate([ahead, start], axis=1) if problem.ahead else start
        given = [side[None].astype(np.float32) for side in (rows, ahead) if side is not None]
        exported = self.export_model(problem, built.model)
        return exported(given if len(given) > 1 else given[0]).numpy()[0]

    def sample(self, problem: ForecastProblem, built: "Forecaster", asked: ExampleChoice) -> Example:
        """Return a window of the test set to look into.

        Raises:
            DataError: if anything else is asked about.
        """
        if not isinstance(asked, DatasetExample):
            raise DataError("The model continues numbers, not text.", remedy="Choose a window.")
        return window_example(problem, int(problem.test[asked.place % len(problem.test)]))

    def sample_evenly(self, problem: ForecastProblem, most: int) -> list[Example]:
        """Return windows from all of the data, evenly."""
        every = np.concatenate([problem.train, problem.validation, problem.test])
        every = every[every < len(problem.values)]  # of the target
        return [window_example(problem, int(number)) for number in evenly_spaced(every, most)]
