"""Gates and states of recurrent layers at every step, by the step that training takes."""

from dataclasses import dataclass

import numpy as np

from components.insight.layer_pass import LayerPass
from components.models.cells import CANDIDATE, Cell
from components.models.cells.arrays import NUMPY

SHUT, OPEN = 0.1, 0.9
"""Below and above these a gate is saturated: it hardly learns any more (Karpathy et al., 2016)."""


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything that a strand did, in the order of time, (batch, T, units) each.

    Attributes:
        cell: the description of its cell.
        states: after each step, as the cell has them. A step that is passed over leaves them as they were.
        kept: what the cell's step forward keeps. What it holds at a step that is passed over means nothing.
    """

    cell: Cell
    states: tuple[np.ndarray, ...]
    kept: tuple[np.ndarray, ...]

    @property
    def h(self) -> np.ndarray:
        """The hidden state."""
        return self.states[0]

    @property
    def quantities(self) -> dict[str, np.ndarray]:
        """Gates, candidate and states by their names, in the order in which the cell has them."""
        named = dict(zip(self.cell.kept, self.kept, strict=True))
        named |= {state.name: path for state, path in zip(self.cell.states, self.states, strict=True)}
        return {one.name: named[one.name] for one in self.cell.quantities if one.name in named}

    @property
    def gates(self) -> dict[str, np.ndarray]:
        """The gates by their names."""
        return {gate.name: self.quantities[gate.name] for gate in self.cell.gates}

    @property
    def candidate(self) -> np.ndarray:
        """What would enter the memory if all gates let it; of a cell without gates the hidden state."""
        return self.quantities.get(CANDIDATE.name, self.h)


def trace(layer_pass: LayerPass) -> Trace:
    """Go through a strand step by step."""
    cell, weights = layer_pass.cell, layer_pass.weights
    bias, *inner = weights.biases
    x = layer_pass.sequence @ weights.kernel + bias
    states, found = layer_pass.initial, []
    for place in layer_pass.places:
        y = sum(inner, states[0] @ weights.recurrent)
        new, kept = cell.forward(NUMPY, x[:, place], y, states)
        if layer_pass.present is not None:
            there = layer_pass.present[:, place, None]
            new = tuple(np.where(there, one, before) for one, before in zip(new, states, strict=True))
        states = new
        found.append((*states, *kept))
    turned = found[::-1] if layer_pass.backward else found
    arrays = tuple(np.stack(values, axis=1) for values in zip(*turned, strict=True))
    return Trace(cell, arrays[: len(cell.states)], arrays[len(cell.states) :])


def previous_states(path: np.ndarray, initial: np.ndarray, strand: LayerPass) -> np.ndarray:
    """Return the state that each step began with, (batch, T, units), of those that all ended with."""
    if strand.backward:
        return np.concatenate([path[:, 1:], initial[:, None]], axis=1)
    return np.concatenate([initial[:, None], path[:, :-1]], axis=1)


@dataclass(frozen=True)
class Saturation:
    """How much of its time a gate is next to shut or next to open: shares from 0 to 1.

    Attributes:
        shut: below `SHUT`.
        open: above `OPEN`.
    """

    shut: float
    open: float

    @property
    def either(self) -> float:
        """The share of both."""
        return self.shut + self.open


def saturation(gate: np.ndarray, present: np.ndarray | None) -> Saturation:
    """Measure a gate, (batch, T, units), over all steps that are there."""
    counted = gate if present is None else gate[present]
    if not counted.size:
        return Saturation(0.0, 0.0)
    return Saturation(float(np.mean(counted < SHUT)), float(np.mean(counted > OPEN)))


@dataclass(frozen=True)
class RangeEndShares:
    """How much of its time something in a recurrent layer stands next to an end of its range.

    Attributes:
        layer: its name, and that it reads backwards where it does.
        what: a gate, by its name; or the candidate, which goes from −1 to 1.
        low: share of all steps and units, from 0 to 1, in the lowest tenth of the range.
        high: the same of the highest.
    """

    layer: str
    what: str
    low: float
    high: float

    @property
    def either(self) -> float:
        """The share of both."""
        return self.low + self.high


def range_end_shares(layer: str, traced: Trace, present: np.ndarray | None) -> list[RangeEndShares]:
    """Measure every gate of a layer, and its candidate."""
    every = {**traced.gates, "candidate": 0.5 * (1 + traced.candidate)}
    found = {what: saturation(values, present) for what, values in every.items()}
    return [RangeEndShares(layer, what, one.shut, one.open) for what, one in found.items()]
