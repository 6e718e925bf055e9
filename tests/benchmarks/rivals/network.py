"""What every contender of the benchmark of training is given: networks, and how many examples at a time."""

from dataclasses import dataclass
from typing import ClassVar

GATES = {"lstm": 4, "gru": 3, "simple_rnn": 1}


@dataclass(frozen=True)
class Cell:
    """Recurrent layers that read windows of one feature and give one number from their last state."""

    kind: str
    """`lstm`, `gru` or `simple_rnn`"""
    units: int
    steps: int
    """in time"""
    batch: int
    layers: int
    name: ClassVar[str] = "cell"

    def __str__(self) -> str:
        return f"{self.kind} U{self.units} T{self.steps} B{self.batch} ×{self.layers}"

    @property
    def operations(self) -> float:
        """Floating-point operations of the matrix products of one training step.

        Forward, 2 · batch · T · (inputs + units) · gates · units in each layer; backward the same again for
        the weights, and for the inputs and states, save for the inputs of the first layer.
        """
        total = 0
        for layer in range(self.layers):
            inputs = self.units if layer else 1
            once = 2 * self.batch * self.steps * GATES[self.kind] * self.units
            total += once * (2 * (inputs + self.units) + self.units + (inputs if layer else 0))
        return total


@dataclass(frozen=True)
class Characters:
    """A character model: an embedding, LSTMs, and the logits of the next character at every step."""

    batch: int = 50
    steps: int = 50
    units: int = 128
    layers: int = 2
    tokens: int = 80
    embedding: int = 64
    name: ClassVar[str] = "characters"

    def __str__(self) -> str:
        return f"character model {self.layers}×{self.units}, T{self.steps} B{self.batch}"


@dataclass(frozen=True)
class Dates:
    """An encoder–decoder for dates: LSTMs in both directions, then one LSTM with additive attention."""

    batch: int = 100
    source: int = 28
    """characters of the longest date of a batch"""
    answer: int = 11
    """characters of an ISO date and its end"""
    units: int = 32
    sources: int = 70
    """characters that dates are written in"""
    answers: int = 14
    """characters that answers are written in"""
    name: ClassVar[str] = "dates"

    def __str__(self) -> str:
        return f"date translator 2×{self.units}→{2 * self.units}, B{self.batch}"


Network = Cell | Characters | Dates
