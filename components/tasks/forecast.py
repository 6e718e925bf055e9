"""The forecast task: continue a series."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from components.data import time_axis
from components.data.dataset import Dataset, Series, series_of
from components.data.split import Split, split
from components.data.transforms import Scaler, forward, inverse, lag
from components.data.windows import Parts, windows
from components.errors import DataError
from components.insight.example import Answer, Asked, Example, Picked, Shown, evenly
from components.models.plan import Plan, plan_forecaster
from components.recipe import Forecast, Recipe, Recurrent, Transformer
from components.tasks import baselines, metrics
from components.tasks.complaint import Complaint
from components.tasks.result import AttentionRows, ForecastResult, Score
from components.tasks.verdict import verdict
from components.training.messages import Snapshot

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

    from components.models.build import Forecaster

Result = ForecastResult

PREVIEW = 400
"""Most values of the validation part that are forecast anew after every epoch."""
MOST_ATTENTION = 2 * 2**30
"""Bytes that additive attention may need for one batch."""


@dataclass(frozen=True)
class Preview:
    """The stretch of the validation part that a run forecasts after every epoch."""

    times: pd.Index
    truth: np.ndarray


@dataclass(frozen=True)
class Past:
    """What a forecaster is asked to go on from.

    Attributes:
        rows: (lag + window, 1 + covariates) in the table's own units, oldest first, the target in front.
    """

    rows: np.ndarray


class ForecastProblem:
    """A series ready to train on: transformed, scaled by its training part, windows by number.

    An example's number is the row of its window's first step. Nothing is copied out in advance: a
    batch is gathered from the one series inside the graph.
    """

    def __init__(self, recipe: Recipe, dataset: Series):
        task = self.task = recipe.task_as(Forecast)
        self.model, self.dataset = recipe.model, dataset
        self.raw = dataset.table[task.target].to_numpy(np.float64)
        columns = [forward(self.raw, task)]
        columns += [dataset.table[name].to_numpy(np.float64) for name in task.covariates]
        features = np.column_stack(columns)
        self.lag = lag(task)
        self.split = split(dataset.rows, recipe.preparation)
        self.scaler = Scaler.fit(features[self.lag : self.split.train.stop], task.scaling)
        # The rows that follow the data stand for what is to come: a window may end where the data does.
        self.values = np.zeros((dataset.rows + task.horizon, features.shape[1]), dtype=np.float32)
        self.values[: dataset.rows] = self.scaler.apply(features)
        parts = windows(self.split, task.window, task.horizon, first=self.lag)
        self.train, self.validation, self.test = parts.train, parts.validation, parts.test
        self.shown = _preview_examples(parts, task.horizon)

    @property
    def features(self) -> int:
        """Numbers at each step: the target's and the covariates'."""
        return self.values.shape[1]

    def batch(self, examples: "tf.Tensor") -> "tuple[tf.Tensor, tf.Tensor]":
        """Gather windows (batch, window, features) and what followed them (batch, horizon)."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        steps = tf.range(self.task.window + self.task.horizon)
        block = tf.gather(self._series, examples[:, None] + steps)
        return block[:, : self.task.window], block[:, self.task.window :, 0]

    @cached_property
    def _series(self) -> "tf.Tensor":
        """Give the one tensor that every graph gathers from, (rows + horizon, features)."""
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(self.values)

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Give the mean squared error in scaled units."""
        import tensorflow as tf  # noqa: PLC0415

        return tf.reduce_mean(tf.square(outputs - targets))

    def snapshot(self, outputs: Callable[[np.ndarray], np.ndarray]) -> Snapshot:
        """Forecast the stretch that `preview` names, one horizon after the other."""
        return Snapshot(tuple(self.forecasts(outputs, self.shown).ravel().tolist()))

    def origins(self, examples: np.ndarray) -> np.ndarray:
        """Give the row of the last value that each example's window shows."""
        return examples + self.task.window - 1

    def forecasts(self, outputs: Callable[[np.ndarray], np.ndarray], examples: np.ndarray) -> np.ndarray:
        """Forecast, (N, horizon), in the target's own units."""
        scaled = outputs(examples).astype(np.float64)
        transformed = scaled * self.scaler.scale[0] + self.scaler.offset[0]
        depth = np.arange(1 - self.lag, 1)
        history = self.raw[self.origins(examples)[:, None] + depth]
        return inverse(transformed, history, self.task)


# --- The verbs -------------------------------------------------------------------------------------


def fits(dataset: Dataset) -> str:
    """Say why a dataset is none to forecast; nothing where it is one."""
    if isinstance(dataset, Series):
        return ""
    return f"Forecasting needs a series of numbers in time, and this is {dataset.said}."


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Say what in a recipe can't work on a dataset."""
    if not isinstance(dataset, Series):
        return (Complaint("dataset", fits(dataset)),)
    task, known = recipe.task_as(Forecast), set(dataset.columns)
    if task.target not in known:
        return (Complaint("task.target", f"There is no column “{task.target}” in {dataset.title}."),)
    unknown = [name for name in task.covariates if name not in known]
    if unknown:
        return (Complaint("task.covariates", f"There is no column “{unknown[0]}” in {dataset.title}."),)
    parts = split(dataset.rows, recipe.preparation)
    return tuple(
        complaint
        for complaint in (
            _transform_complaint(recipe, dataset),
            _season_complaint(recipe, parts),
            _window_complaint(recipe, parts),
            _horizon_complaint(recipe, parts),
            _attention_complaint(recipe),
        )
        if complaint
    )


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the windows of the training part."""
    task, parts = recipe.task_as(Forecast), split(series_of(dataset).rows, recipe.preparation)
    return len(windows(parts, task.window, task.horizon, first=lag(task)).train)


def plan(recipe: Recipe, dataset: Dataset | None = None) -> Plan:
    """Plan the model of a recipe, which says all there is to say of its size."""
    task = recipe.task_as(Forecast)
    return plan_forecaster(recipe.model, task.window, 1 + len(task.covariates), task.horizon)


def preview(recipe: Recipe, dataset: Dataset) -> Preview:
    """Tell which stretch of the validation part a run forecasts after every epoch."""
    series = series_of(dataset)
    task, parts = recipe.task_as(Forecast), split(series.rows, recipe.preparation)
    examples = _preview_examples(windows(parts, task.window, task.horizon, first=lag(task)), task.horizon)
    rows = (examples[:, None] + task.window + np.arange(task.horizon)).ravel()
    return Preview(series.table.index[rows], series.table[task.target].to_numpy(np.float64)[rows])


def prepare(recipe: Recipe, dataset: Dataset) -> ForecastProblem:
    """Make a dataset ready to train on."""
    return ForecastProblem(recipe, series_of(dataset))


def build(recipe: Recipe, problem: ForecastProblem) -> "Forecaster":
    """Build the model."""
    from components.models.build import forecaster  # noqa: PLC0415 - brings in TensorFlow

    return forecaster(recipe.model, problem.task.window, problem.features, problem.task.horizon)


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
    task, dataset = problem.task, problem.dataset
    origins = problem.origins(problem.test)
    forecasts = {"model": ("Your model", problem.forecasts(outputs, problem.test))}
    forecasts |= _baselines(problem, origins)
    truth = problem.raw[origins[:, None] + np.arange(1, task.horizon + 1)]
    training = problem.raw[problem.split.train]
    scores = tuple(
        _score(name, label, truth, values, training, task.season or 1)
        for name, (label, values) in forecasts.items()
    )
    is_by_step = isinstance(problem.model, Recurrent)
    rows: AttentionRows = "none" if built.attention is None else "step ahead" if is_by_step else "head"
    newest = np.array([dataset.rows - task.window], dtype=np.int32)
    return ForecastResult(
        target=task.target,
        unit=dataset.unit,
        scores=scores,
        verdict=verdict(scores[0], scores[1:], dataset.unit),
        best_epoch=best_epoch,
        attention_rows=rows,
        times=dataset.table.index,
        truth=problem.raw,
        test_start=problem.split.test.start,
        origins=origins,
        forecasts=forecasts["model"][1],
        future_times=dataset.future(task.horizon),
        future=problem.forecasts(outputs, newest)[0],
        attention=None if built.attention is None else _mean_attention(built.attention, problem),
        baselines={label: values for name, (label, values) in forecasts.items() if name != "model"},
    )


def whole(problem: ForecastProblem, model: "keras.Model") -> "keras.Model":
    """Give the model as it is taken away: it takes rows of the table and gives forecasts in its units."""
    from components.models.whole import whole_forecaster  # noqa: PLC0415 - brings in TensorFlow

    return whole_forecaster(model, problem.task, problem.scaler, problem.lag)


def predict(problem: ForecastProblem, built: "Forecaster", asked: Past) -> np.ndarray:
    """Forecast the (horizon,) values that follow rows which a person gives."""
    return whole(problem, built.model)(asked.rows[None].astype(np.float32)).numpy()[0]


def sample(problem: ForecastProblem, built: "Forecaster", asked: Asked) -> Example:
    """Give a window of the test part to look at.

    Raises:
        DataError: if anything else is asked about.
    """
    if not isinstance(asked, Picked):
        raise DataError("A forecast goes on from numbers, not from a text.", remedy="Pick a window.")
    return _example(problem, int(problem.test[asked.place % len(problem.test)]))


def spread(problem: ForecastProblem, most: int) -> list[Example]:
    """Give windows from all of the data, evenly."""
    every = np.concatenate([problem.train, problem.validation, problem.test])
    return [_example(problem, int(number)) for number in evenly(every, most)]


# --- Their parts -----------------------------------------------------------------------------------


def _example(problem: ForecastProblem, number: int) -> Example:
    task, rows = problem.task, slice(number, number + problem.task.window)
    table = problem.dataset.table[[task.target, *task.covariates]]
    names = time_axis.names(table.index[rows])
    # A Transformer's newest token looks once, for all steps ahead together.
    row = task.window - 1 if isinstance(problem.model, Transformer) else None
    answers = tuple(
        Answer(f"{n} {'step' if n == 1 else 'steps'} ahead", (n - 1,), row=n - 1 if row is None else row)
        for n in range(1, task.horizon + 1)
    )
    return Example(
        inputs=(problem.values[rows],),
        fills=(0.0,),
        first=0,
        missing=problem.values[problem.lag : problem.split.train.stop].mean(axis=0),
        score="value",
        answers=answers,
        shown=Shown(
            names=names,
            values=table.to_numpy(np.float64)[rows],
            channels=tuple(table.columns),
            answers=tuple(answer.name for answer in answers),
            chosen=0,
            said=f"It reads {names[0]} to {names[-1]} and forecasts what comes next.",
            many=len(problem.test),
        ),
        number=number,
    )


def _mean_attention(attention: "keras.Model", problem: ForecastProblem) -> np.ndarray:
    """Average the weights over the test examples → (rows, window)."""
    portions = np.array_split(problem.test, -(-len(problem.test) // 64))
    sums = [np.sum(attention(problem.batch(portion)[0]), axis=0) for portion in portions]
    return np.sum(sums, axis=0) / len(problem.test)


def _preview_examples(parts: Parts, horizon: int) -> np.ndarray:
    """Choose windows whose horizons follow each other to the end of the validation part."""
    return parts.validation[::-1][::horizon][: max(1, PREVIEW // horizon)][::-1]


def _baselines(problem: ForecastProblem, origins: np.ndarray) -> dict[str, tuple[str, np.ndarray]]:
    task, raw = problem.task, problem.raw
    rules = {
        "last_value": ("Last value", baselines.last_value(raw, origins, task.horizon)),
        "drift": ("Drift", baselines.drift(raw, origins, task.horizon)),
    }
    if task.season:
        seasonal = baselines.seasonal_naive(raw, origins, task.horizon, task.season)
        rules["seasonal_naive"] = ("Same time last season", seasonal)
    return rules


def _score(
    name: str, label: str, truth: np.ndarray, forecast: np.ndarray, training: np.ndarray, season: int
) -> Score:
    return Score(
        name=name,
        label=label,
        mse=metrics.mse(truth, forecast),
        mae=metrics.mae(truth, forecast),
        rmse=metrics.rmse(truth, forecast),
        mape=_meaningful(100 * metrics.mape(truth, forecast)),
        smape=_meaningful(100 * metrics.smape(truth, forecast)),
        mase=_meaningful(metrics.mase(truth, forecast, training, season)),
    )


def _meaningful(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _transform_complaint(recipe: Recipe, dataset: Series) -> Complaint | None:
    values = dataset.table[recipe.task_as(Forecast).target].to_numpy(np.float64)
    if recipe.task_as(Forecast).transform == "log" and values.min() <= 0:
        return Complaint(
            "task.transform",
            f"The logarithm needs values above zero, but the lowest here is {values.min():g}. "
            "Choose another transform.",
        )
    return None


def _season_complaint(recipe: Recipe, parts: Split) -> Complaint | None:
    season, rows = recipe.task_as(Forecast).season, parts.train.stop
    if season and season >= rows:
        return Complaint(
            "task.season",
            f"A season of {season} steps doesn't fit into the training part, which has {rows}. "
            "Choose a shorter one.",
        )
    return None


def _window_complaint(recipe: Recipe, parts: Split) -> Complaint | None:
    task, lost = recipe.task_as(Forecast), lag(recipe.task_as(Forecast))
    room = parts.train.stop - lost - task.horizon
    if task.window > room:
        lost_words = f" ({lost} of its rows go to the difference)" if lost else ""
        advice = f"At most {room} steps fit." if room > 0 else "Choose a shorter horizon first."
        return Complaint(
            "task.window",
            f"A window of {task.window} and a horizon of {task.horizon} steps don't fit into the training "
            f"part, which has {parts.train.stop} rows{lost_words}. {advice}",
        )
    return None


def _horizon_complaint(recipe: Recipe, parts: Split) -> Complaint | None:
    named = {"validation": parts.validation, "test": parts.test}
    name, part = min(named.items(), key=lambda item: item[1].stop - item[1].start)
    rows = part.stop - part.start
    horizon = recipe.task_as(Forecast).horizon
    if horizon > rows:
        return Complaint(
            "task.horizon",
            f"{horizon} steps ahead reach beyond the {name} part, which has {rows} rows. "
            f"Forecast at most {rows} steps, or make that part larger.",
        )
    return None


def _attention_complaint(recipe: Recipe) -> Complaint | None:
    model, task = recipe.model, recipe.task_as(Forecast)
    if not isinstance(model, Recurrent) or model.attention != "additive":
        return None
    width = model.units * (2 if model.bidirectional else 1)
    need = 4 * recipe.training.batch * task.horizon * task.window * width
    if need > MOST_ATTENTION:
        return Complaint(
            "model.attention",
            f"Additive attention at this size needs {need / 2**30:.0f} GB for each step of training. "
            "Choose dot-product attention, or a shorter window or horizon.",
        )
    return None
