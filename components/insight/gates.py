"""Gates and states of recurrent layers at every step, worked out from the cell's own weights."""

from dataclasses import dataclass

import numpy as np

from components.insight.layer_pass import LayerPass

GATES = {"lstm": ("i", "f", "o"), "gru": ("z", "r"), "simple_rnn": ()}
"""The gates of each kind of cell, which go from 0 to 1: input, forget and output; update and reset."""
NAMES = {
    "i": "Input gate",
    "f": "Forget gate",
    "o": "Output gate",
    "z": "Update gate",
    "r": "Reset gate",
    "candidate": "Candidate",
    "c": "Cell state",
    "h": "Hidden state",
}
"""Gates and states as people call them."""
SHUT, OPEN = 0.1, 0.9
"""Below and above these a gate is saturated: it hardly learns any more (Karpathy et al., 2016)."""


@dataclass(frozen=True, eq=False)
class Trace:
    """Everything that a strand did, in the order of time, (batch, T, units) each.

    Attributes:
        gates: by the names in `GATES`.
        candidate: what would enter the memory if all gates let it; of a SimpleRNN the same as h.
        h: the hidden state after each step. A step that is passed over leaves it as it was.
        c: the cell state after each step; None where the kind of cell has none.
    """

    gates: dict[str, np.ndarray]
    candidate: np.ndarray
    h: np.ndarray
    c: np.ndarray | None


def trace(strand: LayerPass) -> Trace:
    """Go through a strand step by step.

    LSTM: Gers, Schmidhuber and Cummins (2000); GRU: Cho et al. (2014), reset before or after the candidate's
    product; SimpleRNN: Elman (1990). What the gates of a step that is passed over hold means nothing.
    """
    weights = strand.weights
    if weights.reset_after:
        from_outside, inner = weights.bias
    else:
        from_outside, inner = weights.bias, np.zeros_like(weights.bias)
    x = strand.sequence @ weights.kernel + from_outside
    step = {"lstm": _lstm, "gru": _gru, "simple_rnn": _simple_rnn}[strand.kind]
    state, found = strand.initial, []
    for place in strand.places:
        new, told = step(x[:, place], state, strand, inner)
        if strand.present is not None:
            there = strand.present[:, place, None]
            new = tuple(np.where(there, one, before) for one, before in zip(new, state, strict=True))
        state = new
        found.append((*told, *state))
    turned = found[::-1] if strand.backward else found
    *gates, candidate = GATES[strand.kind] + ("candidate",)
    arrays = [np.stack(values, axis=1) for values in zip(*turned, strict=True)]
    names = [*gates, candidate, "h", "c"][: len(arrays)]
    by_name = dict(zip(names, arrays, strict=True))
    return Trace(
        {gate: by_name[gate] for gate in gates}, by_name["candidate"], by_name["h"], by_name.get("c")
    )


def before(path: np.ndarray, initial: np.ndarray, strand: LayerPass) -> np.ndarray:
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
class Pressed:
    """How much of its time something in a recurrent layer stands next to an end of its range.

    Attributes:
        layer: its name, and that it reads backwards where it does.
        what: a gate, by its letter; or the candidate, which goes from −1 to 1.
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


def pressed(layer: str, traced: Trace, present: np.ndarray | None) -> list[Pressed]:
    """Measure every gate of a layer, and its candidate."""
    every = {**traced.gates, "candidate": 0.5 * (1 + traced.candidate)}
    found = {what: saturation(values, present) for what, values in every.items()}
    return [Pressed(layer, what, one.shut, one.open) for what, one in found.items()]


# --- One step of each ------------------------------------------------------------------------------


def _lstm(x: np.ndarray, state: tuple[np.ndarray, ...], strand: LayerPass, inner: np.ndarray):
    h, c = state
    i, f, g, o = np.split(x + h @ strand.weights.recurrent, 4, axis=-1)
    i, f, g, o = _sigmoid(i), _sigmoid(f), np.tanh(g), _sigmoid(o)
    c = f * c + i * g
    return (o * np.tanh(c), c), (i, f, o, g)


def _gru(x: np.ndarray, state: tuple[np.ndarray, ...], strand: LayerPass, inner: np.ndarray):
    (h,) = state
    recurrent, units = strand.weights.recurrent, strand.units
    y = h @ recurrent[:, : 2 * units] + inner[: 2 * units]
    z, r = np.split(_sigmoid(x[:, : 2 * units] + y), 2, axis=-1)
    for_candidate = recurrent[:, 2 * units :]
    if strand.weights.reset_after:
        held = r * (h @ for_candidate + inner[2 * units :])
    else:
        held = (r * h) @ for_candidate
    g = np.tanh(x[:, 2 * units :] + held)
    return (z * h + (1 - z) * g,), (z, r, g)


def _simple_rnn(x: np.ndarray, state: tuple[np.ndarray, ...], strand: LayerPass, inner: np.ndarray):
    h = np.tanh(x + state[0] @ strand.weights.recurrent)
    return (h,), (h,)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    # By way of tanh: no power of e that overflows.
    return 0.5 * (1 + np.tanh(0.5 * x))
