"""One direction of a recurrent layer on one batch: all that its gates, states and gradients follow from."""

from dataclasses import dataclass

import numpy as np

from components.models.cells import Cell


@dataclass(frozen=True, eq=False)
class CellWeights:
    """Of a recurrent cell; blocks as its description has them.

    Attributes:
        kernel: (features, blocks · units).
        recurrent: (units, blocks · units).
        biases: of the product with what is read and, where the cell has two, of that with the hidden state,
            (blocks · units,) each.
    """

    kernel: np.ndarray
    recurrent: np.ndarray
    biases: tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class LayerPass:
    """One direction of one recurrent layer on one batch. Everything is in the order of time.

    Attributes:
        layer: its name.
        cell: the description of its cell.
        backward: whether it reads from the newest step to the oldest.
        weights: of its cell.
        sequence: (batch, T, features), what it read.
        present: (batch, T), False where a step was passed over; None: none was.
        initial: the states before its first step, (batch, units) each.
        zeroes_masked_output: whether what comes out at a step that is passed over is 0, not what came out
            before it.
        grad_outputs: (batch, T, units), gradient of the score by what comes out at each step, all else that
            the strand does held; None where no score was asked for.
        grad_final_states: the same by the states after its last step, (batch, units) each.
    """

    layer: str
    cell: Cell
    backward: bool
    weights: CellWeights
    sequence: np.ndarray
    present: np.ndarray | None
    initial: tuple[np.ndarray, ...]
    zeroes_masked_output: bool = False
    grad_outputs: np.ndarray | None = None
    grad_final_states: tuple[np.ndarray, ...] = ()

    @property
    def units(self) -> int:
        """Numbers that a state has."""
        return self.weights.recurrent.shape[0]

    @property
    def places(self) -> range:
        """The steps in the order in which the strand reads them."""
        steps = range(self.sequence.shape[1])
        return steps[::-1] if self.backward else steps
