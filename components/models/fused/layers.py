"""Keras' recurrent layers, sooner: one class for each kind of cell."""

from typing import Any

import keras
import tensorflow as tf

from components.models.cells.gru import GRU as GRU_CELL
from components.models.cells.lstm import LSTM as LSTM_CELL
from components.models.cells.simple_rnn import SIMPLE_RNN
from components.models.fused import block_lstm
from components.models.fused.base import Fused, Kernel


class SimpleRNN(Fused, keras.layers.SimpleRNN):
    """`keras.layers.SimpleRNN`."""

    __module__ = "keras.layers"  # so that saved files name Keras' layer
    description = SIMPLE_RNN

    def get_config(self) -> dict[str, Any]:
        """Return the configuration, with the seed, which Keras leaves out of this layer's alone."""
        return super().get_config() | {"seed": self.cell.seed}


class LSTM(Fused, keras.layers.LSTM):
    """`keras.layers.LSTM`, a narrow one in TensorFlow's kernel for all steps."""

    __module__ = "keras.layers"
    description = LSTM_CELL

    def kernel(self, training: bool) -> Kernel:
        """Return the function (T, batch, features), (batch, units), (batch, units) → (all h, all c)."""
        if training and self.units >= block_lstm.WIDE:
            return super().kernel(training)
        weights, recurrent, (bias,) = self.cell_weights()
        both = tf.concat([weights, recurrent], 0)
        return lambda x, h, c: block_lstm.run(x, h, c, both, bias)


class GRU(Fused, keras.layers.GRU):
    """`keras.layers.GRU`; one that resets before the candidate's product is left to Keras."""

    __module__ = "keras.layers"
    description = GRU_CELL

    def why_unsuitable(self, training: bool) -> str:
        """Return in words what the kernels can't do; nothing if they can do it all."""
        return super().why_unsuitable(training) or (
            "" if self.reset_after else "it resets before the product"
        )


LAYERS: dict[str, type[Fused]] = {layer.description.kind: layer for layer in (SimpleRNN, LSTM, GRU)}
"""The layers by their `kind` in a recipe."""


class Bidirectional(keras.layers.Bidirectional):
    """`keras.layers.Bidirectional` that keeps the fused layers it is given."""

    __module__ = "keras.layers"

    def __init__(self, *args: Any, **kwargs: Any):
        # Keras makes both directions from the layer's saved form, which names Keras' own layers.
        with keras.saving.custom_object_scope({layer.__name__: layer for layer in LAYERS.values()}):
            super().__init__(*args, **kwargs)
