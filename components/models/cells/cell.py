"""What a recurrent cell is: its names, its size, and its step forward and back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

Array: TypeAlias = Any
"""(batch, width), of NumPy or of TensorFlow."""


class ArrayNamespace(Protocol):
    """What a step computes with; the module `tensorflow` is one, `NUMPY` beside this file another."""

    def sigmoid(self, x: Array, /) -> Array:
        """Return 1 ÷ (1 + e⁻ˣ)."""

    def tanh(self, x: Array, /) -> Array:
        """Return the hyperbolic tangent."""

    def split(self, x: Array, parts: int, axis: int, /) -> Sequence[Array]:
        """Return equal parts of an array."""

    def concat(self, arrays: Sequence[Array], axis: int, /) -> Array:
        """Return arrays side by side."""


@dataclass(frozen=True)
class Quantity:
    """Something that a cell computes at every step, a number a unit.

    Attributes:
        name: as formulas write it.
        title: as people call it.
        about: what it is, in a sentence.
    """

    name: str
    title: str
    about: str


@dataclass(frozen=True)
class Gate(Quantity):
    """A gate, which goes from 0 to 1.

    Attributes:
        role: what it decides about: what is new, what is kept, or what comes out.
        blocks_at: the end of its range, if there is one, at which nothing enters the memory or leaves it.
    """

    role: Literal["input", "memory", "output"]
    blocks_at: Literal["shut", "open"] | None = None


HIDDEN = Quantity("h", "Hidden state", "The output of the unit after each step.")
CANDIDATE = Quantity("candidate", "Candidate", "New content for the state, if the gates let it in.")
"""From −1 to 1. A cell without gates has none but its hidden state."""

States: TypeAlias = Sequence[Array]
Forward: TypeAlias = Callable[
    [ArrayNamespace, Array, Array, States], tuple[tuple[Array, ...], tuple[Array, ...]]
]
Backward: TypeAlias = Callable[
    [ArrayNamespace, States, Sequence[Array], States, States],
    tuple[Array, Array, tuple[Array | None, ...]],
]


@dataclass(frozen=True)
class Cell:
    """A recurrent cell. Training and the views of what it learnt go through its steps alike.

    A step is given x, the product of what is read with the cell's weights, and y, that of the hidden state
    with the recurrent ones, (batch, blocks · units) each, with the biases in them. So whoever takes the steps
    makes the products, over all steps at once where that is possible.

    Attributes:
        kind: as recipes have it.
        title: as people call it.
        about: what it is good for, in a sentence or two.
        blocks: what its weights are for, in Keras' order, each `units` wide.
        gates: those of its blocks that are gates.
        states: what is carried from step to step; the first is what comes out.
        biases: 1 where x and y enter as their sum, so that one bias is enough; 2 where they enter apart.
        kept: names of what `forward` returns beside the states, for `backward` and for the views; gates and
            candidate are named as in `blocks`.
        forward: (arrays, x, y, states) → the next states, and what is kept, (batch, units) each.
        backward: (arrays, the gradients by the states after the step, what was kept, the states before, the
            states after) → the gradients by x and by y, which are the same where there is one bias, and by
            the states before, beside what goes through y; of the hidden one None: there is nothing beside.
    """

    kind: str
    title: str
    about: str
    blocks: tuple[str, ...]
    gates: tuple[Gate, ...]
    states: tuple[Quantity, ...]
    biases: Literal[1, 2]
    kept: tuple[str, ...]
    forward: Forward
    backward: Backward

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Gates, candidate and states, the hidden one last."""
        return (*self.gates, CANDIDATE, *reversed(self.states))

    def quantity(self, name: str) -> Quantity:
        """Return the gate, the candidate or the state of that name."""
        return next(quantity for quantity in self.quantities if quantity.name == name)

    def parameters(self, inputs: int, units: int) -> int:
        """Return how many numbers a cell learns that reads `inputs` numbers at each step."""
        return len(self.blocks) * units * (inputs + units + self.biases)

    def operations(self, inputs: int, units: int) -> int:
        """Return the multiplications and additions of the products of one step of one example."""
        return 2 * len(self.blocks) * units * (inputs + units)
