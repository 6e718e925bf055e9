"""A series ready to be trained on: transformed, scaled, its windows by number."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from components.data import calendar, fourier
from components.data.datasets import Series
from components.data.splits.time_split import TimeSplit, time_split
from components.data.splits.windows import WindowStarts, window_starts
from components.data.transforms import Scaler, invert_transform, log_floor, transform_lag, transform_target
from components.models.head_spec import HeadSpec
from components.recipe import Forecast, Preparation, Recipe
from components.tasks.forecasting import static_features
from components.tasks.forecasting.distributions import OutputDistribution
from components.tasks.forecasting.zero_shot import network_inputs, start_forecasts, start_states
from components.training.events import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

    Given: TypeAlias = tf.Tensor | tuple[tf.Tensor, tf.Tensor] | list[tf.Tensor]

PREVIEW = 400
"""Most values of the validation set that are forecast anew after every epoch."""


class ForecastProblem:
    """A series ready to train on: transformed, scaled by its training set, windows by number.

    An example's number is the row of its window's first step. Nothing is copied out in advance: a
    batch is gathered from the one series inside the graph.

    Where several series are learnt together (a panel), each begins with its own first value, ends with its
    own last one and is scaled by its own training set, the model is told which one it sees, and the others'
    examples follow those of the target by number. A series that has too few rows in the training set is new:
    nothing is learnt from it, it is scaled by what is known of it before the test set, and the model is told
    that it is a bit of each of the others.

    Args:
        recipe: what is asked.
        dataset: the table.
        identity: (series,) what the model is told of which series this is; None of the target.
    """

    def __init__(self, recipe: Recipe, dataset: Series, identity: np.ndarray | None = None):
        task = self.task = recipe.require_task(Forecast)
        whole = dataset
        dataset, self.split = own_rows_of(task, whole, recipe.preparation)
        self.model, self.dataset = recipe.model, dataset
        self.raw = dataset.table[task.target].to_numpy(np.float64)
        self.lag = transform_lag(task)
        self.is_new = not _is_learnt(task, self.split)
        self.floor = log_floor(self.known, task)
        columns = [transform_target(self.raw, task, self.floor)]
        columns += [dataset.table[name].to_numpy(np.float64) for name in task.inputs]
        features = np.column_stack(columns)
        identities = _identities(recipe, whole) if identity is None else identity[None]
        steps = self.step_features = _step_features(identities[0], dataset, task)
        self.ahead = len(task.known) + steps.shape[1]
        fitted = Scaler.fit(features[self.lag : len(self.known)], task.scaling)
        self.scaler = fitted.with_unscaled(steps.shape[1])
        # The rows that follow the data stand for what is to come: a window may end where the data does.
        self.values = np.zeros((dataset.rows + task.horizon, len(columns) + steps.shape[1]), dtype=np.float32)
        self.values[: dataset.rows, : len(columns)] = fitted.apply(features)
        self.values[:, len(columns) :] = steps
        known = slice(1 + len(task.covariates), len(columns))
        self.values[dataset.rows :, known] = Scaler(fitted.offset[known], fitted.scale[known]).apply(
            guess_known(task, dataset)
        )
        zero = float(-self.scaler.offset[0] / self.scaler.scale[0])
        self.head = HeadSpec.of(task, zero=zero, ahead=self.ahead)
        self.has_start = self.head.residual_base != "none"
        self.distribution = OutputDistribution(task, self.scaler)
        parts = window_starts(self.split, task.window, task.horizon, first=self.lag)
        self.train, self.validation, self.test = parts.train, parts.validation, parts.test
        self.shown = preview_examples(parts, task.horizon)
        self.others = tuple(
            ForecastProblem(_recipe_of_series(recipe, name), whole, own)
            for name, own in zip(task.together, identities[1:], strict=True)
        )
        more = (other.train + self.first_example_of(number) for number, other in enumerate(self.others, 1))
        self.train = np.concatenate([self.train, *more]).astype(np.int32)

    @property
    def known(self) -> np.ndarray:
        """(rows,) the target as far as scales are read off it: the training set; of a new series, all before
        the test set."""
        return self.raw[: self.split.test.start if self.is_new else self.split.train.stop]

    @property
    def tested(self) -> tuple[tuple[int, "ForecastProblem"], ...]:
        """The other series that go on into the test set, each with its place; the rest is learnt from."""
        return tuple((place, other) for place, other in enumerate(self.others, 1) if len(other.test))

    def first_example_of(self, place: int) -> int:
        """Return the number of the first example of one of the series."""
        before = (self, *self.others)[:place]
        return sum(len(one.values) for one in before)

    @property
    def segment(self) -> int:
        """Steps that the model reads as one."""
        return 1 if self.is_fine_tuning else self.task.segment

    @property
    def is_fine_tuning(self) -> bool:
        """Whether the model is the pretrained network, with all its weights."""
        return self.task.transferred == "weights"

    @property
    def features(self) -> int:
        """Numbers at each step: the target's, the covariates' and the calendar's."""
        return self.values.shape[1]

    def batch(self, examples: "tf.Tensor") -> "tuple[Given, tf.Tensor]":
        """Gather windows (batch, window, features) and what followed them (batch, horizon).

        Where something is known ahead, or a forecast is given to start from, a window goes with that of the
        steps to come, (batch, horizon, ahead + start + states). Where the pretrained network learns on, it is
        given what that reads, as in `components.models.pretrained.fine_tuning`, and no windows.
        """
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        if self.is_fine_tuning:
            following = examples[:, None] + self.task.window + tf.range(self.task.horizon)
            given = [tf.gather(tensor, examples) for tensor in self._network_inputs]
            return [*given, tf.gather(self._starts, examples)], tf.gather(self._series[:, 0], following)
        steps = tf.range(self.task.window + self.task.horizon)
        block = tf.gather(self._series, examples[:, None] + steps)
        past, following = block[:, : self.task.window], block[:, self.task.window :]
        ahead = [following[:, :, -self.ahead :]] if self.ahead else []
        if self.head.start:
            ahead.append(tf.gather(self._starts, examples))
        if self.head.states:
            states = tf.gather(self._start_states, examples)
            ahead.append(tf.repeat(states[:, None], self.task.horizon, axis=1))
        return (past, tf.concat(ahead, 2)) if ahead else past, following[:, :, 0]

    def past_windows(self, examples: "tf.Tensor") -> "tf.Tensor":
        """Gather the windows alone, (batch, window, features)."""
        given = self.batch(examples)[0]
        return given[0] if self.head.told else given

    def told_ahead(self, example: int, steps: int) -> np.ndarray:
        """Return what the model is told of the steps after a window, scaled, (steps, told)."""
        first = example + self.task.window
        told = [self.values[first : first + steps, self.values.shape[1] - self.ahead :]]
        if self.head.start:
            told.append(self.starts[example, :steps])
        if self.head.states:
            told.append(np.tile(self.start_states[example], (steps, 1)))
        return np.concatenate(told, axis=1)

    @cached_property
    def starts(self) -> np.ndarray:
        """(rows, horizon, start) the forecasts that the model's are added to, in scaled units, by example."""
        return self._starts_of_all[0]

    @cached_property
    def _starts_of_all(self) -> tuple[np.ndarray, ...]:
        """Return `starts` of this series and of the others, which are quicker made together."""
        every = (self, *self.others)
        rows = [max(0, one.dataset.rows - self.task.window + 1) for one in every]
        origins = [one.origins(np.arange(count)) for one, count in zip(every, rows, strict=True)]
        found = start_forecasts(self.task, [one.raw for one in every], origins)
        return tuple(one._pad_starts(starts) for one, starts in zip(every, found, strict=True))

    def _pad_starts(self, found: np.ndarray) -> np.ndarray:
        starts = np.zeros((len(self.values), *found.shape[1:]), dtype=np.float32)
        starts[: len(found)] = self._scaled(found)
        return starts

    @cached_property
    def start_states(self) -> np.ndarray:
        """(rows, states) what the pretrained network made of the series up to each origin, by example."""
        examples = np.arange(self.dataset.rows - self.task.window + 1)
        states = np.zeros((len(self.values), self.head.states), dtype=np.float32)
        states[: len(examples)] = start_states(self.task, self.raw, self.origins(examples))
        return states

    @cached_property
    def network_inputs(self) -> tuple[np.ndarray, ...]:
        """What the pretrained network reads at each origin, by example: history, ahead, candidates, place."""
        examples = np.arange(self.dataset.rows - self.task.window + 1)
        *read, _ = self.inputs_at(self.raw, self.origins(examples))
        beyond = len(self.values) - len(examples)
        return tuple(
            np.concatenate([one, np.zeros((beyond, *one.shape[1:]))]).astype(np.float32) for one in read
        )

    def inputs_at(self, series: np.ndarray, origins: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return what the pretrained network that learns on is given at origins of a series.

        Returns:
            As in `components.models.pretrained.fine_tuning`: history, ahead, candidates, place and start.
        """
        read = network_inputs(self.task, series, origins)
        place = read.place
        if self.task.transform != "log":
            place = (place - [self.scaler.offset[0], 0]) / self.scaler.scale[0]
        start = self._scaled(start_forecasts(self.task, (series,), (origins,))[0])
        return read.history, read.ahead, read.candidates, place, start

    def _scaled(self, values: np.ndarray) -> np.ndarray:
        """Bring values from the target's own units to those that the model sees."""
        return (self.to_error_scale(values) - self.scaler.offset[0]) / self.scaler.scale[0]

    @cached_property
    def _starts(self) -> "tf.Tensor":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(np.concatenate(self._starts_of_all))

    @cached_property
    def _network_inputs(self) -> "tuple[tf.Tensor, ...]":
        import tensorflow as tf  # noqa: PLC0415

        every = zip(self.network_inputs, *(other.network_inputs for other in self.others), strict=True)
        with tf.init_scope():
            return tuple(tf.constant(np.concatenate(parts)) for parts in every)

    @cached_property
    def _start_states(self) -> "tf.Tensor":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            every = [self.start_states, *(other.start_states for other in self.others)]
            return tf.constant(np.concatenate(every))

    @cached_property
    def _series(self) -> "tf.Tensor":
        """Return the one tensor that every graph gathers from, (rows + horizon, features)."""
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(np.concatenate([self.values, *(other.values for other in self.others)]))

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Judge outputs by the recipe's loss, in scaled units; of fewer steps than are known, those."""
        from components.models.losses import forecast_loss  # noqa: PLC0415 - brings in TensorFlow

        offset, scale = float(self.scaler.offset[0]), float(self.scaler.scale[0])
        return forecast_loss(self.task, targets[:, : outputs.shape[1]], outputs, offset, scale)

    def snapshot(self, outputs: Callable[[np.ndarray], np.ndarray]) -> Snapshot:
        """Forecast the stretch that `preview` names, one horizon after the other."""
        return Snapshot(tuple(self.forecasts(outputs, self.shown).ravel().tolist()))

    @property
    def before_test(self) -> np.ndarray:
        """Numbers of this series' own windows whose horizons end before the test set."""
        stop = self.split.test.start - self.task.window - self.task.horizon + 1
        return np.arange(self.lag, max(self.lag, stop), dtype=np.int32)

    def origins(self, examples: np.ndarray) -> np.ndarray:
        """Return the row of the last value that each example's window shows."""
        return examples + self.task.window - 1

    def forecasts(self, outputs: Callable[[np.ndarray], np.ndarray], examples: np.ndarray) -> np.ndarray:
        """Forecast, (N, horizon), in the target's own units."""
        return self.in_units(self.distribution.forecast(outputs(examples).astype(np.float64)), examples)

    def truth(self, examples: np.ndarray) -> np.ndarray:
        """Return what followed each example's window, (N, horizon), in the target's own units."""
        return self.raw[self.origins(examples)[:, None] + np.arange(1, self.task.horizon + 1)]

    def to_error_scale(self, values: np.ndarray) -> np.ndarray:
        """Bring values from the target's own units to those in which errors are alike everywhere.

        These are logarithms where the task takes some; what is too low for them counts as the lowest.
        """
        if self.task.transform != "log":
            return np.array(values)
        return np.log(np.maximum(values, self.floor))

    def from_error_scale(self, values: np.ndarray) -> np.ndarray:
        """Undo `to_error_scale`."""
        return np.exp(values) if self.task.transform == "log" else values

    def in_units(self, scaled: np.ndarray, examples: np.ndarray) -> np.ndarray:
        """Bring (N, horizon) numbers in scaled units, one row for each example, to the target's own.

        They stay within the task's bounds. Of a quantile this is exact: what lies below a bound can't come.
        """
        transformed = scaled * self.scaler.scale[0] + self.scaler.offset[0]
        depth = np.arange(1 - self.lag, 1)
        history = self.raw[self.origins(examples)[:, None] + depth]
        return np.clip(invert_transform(transformed, history, self.task), *self.task.bounds)


def own_rows_of(task: Forecast, dataset: Series, preparation: Preparation) -> tuple[Series, TimeSplit]:
    """Return a dataset from where the target and its inputs have begun to where the first of them ends.

    Its parts come with it. The validation and the test set begin at the same times for all series, whenever
    these began or ended themselves; those of a series that ended before are empty.
    """
    columns = (task.target, *task.inputs)
    parts = time_split(dataset.rows, preparation)
    return dataset.trim(columns), parts.within(dataset.complete_rows(columns))


def _is_learnt(task: Forecast, split: TimeSplit) -> bool:
    """Return whether a series has a window in the training set."""
    return split.train.stop >= transform_lag(task) + task.window + task.horizon


def is_new_series(task: Forecast, dataset: Series, preparation: Preparation) -> bool:
    """Return whether a task's target has too few rows in the training set to learn anything from it."""
    return not _is_learnt(task, own_rows_of(task, dataset, preparation)[1])


def _identities(recipe: Recipe, dataset: Series) -> np.ndarray:
    """Return what the model is told of which series it sees, (series, series), a row for each.

    There is a 1 in the place of each that is learnt; a new one is said to be a bit of each of them.
    """
    task = recipe.require_task(Forecast)
    alone = (_recipe_of_series(recipe, name).require_task(Forecast) for name in task.series)
    is_learnt = np.array([not is_new_series(one, dataset, recipe.preparation) for one in alone])
    own = np.eye(len(is_learnt))
    own[~is_learnt] = is_learnt / max(1, is_learnt.sum())
    return own


def _recipe_of_series(recipe: Recipe, name: str) -> Recipe:
    """Return the recipe of one of several series."""
    task = recipe.require_task(Forecast).model_copy(update={"target": name, "together": ()})
    return recipe.model_copy(update={"task": task})


def _step_features(identity: np.ndarray, dataset: Series, task: Forecast) -> np.ndarray:
    """Return what the model is told of each step, (rows + horizon, numbers): where it stands in the calendar
    and in other seasons, and which series it is of.

    That is said by what never changes in it and by its identity, and not at all where there is only one.
    """
    waves = fourier.features(dataset.rows, task.horizon, task.fourier)
    features = np.column_stack([calendar_features(task, dataset), waves])
    if len(identity) == 1:
        return features
    which = np.concatenate([static_features.numbers(task, dataset), identity])
    return np.column_stack([features, np.tile(which, (len(features), 1))])


def calendar_features(task: Forecast, dataset: Series) -> np.ndarray:
    """Return what the model is told of the calendar, (rows + horizon, numbers)."""
    index = dataset.table.index
    if not task.calendar and not task.holidays:
        return np.zeros((dataset.rows + task.horizon, 0))
    features = calendar.features(index, task.horizon, task.holidays)
    return features[:, features.shape[1] - calendar_width(task, dataset) :]


def calendar_width(task: Forecast, dataset: Series) -> int:
    """Count the numbers that the calendar tells of a step."""
    waves = len(calendar.feature_names(dataset.table.index)) if task.calendar else 0
    return waves + bool(task.holidays and isinstance(dataset.table.index, pd.DatetimeIndex))


def guess_known(task: Forecast, dataset: Series) -> np.ndarray:
    """Guess the columns that are known ahead where the data ends, (horizon, known), until a person says them.

    They are as last season, or as in the last row where nothing repeats.
    """
    last = dataset.table[list(task.known)].to_numpy(np.float64)[-min(task.season or 1, dataset.rows) :]
    return last[np.arange(task.horizon) % len(last)]


def preview_examples(parts: WindowStarts, horizon: int) -> np.ndarray:
    """Choose windows whose horizons follow each other to the end of the validation set."""
    return parts.validation[::-1][::horizon][: max(1, PREVIEW // horizon)][::-1]
