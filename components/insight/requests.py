"""What a page asks to see inside a model, and what it is shown: the app asks, a worker answers."""

from dataclasses import dataclass

import numpy as np

from components.insight.example import ExampleChoice, ExampleView

# --- Asked -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AttentionRequest:
    """Where the model looks for one of its answers, and what other ways of asking say.

    Attributes:
        example: the example.
        answer: which of the example's answers; None: the one worth asking about first.
        layer: which layer with attention; None: the last.
        head: which of its heads; None: their mean.
    """

    example: ExampleChoice
    answer: int | None = None
    layer: int | None = None
    head: int | None = None


@dataclass(frozen=True)
class GateActivityRequest:
    """Gates and states of a direction of a recurrent layer at every step of an example."""

    example: ExampleChoice
    layer_pass: int = 0


@dataclass(frozen=True)
class TopActivationsRequest:
    """Where in all of the data a unit's hidden state is highest, or lowest."""

    layer_pass: int
    unit: int
    lowest: bool = False


@dataclass(frozen=True)
class InfluenceRequest:
    """How far back the model looks, now and at earlier steps of its training.

    Attributes:
        earlier: steps of the training whose weights were kept.
    """

    earlier: tuple[int, ...] = ()


InspectionRequest = AttentionRequest | GateActivityRequest | TopActivationsRequest | InfluenceRequest

# --- Shown -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class AttentionView:
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
        attention_occlusion_correlation: Spearman's rank correlation of attention with the size of
            `occlusion`; None where there is none, or too few steps.
        attention_gradient_correlation: the same with the size of `gradient`.
        occlusion_gradient_correlation: the same of `occlusion` with `gradient`, which both need no attention.
    """

    shown: ExampleView
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
    attention_occlusion_correlation: float | None
    attention_gradient_correlation: float | None
    occlusion_gradient_correlation: float | None


@dataclass(frozen=True, eq=False)
class GateView:
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
class GateActivityView:
    """Of an example of S steps.

    Attributes:
        shown: the example.
        layer_passes: names of the directions of all recurrent layers; none where the model has none.
        layer_pass: the one shown.
        kind: of its cell.
        units: (U,) the numbers of those shown, in the order of what they respond to.
        responds: (U,) what that is: correlation of h with the first channel; of tokens the place where h is
            strongest.
        gates: gates and states.
        all_units: how many there are.
    """

    shown: ExampleView
    layer_passes: tuple[str, ...]
    layer_pass: int
    kind: str
    units: np.ndarray
    responds: np.ndarray
    gates: tuple[GateView, ...]
    all_units: int


@dataclass(frozen=True, eq=False)
class ActivationView:
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
class TopActivationsView:
    """The stretches where a unit is highest (or lowest), the furthest first, among so many examples."""

    stretches: tuple[ActivationView, ...]
    examples: int
    channel: str
    lowest: bool = False


@dataclass(frozen=True, eq=False)
class InfluenceView:
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
    """Return the number of newest steps that hold half of all influence, (K,) from the newest on."""
    total = influence.sum()
    if not total > 0:
        return 0
    return int(np.searchsorted(np.cumsum(influence), total / 2)) + 1
