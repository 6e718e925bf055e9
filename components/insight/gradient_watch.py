"""The gradient through time and the gates of a model as it learns, on a small batch that never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from components.insight.bptt import backpropagate, norms, ratio
from components.insight.gates import RangeEndShares, range_end_shares, trace
from components.insight.layer_pass import LayerPass
from components.insight.probe import InputVectors, Probe
from components.models.cells import Quantity

EXAMPLES = 16
"""Of the validation set that are looked at: enough for a mean, few enough to cost next to nothing."""
COMPILE_FROM_MEASUREMENT = 8
"""The look from which on they are compiled: that takes seconds, and a short run would have nothing of it."""
MOST_STEPS = 200
"""Time steps that are told one by one; more are told in stretches."""


@dataclass(frozen=True)
class GradientMeasurement:
    """How much each time step weighs in the loss, and what gates do.

    Attributes:
        length: time steps of the longest row.
        rows: what the gradient is by: what goes in, and the states of each recurrent layer.
        norms: one list a row, oldest time step first, all of one length, at most `MOST_STEPS`; NaN in front
            where a row has fewer steps than the longest.
        ratios: one a row: of the first steps that are read to the last; NaN where there is none.
        pressed: how much of their time gates and candidates stand near an end of their range.
    """

    length: int
    rows: tuple[str, ...]
    norms: tuple[tuple[float, ...], ...]
    ratios: tuple[float, ...]
    pressed: tuple[RangeEndShares, ...]


class GradientWatch:
    """Looks at a model now and then.

    Args:
        model: that learns.
        problem: what it learns, as `components.training.training_problem.Problem` has it.
    """

    def __init__(self, model: keras.Model, problem: Any):
        self._model, self._score, self._looks = model, problem.loss, 0
        self._probe = Probe(model, problem.loss, compiled=False)
        # Where steps are read in segments, the state after one stands for all of its steps.
        self._segment = getattr(problem, "segment", 1)
        # A problem that goes on from batch to batch has batches of one size.
        many = getattr(problem, "streams", EXAMPLES)
        self._inputs, self._targets = problem.batch(tf.constant(problem.validation[:many]))

    def measure(self) -> GradientMeasurement:
        """Go back through time with the model as it stands."""
        self._looks += 1
        if self._looks == COMPILE_FROM_MEASUREMENT:
            self._probe = Probe(self._model, self._score)
        seen = self._probe.gradients(self._inputs, self._targets)
        found: list[tuple[str, np.ndarray, float]] = []
        gates: list[RangeEndShares] = []
        for number, entry in enumerate(seen.entries):
            assert entry.gradient is not None  # a score was asked for
            there = self._present(seen.layer_passes, entry.gradient)
            name = "input" if number == 0 else f"input {number + 1}"
            found.append((name, *_norms_and_ratio(entry.gradient, there, backward=False)))
        for strand in seen.layer_passes:
            traced = trace(strand)
            through = backpropagate(strand, traced)
            name = f"{strand.layer}, backwards" if strand.backward else strand.layer
            for state, gradient in zip(strand.cell.states, through.grad_states, strict=True):
                row = name if gradient is through.grad_h else f"{name}, {_short(state)}"
                every, ratio_of_ends = _norms_and_ratio(gradient, strand.present, strand.backward)
                found.append((row, self._for_each_step(every, seen.entries), ratio_of_ends))
            gates += range_end_shares(name, traced, strand.present)
        rows, every, ratios = zip(*found, strict=True)
        return GradientMeasurement(
            length=max(map(len, every)),
            rows=rows,
            norms=tuple(tuple(_bin_means(one).tolist()) for one in _align(every)),
            ratios=ratios,
            pressed=tuple(gates),
        )

    def _present(self, layer_passes: Sequence[LayerPass], gradient: np.ndarray) -> np.ndarray | None:
        """Return which steps of an input are read, (batch, T); None where all are."""
        if self._segment == 1:
            every = (one.present for one in layer_passes)
            return next((present for present in every if _has_same_shape(present, gradient)), None)
        # What the layers go through are segments, which begin where the first step is that isn't filled in.
        given = self._inputs[0] if isinstance(self._inputs, list | tuple) else self._inputs
        return np.not_equal(given, 0) if given.dtype.is_integer else ~np.isnan(given.numpy()[..., 0])

    def _for_each_step(self, every: np.ndarray, entries: Sequence[InputVectors]) -> np.ndarray:
        """Return what is told of each segment for each of its steps; the last may have fewer than others."""
        steps = max((entry.vectors.shape[1] for entry in entries), default=0)
        full = np.repeat(every, self._segment)
        return full[-steps:] if len(every) == -(-steps // self._segment) else full


def _short(state: Quantity) -> str:
    """Return a state's title without the word that all states have: cell."""
    return state.title.removesuffix(" state").lower()


def _align(every: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Bring rows to one length, so that all end together: a translation has more steps than what it is of."""
    longest = max(map(len, every))
    return [np.concatenate([np.full(longest - len(one), np.nan), one]) for one in every]


def _has_same_shape(present: np.ndarray | None, gradient: np.ndarray) -> bool:
    return present is not None and present.shape == gradient.shape[:2]


def _norms_and_ratio(
    gradient: np.ndarray, present: np.ndarray | None, backward: bool
) -> tuple[np.ndarray, float]:
    """Return the norm at every step, and the ratio of the first steps that are read to the last.

    Sequences of unequal length are set so that all end together: what counts is how far back a step is.
    """
    if present is not None:
        order = np.argsort(present, axis=1, kind="stable")
        gradient = np.take_along_axis(gradient, order[..., None], axis=1)
        present = np.take_along_axis(present, order, axis=1)
    every = norms(gradient, present)
    return every, ratio(every[::-1] if backward else every)


def _bin_means(every: np.ndarray) -> np.ndarray:
    """Average over stretches where there are too many steps."""
    if len(every) <= MOST_STEPS:
        return every
    stretches = np.array_split(every, MOST_STEPS)
    return np.array([one[np.isfinite(one)].mean() if np.isfinite(one).any() else np.nan for one in stretches])
