"""The layers of a model as they are described: told without TensorFlow, drawn by pages, made by builders."""

from dataclasses import dataclass
from math import prod
from typing import Literal

from components.models.cells import CELLS


@dataclass(frozen=True)
class LayerSummary:
    """One layer, without weights if it is of no class of its own.

    Attributes:
        name: the built layer's own.
        title: as people call it.
        shape: of its output, without the batch.
        note: what it is there for.
    """

    name: str
    title: str
    shape: tuple[int, ...]
    note: str = ""

    @property
    def width(self) -> int:
        """Numbers that come out at each step."""
        return self.shape[-1]

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return 0

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return 0

    @property
    def turns(self) -> int:
        """Steps of a forward pass that must wait for each other."""
        return 0

    @property
    def kept(self) -> int:
        """Numbers of one example that a training step has in memory at once because of this layer."""
        return prod(self.shape)


@dataclass(frozen=True, kw_only=True)
class Dense(LayerSummary):
    """A dense layer, which reads `inputs` numbers at each step."""

    inputs: int
    activation: Literal["tanh", "relu", "gelu"] | None = None
    use_bias: bool = True
    starts_at_zero: bool = False

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return (self.inputs + self.use_bias) * self.width

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return 2 * self.inputs * prod(self.shape)

    @property
    def kept(self) -> int:
        """Numbers of one example: what comes out, its gradient, and what an activation was given."""
        return (3 if self.activation else 2) * prod(self.shape)


@dataclass(frozen=True, kw_only=True)
class Convolution(LayerSummary):
    """Looks for patterns of `kernel` steps of `inputs` numbers each, at every step or at one of `stride`."""

    inputs: int
    kernel: int
    stride: int = 1

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return (self.kernel * self.inputs + 1) * self.width

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return 2 * self.kernel * self.inputs * prod(self.shape)

    @property
    def kept(self) -> int:
        """Numbers of one example: what comes out, its gradient, and what a copy of the steps takes."""
        return 2 * prod(self.shape) + self.kernel * self.inputs * self.shape[0]


@dataclass(frozen=True, kw_only=True)
class Embedding(LayerSummary):
    """A vector for each of `tokens`, or of places.

    Attributes:
        is_reversible: whether the same weights give a logit for each token, too.
    """

    tokens: int
    is_reversible: bool = False

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return self.tokens * self.width


@dataclass(frozen=True, kw_only=True)
class SharedWeights(LayerSummary):
    """What the weights of another layer make: it has none of its own.

    Attributes:
        inputs: numbers that are multiplied at each step; 0 where vectors are looked up.
    """

    inputs: int = 0

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return 2 * self.inputs * prod(self.shape)

    @property
    def kept(self) -> int:
        """Numbers of one example: what comes out, and its gradient."""
        return 2 * prod(self.shape)


@dataclass(frozen=True, kw_only=True)
class Dropout(LayerSummary):
    """Forgets a share of the signals while it learns: single ones, whole channels, or whole steps."""

    rate: float
    whole_channels: bool = False
    whole_steps: bool = False


@dataclass(frozen=True, kw_only=True)
class RecurrentLayer(LayerSummary):
    """Steps of a cell over a sequence, (steps, inputs), in one direction or in both."""

    kind: str
    units: int
    inputs: int
    steps: int
    bidirectional: bool = False

    @property
    def returns_sequences(self) -> bool:
        """Whether the states of all steps come out, not the last alone."""
        return len(self.shape) > 1

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return self._directions * CELLS[self.kind].parameters(self.inputs, self.units)

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return self.turns * CELLS[self.kind].operations(self.inputs, self.units)

    @property
    def turns(self) -> int:
        """Steps of a forward pass that must wait for each other."""
        return self._directions * self.steps

    @property
    def kept(self) -> int:
        """Numbers of one example: what was read, and every block, state and gate of every step."""
        cell = CELLS[self.kind]
        # Blocks and their gradient by what is read and by the state; states, those before, their gradient.
        numbers = (1 + cell.biases) * len(cell.blocks) + 3 * len(cell.states) + len(cell.kept)
        return self.turns * (numbers * self.units + self.inputs)

    @property
    def _directions(self) -> int:
        return 2 if self.bidirectional else 1


@dataclass(frozen=True, kw_only=True)
class Attention(LayerSummary):
    """Attention of each step that comes out to `looked_at` others."""

    kind: Literal["additive", "dot"]
    looked_at: int

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return self.width if self.kind == "additive" else 0

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return (5 if self.kind == "additive" else 4) * self.looked_at * prod(self.shape)

    @property
    def kept(self) -> int:
        """Numbers of one example: a weight for each step that is looked at; additive, a vector for each."""
        numbers = 5 * self.width if self.kind == "additive" else 4
        return self.shape[0] * self.looked_at * numbers


@dataclass(frozen=True, kw_only=True)
class MultiHeadAttention(LayerSummary):
    """Attention with several heads to `looked_at` steps of the same width."""

    heads: int
    looked_at: int

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return 4 * self.width * (self.width + 1)

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        steps, units = self.shape
        return 4 * units * units * (steps + self.looked_at) + 4 * steps * self.looked_at * units

    @property
    def kept(self) -> int:
        """Numbers of one example: queries, keys, values and answers, and each head's weights."""
        steps, units = self.shape
        return 4 * units * (steps + self.looked_at) + 4 * self.heads * steps * self.looked_at


@dataclass(frozen=True)
class Normalization(LayerSummary):
    """Brings the numbers of each step to mean 0 and deviation 1, then to what it learns."""

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return 2 * self.width


@dataclass(frozen=True)
class Scale(LayerSummary):
    """A factor and a shift for each feature."""

    @property
    def parameters(self) -> int:
        """Numbers that it learns."""
        return 2 * self.width

    @property
    def work(self) -> float:
        """Multiplications and additions of one forward pass of one example."""
        return 2 * prod(self.shape)
