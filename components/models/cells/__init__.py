"""The recurrent cells, each described once: builders, drawings, kernels and views go by what stands here."""

from components.models.cells.cell import CANDIDATE, HIDDEN, Cell, Gate, Quantity
from components.models.cells.gru import GRU
from components.models.cells.lstm import LSTM
from components.models.cells.simple_rnn import SIMPLE_RNN

CELLS: dict[str, Cell] = {cell.kind: cell for cell in (SIMPLE_RNN, LSTM, GRU)}
"""The cells by their `kind` in a recipe, the simplest first."""

__all__ = ["CANDIDATE", "CELLS", "HIDDEN", "Cell", "Gate", "Quantity"]
