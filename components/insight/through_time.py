"""The gradient through time: how much each step's state, and what was read there, weigh in a score."""

from dataclasses import dataclass

import numpy as np

from components.insight.gates import Trace, before, trace
from components.insight.layer_pass import LayerPass

ENDS = 5
"""Steps at either end whose norms the ratio compares."""


@dataclass(frozen=True, eq=False)
class Through:
    """Gradients of a score at every step, in the order of time.

    The state after a step is h, or of an LSTM the pair of h and c: by_h says what a change of h does while c
    stays, by_c what a change of c does while h stays, through all steps that follow.

    Attributes:
        grad_h: (batch, T, units).
        grad_c: the same; None where there is no cell state.
        grad_x: (batch, T, features), by what the strand read.
        grad_initial_states: by the states before the first step, (batch, units) each.
    """

    grad_h: np.ndarray
    grad_c: np.ndarray | None
    grad_x: np.ndarray
    grad_initial_states: tuple[np.ndarray, ...]


def through_time(strand: LayerPass, traced: Trace | None = None) -> Through:
    """Go back through a strand's steps (Werbos, 1990).

    Args:
        strand: seen with `Probe.gradients`.
        traced: what `gates.trace` gave of it, where it is at hand.
    """
    assert strand.grad_outputs is not None
    traced = traced or trace(strand)
    step = {"lstm": _lstm, "gru": _gru, "simple_rnn": _simple_rnn}[strand.kind]
    states = [path for path in (traced.h, traced.c) if path is not None]
    earlier = [before(path, first, strand) for path, first in zip(states, strand.initial, strict=True)]
    carried = list(strand.grad_final_states) or [np.zeros_like(first) for first in strand.initial]
    is_shown = shows(strand)
    found = [np.empty_like(path) for path in states]
    by_x = np.empty_like(strand.sequence)
    for place in reversed(strand.places):
        carried[0] = carried[0] + strand.grad_outputs[:, place] * is_shown[:, place, None]
        for array, gradient in zip(found, carried, strict=True):
            array[:, place] = gradient
        by_inner, back = step(place, carried, strand, traced, earlier)
        by_read = by_inner @ strand.weights.kernel.T
        if strand.present is not None:
            there = strand.present[:, place, None]
            back = [np.where(there, new, old) for new, old in zip(back, carried, strict=True)]
            by_read = by_read * there
        by_x[:, place], carried = by_read, back
    return Through(found[0], found[1] if len(found) > 1 else None, by_x, tuple(carried))


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


def shows(strand: LayerPass) -> np.ndarray:
    """Tell at which steps what comes out is the state: (batch, T) bool."""
    if strand.present is None:
        return np.ones(strand.sequence.shape[:2], bool)
    if strand.zeroes_masked_output:
        return strand.present
    ordered = strand.present[:, ::-1] if strand.backward else strand.present
    # Nothing comes out until a step has counted; then what came out last.
    begun = np.maximum.accumulate(ordered, axis=1)
    return begun[:, ::-1] if strand.backward else begun


# --- One step back of each: the gradients by what enters the cell, and by the states before ---------


def _lstm(place: int, by: list[np.ndarray], strand: LayerPass, traced: Trace, earlier: list[np.ndarray]):
    assert traced.c is not None
    i, f, o = (traced.gates[gate][:, place] for gate in ("i", "f", "o"))
    g, tanh = traced.candidate[:, place], np.tanh(traced.c[:, place])
    by_h, by_c = by
    by_c = by_c + by_h * o * (1 - tanh**2)
    inner = np.concatenate(
        [
            by_c * g * i * (1 - i),
            by_c * earlier[1][:, place] * f * (1 - f),
            by_c * i * (1 - g**2),
            by_h * tanh * o * (1 - o),
        ],
        axis=-1,
    )
    return inner, [inner @ strand.weights.recurrent.T, by_c * f]


def _gru(place: int, by: list[np.ndarray], strand: LayerPass, traced: Trace, earlier: list[np.ndarray]):
    z, r = (traced.gates[gate][:, place] for gate in ("z", "r"))
    g, h, (by_h,) = traced.candidate[:, place], earlier[0][:, place], by
    units, recurrent = strand.units, strand.weights.recurrent
    by_z = by_h * (h - g) * z * (1 - z)
    by_g = by_h * (1 - z) * (1 - g**2)
    for_candidate = recurrent[:, 2 * units :]
    if strand.weights.reset_after:
        held = h @ for_candidate + strand.weights.bias[1][2 * units :]
        by_r = by_g * held * r * (1 - r)
        back = (by_g * r) @ for_candidate.T
    else:
        by_reset = by_g @ for_candidate.T
        by_r = by_reset * h * r * (1 - r)
        back = by_reset * r
    gates = np.concatenate([by_z, by_r], axis=-1)
    back = back + gates @ recurrent[:, : 2 * units].T + by_h * z
    return np.concatenate([gates, by_g], axis=-1), [back]


def _simple_rnn(
    place: int, by: list[np.ndarray], strand: LayerPass, traced: Trace, earlier: list[np.ndarray]
):
    inner = by[0] * (1 - traced.h[:, place] ** 2)
    return inner, [inner @ strand.weights.recurrent.T]
