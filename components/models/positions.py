"""Learned vectors that tell the places of a sequence apart."""

import keras
from keras import ops


def with_positions(sequence: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """Add a learned vector for each place (Gehring et al., 2017) to a sequence of shape (batch, T, width)."""
    _, length, width = sequence.shape
    # The places are counted from the input itself, so that the saved model needs plain Keras only.
    places = ops.cumsum(ops.ones_like(sequence[..., 0], dtype="int32"), axis=1) - 1
    return keras.layers.Add(name=f"with_{name}")(
        [sequence, keras.layers.Embedding(length, width, name=name)(places)]
    )
