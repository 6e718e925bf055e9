"""Learned vectors that tell the places of a sequence apart."""

import keras
from keras import ops

from components.models.keras_layers import KerasLayers


def add_positional_embedding(
    sequence: keras.KerasTensor,
    name: str,
    layers: KerasLayers,
    present: keras.KerasTensor | None = None,
) -> keras.KerasTensor:
    """Add a learned vector for each place (Gehring et al., 2017).

    Args:
        sequence: (batch, T, width).
        name: of the layer that learns them.
        layers: of the model.
        present: (batch, T), False where a step is only filled in: places are counted without those, so that
            filling up changes nothing; None: all are there.
    """
    # The places are counted from the input itself, so that the saved model needs plain Keras only.
    if present is None:
        places = ops.cumsum(ops.ones_like(sequence[..., 0], dtype="int32"), axis=1) - 1
    else:
        places = ops.maximum(ops.cumsum(ops.cast(present, "int32"), axis=1) - 1, 0)
    return keras.layers.Add(name=f"with_{name}")([sequence, layers[name](places)])
