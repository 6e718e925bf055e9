"""Two of the fused layers, one for each direction."""

from typing import Any

import keras

from components.models.fused.gru import GRU
from components.models.fused.lstm import LSTM
from components.models.fused.simple_rnn import SimpleRNN


class Bidirectional(keras.layers.Bidirectional):
    """`keras.layers.Bidirectional` that keeps the fused layers it is given."""

    __module__ = "keras.layers"  # so that saved files name Keras' layer

    def __init__(self, *args: Any, **kwargs: Any):
        # Keras makes both directions from the layer's saved form, which names Keras' own layers.
        with keras.saving.custom_object_scope({layer.__name__: layer for layer in (LSTM, GRU, SimpleRNN)}):
            super().__init__(*args, **kwargs)
