"""Waves that tell the places of a sequence apart, however long it is."""

import math

import keras
import numpy as np
from keras import ops


def add_positional_encoding(tokens: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Add sines and cosines of each place (Vaswani et al., 2017, section 3.5), sines first.

    Args:
        tokens: (batch, T, width), as an embedding gives them: they are brought to the waves' size.
        name: of the layer that adds the two.
    """
    width = tokens.shape[-1]
    # The places are counted from the input itself, so that the saved model needs plain Keras only.
    places = ops.cast(ops.cumsum(ops.ones_like(tokens[..., 0], dtype="int32"), axis=1) - 1, "float32")
    half = (width + 1) // 2
    rates = np.exp(-math.log(10_000) / half * np.arange(half)).astype(np.float32)
    angles = places[..., None] * rates
    waves = ops.concatenate([ops.sin(angles), ops.cos(angles)], axis=-1)[..., :width]
    return keras.layers.Add(name=name)([tokens * math.sqrt(width), waves])
