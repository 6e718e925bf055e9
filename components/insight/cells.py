"""The cells of Keras' recurrent layers: their kind, and their weights as arrays."""

from typing import Any

import keras
import numpy as np

from components.insight.strand import Kind, Weights

_KINDS: tuple[tuple[type[keras.layers.Layer], Kind], ...] = (
    (keras.layers.LSTM, "lstm"),
    (keras.layers.GRU, "gru"),
    (keras.layers.SimpleRNN, "simple_rnn"),
)


def kind_of(layer: keras.Layer) -> Any:
    """Give the kind of a recurrent layer's cell; None of any other layer."""
    return next((kind for of, kind in _KINDS if isinstance(layer, of)), None)


def weights_of(layer: keras.Layer) -> Weights:
    """Copy the weights of a recurrent layer's cell."""
    cell = layer.cell
    kernel, recurrent = np.array(cell.kernel), np.array(cell.recurrent_kernel)
    after = bool(getattr(cell, "reset_after", False))
    shape = (2, kernel.shape[1]) if after else kernel.shape[1:]
    bias = np.array(cell.bias) if cell.use_bias else np.zeros(shape, kernel.dtype)
    return Weights(kernel, recurrent, bias, after)
