"""The cells of Keras' recurrent layers: their kind, and their weights as arrays."""

from typing import Any

import keras
import numpy as np

from components.insight.layer_pass import CellKind, CellWeights

_KINDS: tuple[tuple[type[keras.layers.Layer], CellKind], ...] = (
    (keras.layers.LSTM, "lstm"),
    (keras.layers.GRU, "gru"),
    (keras.layers.SimpleRNN, "simple_rnn"),
)


def kind_of(layer: keras.Layer) -> Any:
    """Return the kind of a recurrent layer's cell; None of any other layer."""
    return next((kind for of, kind in _KINDS if isinstance(layer, of)), None)


def weights_of(layer: keras.Layer) -> CellWeights:
    """Copy the weights of a recurrent layer's cell."""
    cell = layer.cell
    kernel, recurrent = np.array(cell.kernel), np.array(cell.recurrent_kernel)
    after = bool(getattr(cell, "reset_after", False))
    shape = (2, kernel.shape[1]) if after else kernel.shape[1:]
    bias = np.array(cell.bias) if cell.use_bias else np.zeros(shape, kernel.dtype)
    return CellWeights(kernel, recurrent, bias, after)
