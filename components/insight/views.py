"""What a page asks to see inside a model, and what it is shown: the app asks, a worker answers."""

from dataclasses import dataclass

import numpy as np

from components.insight.example import Asked, Shown

# --- Asked -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeeAttention:
    """Where the model looks for one of its answers, and what other ways of asking say.

    Attributes:
        asked: the example.
        answer: which of the example's answers; None: the one worth asking about first.
        layer: which layer with attention; None: the last.
        head: which of its heads; None: their mean.
    """

    asked: Asked
    answer: int | None = None
    layer: int | None = None
    head: int | None = None


@dataclass(frozen=True)
class SeeMemory:
    """Gates and states of a direction of a recurrent layer at every step of an example."""

    asked: Asked
    strand: int = 0


@dataclass(frozen=True)
class SeeStretches:
    """Where in all of the data a unit's hidden state is highest, or lowest."""

    strand: int
    unit: int
    lowest: bool = False


@dataclass(frozen=True)
class SeeReach:
    """How far back the model looks, now and at earlier steps of its training.

    Attributes:
        earlier: steps of the training whose weights were kept.
    """

    earlier: tuple[int, ...] = ()


View = SeeAttention | SeeMemory | SeeStretches | SeeReach

# --- Shown -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Attention:
    """Of an example of S steps.

    Attributes:
        shown: the example.
        answer: the one asked about.
        layers: names of the layers that say where they look; none where the model has no attention.
        layer: the one shown.
        heads: how many it has.
        rows: names of the rows of `weights`.
        columns: names of its columns: the S steps, or where an answer looks at itself what it had written.
        weights: (rows, columns), each row adding up to 1 if all of it is on these; None without attention.
        attention: (S,) the answer's own weights, that layer's mean over its heads or the head asked for;
            None where the layer looks at none of the steps.
        occlusion: (S,) how much the answer's score falls when the step is left out.
        gradient: (S,) gradient of the score times what was read, summed over the numbers of the step.
        with_occlusion: Spearman's rank correlation of attention with the size of `occlusion`; None where
            there is none, or too few steps.
        with_gradient: the same with the size of `gradient`.
        of_others: the same of `occlusion` with `gradient`, which both need no attention.
    """

    shown: Shown
    answer: int
    layers: tuple[str, ...]
    layer: int
    heads: int
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    weights: np.ndarray | None
    attention: np.ndarray | None
    occlusion: np.ndarray
    gradient: np.ndarray
    with_occlusion: float | None
    with_gradient: float | None
    of_others: float | None


@dataclass(frozen=True, eq=False)
class Gate:
    """A gate or a state of the units that are shown.

    Attributes:
        name: i, f, o, z, r, candidate, h or c.
        values: (units, S).
        shut: share of its values over all units below 0.1; None where it is no gate.
        open: share above 0.9.
    """

    name: str
    values: np.ndarray
    shut: float | None = None
    open: float | None = None


@dataclass(frozen=True, eq=False)
class Memory:
    """Of an example of S steps.

    Attributes:
        shown: the example.
        strands: names of the directions of all recurrent layers; none where the model has none.
        strand: the one shown.
        kind: of its cell.
        units: (U,) the numbers of those shown, in the order of what they respond to.
        responds: (U,) what that is: correlation of h with the first channel; of tokens the place where h is
            strongest.
        gates: gates and states.
        all_units: how many there are.
    """

    shown: Shown
    strands: tuple[str, ...]
    strand: int
    kind: str
    units: np.ndarray
    responds: np.ndarray
    gates: tuple[Gate, ...]
    all_units: int


@dataclass(frozen=True, eq=False)
class Stretch:
    """A few steps around one where a unit is high.

    Attributes:
        names: of the steps.
        values: (steps,) of the first channel, in its own unit; None where they are tokens.
        activity: (steps,) of the unit's hidden state.
        peak: which of the steps is the high one.
    """

    names: tuple[str, ...]
    values: np.ndarray | None
    activity: np.ndarray
    peak: int


@dataclass(frozen=True, eq=False)
class Stretches:
    """The stretches where a unit is highest (or lowest), the furthest first, among so many examples."""

    stretches: tuple[Stretch, ...]
    examples: int
    channel: str
    lowest: bool = False


@dataclass(frozen=True, eq=False)
class Reach:
    """How much an answer changes with what was read k steps before its end.

    Attributes:
        answer: the one asked about, in words; "" where each example has its own, the right one.
        examples: over which is averaged.
        influence: (K,) size of the gradient of the answer by what was read at k = 0, 1, …
        steps: of the training, of the rows of `earlier`.
        earlier: (steps, K) the same with the weights of then.
    """

    answer: str
    examples: int
    influence: np.ndarray
    steps: tuple[int, ...]
    earlier: np.ndarray


def half_life(influence: np.ndarray) -> int:
    """Give the number of newest steps that hold half of all influence, (K,) from the newest on."""
    total = influence.sum()
    if not total > 0:
        return 0
    return int(np.searchsorted(np.cumsum(influence), total / 2)) + 1
