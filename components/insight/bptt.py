"""The gradient through time: how much each step's state, and what was read there, weigh in a score."""

from dataclasses import dataclass

import numpy as np

from components.insight.gates import Trace, previous_states, trace
from components.insight.layer_pass import LayerPass
from components.models.cells.arrays import NUMPY

ENDS = 5
"""Steps at either end whose norms the ratio compares."""


@dataclass(frozen=True, eq=False)
class StateGradients:
    """Gradients of a score at every step, in the order of time.

    Where a cell has several states, each gradient says what a change of one does while the others stay,
    through all steps that follow.

    Attributes:
        grad_states: by each state after each step, (batch, T, units).
        grad_x: by what the strand read, (batch, T, features).
        grad_initial_states: by the states before the first step, (batch, units) each.
    """

    grad_states: tuple[np.ndarray, ...]
    grad_x: np.ndarray
    grad_initial_states: tuple[np.ndarray, ...]

    @property
    def grad_h(self) -> np.ndarray:
        """Return the gradient by the hidden state."""
        return self.grad_states[0]


def backpropagate(layer_pass: LayerPass, traced: Trace | None = None) -> StateGradients:
    """Go back through a strand's steps (Werbos, 1990).

    Args:
        layer_pass: seen with `Probe.gradients`.
        traced: what `gates.trace` gave of it, where it is at hand.
    """
    assert layer_pass.grad_outputs is not None
    traced = traced or trace(layer_pass)
    weights, is_shown = layer_pass.weights, output_is_state(layer_pass)
    earlier = [
        previous_states(path, first, layer_pass)
        for path, first in zip(traced.states, layer_pass.initial, strict=True)
    ]
    carried = list(layer_pass.grad_final_states) or [np.zeros_like(first) for first in layer_pass.initial]
    found = tuple(np.empty_like(path) for path in traced.states)
    by_read = np.empty_like(layer_pass.sequence)
    for place in reversed(layer_pass.places):
        carried[0] = carried[0] + layer_pass.grad_outputs[:, place] * is_shown[:, place, None]
        for array, gradient in zip(found, carried, strict=True):
            array[:, place] = gradient
        here = [[path[:, place] for path in paths] for paths in (traced.kept, earlier, traced.states)]
        by_x, by_y, direct = layer_pass.cell.backward(NUMPY, carried, *here)
        through = by_y @ weights.recurrent.T
        back = [through if direct[0] is None else through + direct[0], *direct[1:]]
        read = by_x @ weights.kernel.T
        if layer_pass.present is not None:
            there = layer_pass.present[:, place, None]
            back = [np.where(there, new, old) for new, old in zip(back, carried, strict=True)]
            read = read * there
        by_read[:, place], carried = read, back
    return StateGradients(found, by_read, tuple(carried))


def norms(gradient: np.ndarray, present: np.ndarray | None = None) -> np.ndarray:
    """Return the norm at every step, (T,): the root of the mean of squared lengths over the batch.

    Args:
        gradient: (batch, T, width).
        present: (batch, T), which steps are there; where none is, the norm is NaN.
    """
    squares = np.square(gradient.astype(np.float64)).sum(axis=-1)
    if present is None:
        return np.sqrt(squares.mean(axis=0))
    counts = present.sum(axis=0)
    sums = np.where(present, squares, 0.0).sum(axis=0)
    return np.sqrt(np.divide(sums, counts, out=np.full(len(counts), np.nan), where=counts > 0))


def ratio(norms: np.ndarray, ends: int = ENDS) -> float:
    """Compare the oldest steps' mean norm with the newest ones': 1 means that nothing is lost on the way.

    Args:
        norms: (T,), in the order in which the strand reads; NaN where no step is there.
        ends: steps to take together at either end, fewer where there are not twice as many.

    Returns:
        The ratio; NaN where no step is there, or the newest ones have no gradient at all.
    """
    there = norms[np.isfinite(norms)]
    if not len(there):
        return float("nan")
    many = max(1, min(ends, len(there) // 2))
    first, last = there[:many].mean(), there[-many:].mean()
    return float(first / last) if last > 0 else float("nan")


def output_is_state(layer_pass: LayerPass) -> np.ndarray:
    """Tell at which steps what comes out is the state: (batch, T) bool."""
    if layer_pass.present is None:
        return np.ones(layer_pass.sequence.shape[:2], bool)
    if layer_pass.zeroes_masked_output:
        return layer_pass.present
    ordered = layer_pass.present[:, ::-1] if layer_pass.backward else layer_pass.present
    # Nothing comes out until a step has counted; then what came out last.
    begun = np.maximum.accumulate(ordered, axis=1)
    return begun[:, ::-1] if layer_pass.backward else begun
