"""From the description of a model's layers to the Keras layers themselves."""

from functools import singledispatch
from typing import Any

import keras

from components.models import layer_summary as described
from components.models.attention_layers import AdditiveAttention, MultiHeadAttention
from components.models.fused.layers import LAYERS, Bidirectional
from components.models.fused.stacked import stack_layers
from components.models.seeds import Seeds, next_seed
from components.models.summary import ModelSummary

_ATTENTION = {"additive": AdditiveAttention, "dot": keras.layers.Attention}


class KerasLayers:
    """Makes the layers of a model as they are described, each with seeds of its own.

    Args:
        summary: of the model.
        seed: the recipe's.
        members: networks whose layers are stacked; each has a seed one higher than the one before it.
    """

    def __init__(self, summary: ModelSummary, seed: int, members: int = 1):
        self._described = {layer.name: layer for layer in summary.layers}
        self._seeds = [Seeds(next_seed(seed, place)) for place in range(members)]

    def __contains__(self, name: str) -> bool:
        return name in self._described

    def __getitem__(self, name: str) -> Any:
        """Return a new layer of that name."""
        layer = self._described[name]
        many = self._seeds if layer.parameters else self._seeds[:1]
        return stack_layers([_build_layer(layer, seeds) for seeds in many])

    def with_states(self, name: str) -> keras.Layer:
        """Return a new recurrent layer that returns its last states too."""
        layer = self._described[name]
        assert isinstance(layer, described.RecurrentLayer)
        return stack_layers([_recurrent(layer, seeds, return_state=True) for seeds in self._seeds])

    def dropout(self, tensor: keras.KerasTensor, name: str) -> keras.KerasTensor:
        """Return the tensor after that dropout; where the model has none of the name, it is the same."""
        return self[name](tensor) if name in self else tensor


@singledispatch
def _build_layer(layer: described.LayerSummary, seeds: Seeds) -> keras.Layer:
    raise TypeError(f"{layer.name} has nothing to be made")


@_build_layer.register
def _dense(layer: described.Dense, seeds: Seeds) -> keras.Layer:
    return seeds.layer(
        keras.layers.Dense,
        layer.width,
        activation=layer.activation,
        use_bias=layer.use_bias,
        kernel_initializer="zeros" if layer.starts_at_zero else "glorot_uniform",
        name=layer.name,
    )


@_build_layer.register
def _convolution(layer: described.Convolution, seeds: Seeds) -> keras.Layer:
    return seeds.layer(
        keras.layers.Conv1D,
        layer.width,
        layer.kernel,
        strides=layer.stride,
        padding="same" if layer.stride == 1 else "valid",
        activation="relu",
        kernel_initializer="he_uniform",
        name=layer.name,
    )


@_build_layer.register
def _embedding(layer: described.Embedding, seeds: Seeds) -> keras.Layer:
    kind = keras.layers.ReversibleEmbedding if layer.is_reversible else keras.layers.Embedding
    return seeds.layer(kind, layer.tokens, layer.width, name=layer.name)


@_build_layer.register
def _shared_weights(layer: described.SharedWeights, seeds: Seeds) -> keras.Layer:
    # What the other layer makes goes through as it is, under a name of its own.
    return keras.layers.Identity(name=layer.name)


@_build_layer.register
def _dropout(layer: described.Dropout, seeds: Seeds) -> keras.Layer:
    if layer.whole_steps:
        shape = (None, None, 1)
        return seeds.layer(keras.layers.Dropout, layer.rate, noise_shape=shape, name=layer.name)
    kind = keras.layers.SpatialDropout1D if layer.whole_channels else keras.layers.Dropout
    return seeds.layer(kind, layer.rate, name=layer.name)


@_build_layer.register
def _recurrent(layer: described.RecurrentLayer, seeds: Seeds, return_state: bool = False) -> keras.Layer:
    kind, units, name = LAYERS[layer.kind], layer.units, layer.name
    returns = {"return_sequences": layer.returns_sequences, "return_state": return_state}
    if not layer.bidirectional:
        return seeds.layer(kind, units, name=name, **returns)
    # Left to Keras, the layer backward would be a copy of the one forward, seeds included.
    forward = seeds.layer(kind, units, name=f"forward_{name}", **returns)
    backward = seeds.layer(kind, units, name=f"backward_{name}", go_backwards=True, **returns)
    return Bidirectional(forward, backward_layer=backward, name=name)


@_build_layer.register
def _attention(layer: described.Attention, seeds: Seeds) -> keras.Layer:
    return seeds.layer(_ATTENTION[layer.kind], name=layer.name)


@_build_layer.register
def _multi_head_attention(layer: described.MultiHeadAttention, seeds: Seeds) -> keras.Layer:
    return seeds.layer(MultiHeadAttention, layer.heads, layer.width // layer.heads, name=layer.name)


@_build_layer.register
def _normalization(layer: described.Normalization, seeds: Seeds) -> keras.Layer:
    return keras.layers.LayerNormalization(name=layer.name)


@_build_layer.register
def _scale(layer: described.Scale, seeds: Seeds) -> keras.Layer:
    return keras.layers.EinsumDense(
        "btf,f->btf", layer.shape, bias_axes="f", kernel_initializer="ones", name=layer.name
    )
