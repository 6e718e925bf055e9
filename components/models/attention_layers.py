"""Keras' attention, its weights drawn from seeds of their own."""

from typing import Any, TypeAlias

import keras

from components.models.seeds import Seeds

Shape: TypeAlias = tuple[int | None, ...]


class AdditiveAttention(keras.layers.AdditiveAttention):
    """`keras.layers.AdditiveAttention` whose weight is drawn from the layer's own seed; Keras takes none."""

    __module__ = "keras.layers"  # so that saved files name Keras' layer

    def add_weight(self, *args: Any, **kwargs: Any) -> keras.Variable:
        """Add the one weight that it has."""
        return super().add_weight(
            *args, **kwargs | {"initializer": keras.initializers.GlorotUniform(self.seed)}
        )


class MultiHeadAttention(keras.layers.MultiHeadAttention):
    """`keras.layers.MultiHeadAttention` each of whose four kernels is drawn from a seed of its own.

    Keras copies one initialiser for them all, and its seed with it: queries would begin equal to keys.
    """

    __module__ = "keras.layers"  # so that saved files name Keras' layer

    def build(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> None:
        """Make the weights."""
        super().build(query_shape, value_shape, key_shape)
        seeds = Seeds(self.seed)
        for part in (self.query_dense, self.key_dense, self.value_dense, self.output_dense):
            part.kernel_initializer = keras.initializers.GlorotUniform(seeds.of(part.name))
            part.kernel.assign(part.kernel_initializer(part.kernel.shape))
