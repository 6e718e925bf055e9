"""How long a training takes on this machine: fitted to the runs that it has had, and told with its error.

A run's seconds are those of its steps, of what follows every epoch (validation, what is shown), and of what
comes once (building, compiling, the evaluation with its baselines). Each part is estimated from earlier runs,
which count the more the more they are alike: the same data, task and kind of model, steps of about the same
size. Without any, a guess by the number of calculations remains.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from components.models.step_time import seconds_per_step
from components.recipe import Recipe
from components.tasks import plan

_OTHER_DATA, _OTHER_TASK, _OTHER_MODEL = 1.0, 2.0, 1.0
"""How far apart runs are that differ in that; at a distance of 1 a run counts six tenths."""
_LOG_SCALE = 0.7
"""Steps of twice the size are about as far apart as runs on different data."""
_PRIOR_WEIGHT = 0.3
"""Of the guess by the number of calculations, in runs that are just alike."""
_PRIOR_ERROR = 0.5
_PRIOR = np.array([5.0, 1.0, 0.02])
_PRIOR_SPREAD = np.array([4.0, 0.7, 0.03])
"""What comes once, in seconds; the validation, in forward passes; what else follows an epoch, in seconds."""
_NOISE_SECONDS, _NOISE_SHARE = 0.5, 0.1
"""By how much the same run differs from time to time."""
_FORWARD_SHARE = 1 / 3  # of a training step


@dataclass(frozen=True)
class TimedRun:
    """A run that this machine has had.

    Attributes:
        recipe: of it, as JSON: one that was met before needn't be read again.
        steps_per_second: that it made.
        steps_per_epoch: of it.
        epochs: that it trained.
        steps: that it made.
        seconds: from its begin to its results; None where that isn't known, as of one that was stopped.
    """

    recipe: str
    steps_per_second: float
    steps_per_epoch: int
    epochs: int
    steps: int
    seconds: float | None = None


@dataclass(frozen=True)
class TrainingCost:
    """What a training is thought to take on this machine.

    Attributes:
        step: seconds of an update.
        validation: seconds of validation after an epoch, in those of its updates.
        epoch: seconds of what else follows each epoch.
        once: seconds of what comes once.
        step_error: by which share the first may be off, one standard deviation.
        rest_error: by how many seconds all else may be off.
        similar: how many runs that are just alike would say as much as those that there were.
        runs: that there were.
    """

    step: float
    validation: float
    epoch: float
    once: float
    step_error: float
    rest_error: float
    similar: float
    runs: int

    def seconds(self, steps_per_epoch: int, epochs: int) -> float:
        """Return how long so many epochs take, evaluation included."""
        return self.once + epochs * self.epoch_seconds(steps_per_epoch)

    def epoch_seconds(self, steps_per_epoch: int) -> float:
        """Return how long an epoch takes."""
        return self.epoch + steps_per_epoch * self.step * (1 + self.validation)

    def error(self, steps_per_epoch: int, epochs: int) -> float:
        """Return by how many seconds that may be off, one standard deviation."""
        return math.hypot(epochs * steps_per_epoch * self.step * self.step_error, self.rest_error)


@dataclass(frozen=True)
class _Traits:
    """By what runs are alike."""

    data: str
    task: str
    model: str
    guess: float
    """seconds of a step by the number of calculations"""
    validation: float
    """forward passes over the validation set, in steps of training per step of an epoch"""


class CostModel:
    """How long trainings take on this machine.

    Args:
        runs: that it has had, in any order.
    """

    def __init__(self, runs: Sequence[TimedRun] = ()):
        self._runs = tuple(runs)
        self._traits = [_traits(run.recipe) for run in self._runs]
        measured = [1 / run.steps_per_second for run in self._runs]
        self._off = np.array(
            [math.log(seconds / one.guess) for seconds, one in zip(measured, self._traits, strict=True)]
        )

    def cost(self, recipe: Recipe, guess: float | None = None) -> TrainingCost:
        """Return what a training is thought to take.

        Args:
            recipe: of it.
            guess: seconds of a step by the number of calculations, where more is known of it than the recipe
                says.
        """
        own = _traits(recipe.to_json())
        alike = np.array([_likeness(own, one) for one in self._traits])
        prior = math.log((guess or own.guess) / own.guess) + float(np.mean(self._off) if self._runs else 0)
        total = _PRIOR_WEIGHT + float(alike.sum())
        off = (_PRIOR_WEIGHT * prior + float(alike @ self._off)) / total
        spread = _PRIOR_WEIGHT * _PRIOR_ERROR**2 + float(alike @ (self._off - off) ** 2)
        rest, rest_error = self._rest(alike)
        once, validation, epoch = (float(one) for one in rest)
        return TrainingCost(
            own.guess * math.exp(off),
            validation * own.validation,
            epoch,
            once,
            math.sqrt(spread / total),
            rest_error,
            float(alike.sum()),
            len(self._runs),
        )

    def _rest(self, alike: np.ndarray) -> tuple[np.ndarray, float]:
        """Return what comes once and what follows an epoch, by ridge regression towards what is usual, and by
        how many seconds their sum is off."""
        precision = np.diag(1 / _PRIOR_SPREAD**2)
        timed = [
            (run, run.seconds, own, weight)
            for run, own, weight in zip(self._runs, self._traits, alike, strict=True)
            if run.seconds is not None and run.epochs
        ]
        if not timed:
            return _PRIOR, float(_PRIOR_SPREAD[0])
        steps = np.array([1 / run.steps_per_second for run, *_ in timed])
        epochs = np.array([run.epochs for run, *_ in timed])
        validation = [run.steps_per_epoch * own.validation for run, _, own, _ in timed]
        design = np.column_stack([np.ones(len(timed)), epochs * steps * validation, epochs])
        seconds = np.array([seconds for _, seconds, *_ in timed])
        wanted = seconds - steps * [run.steps for run, *_ in timed]
        counts = np.array([weight for *_, weight in timed])
        weighed = (counts / (_NOISE_SECONDS + _NOISE_SHARE * seconds) ** 2)[:, None] * design
        found = np.linalg.solve(design.T @ weighed + precision, weighed.T @ wanted + precision @ _PRIOR)
        found = np.maximum(found, 0)
        squared = _PRIOR_WEIGHT * _PRIOR_SPREAD[0] ** 2 + float(counts @ (wanted - design @ found) ** 2)
        return found, math.sqrt(squared / (_PRIOR_WEIGHT + float(counts.sum())))


@lru_cache(maxsize=1024)
def _traits(text: str) -> _Traits:
    recipe = Recipe.from_json(text)
    preparation = recipe.preparation
    left = 1 - preparation.validation - preparation.test
    return _Traits(
        recipe.dataset.model_dump_json(),
        recipe.task.kind,
        recipe.model.kind,
        seconds_per_step(plan(recipe), recipe.training.batch),
        _FORWARD_SHARE * preparation.validation / left,
    )


def _likeness(one: _Traits, other: _Traits) -> float:
    """Return how much a run says of another, from 0 to 1."""
    squared = (math.log(one.guess / other.guess) / _LOG_SCALE) ** 2
    squared += _OTHER_DATA**2 * (one.data != other.data)
    squared += _OTHER_TASK**2 * (one.task != other.task) + _OTHER_MODEL**2 * (one.model != other.model)
    return math.exp(-squared / 2)


UNFITTED = CostModel()
"""Of a machine that has had no runs."""
