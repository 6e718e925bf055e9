"""The pretrained forecaster as a Keras model, to be trained."""

import keras
from keras import ops

from components.models.fused.layers import GRU
from components.models.pretrained.baselines import BASELINES
from components.models.pretrained.features import AHEAD_WIDTH, CANDIDATES, HISTORY_WIDTH, Variant
from components.models.pretrained.forecaster import UNITS, load_weights
from components.models.seeds import Seeds

_SIMPLE = [BASELINES.index(name) for name in ("naive", "seasonal naive", "seasonal mean", "regression")]


def build_network(variant: Variant, seed: int = 0, padded: bool = False) -> keras.Model:
    """Return a new network: history (batch, n, features), ahead (batch, H, features) and candidates
    (batch, H, candidates) → (batch, H, 5), the quantiles of `QUANTILES`, in units of the features.

    A GRU reads the known rows, another goes over the steps ahead. What comes out weighs the candidates, adds
    a correction to their mean and a distance to each quantile. Untrained, it is the mean of the candidates.

    Args:
        variant: which of the networks.
        seed: of its weights.
        padded: whether rows of the history that hold nothing but 0 are passed over.
    """
    layers = Seeds(seed).layer
    history = keras.Input((None, HISTORY_WIDTH[variant]), name="history")
    ahead = keras.Input((None, AHEAD_WIDTH[variant]), name="ahead")
    candidates = keras.Input((None, CANDIDATES[variant]), name="candidates")
    only = {"mask": ops.any(ops.not_equal(history, 0), axis=-1)} if padded else {}
    state = layers(GRU, UNITS, name="encoder")(history, **only)
    first = layers(keras.layers.Dense, UNITS, "tanh", name="bridge")(state)
    steps = layers(keras.layers.Dense, UNITS, "relu", name="steps")(ahead)
    decoded = layers(GRU, UNITS, return_sequences=True, name="decoder")(steps, initial_state=first)
    both = keras.layers.Concatenate(name="decoded_and_steps")([decoded, steps])
    joined = layers(keras.layers.Dense, UNITS, "relu", name="joint")(both)
    count = CANDIDATES[variant]
    head = layers(keras.layers.Dense, count + 5, kernel_initializer="zeros", name="head")
    quantiles = quantiles_of(head(joined), candidates)
    network = keras.Model([history, ahead, candidates], quantiles, name=f"pretrained_{variant}")
    bias = [0.0] * count + [0.0] + [-0.4] * 4
    if count > 1:  # what is rarely best begins with a smaller weight
        for simple in _SIMPLE:
            bias[simple] = -2.0
    head.bias.assign(bias)
    return network


def load_network(variant: Variant, padded: bool = False) -> keras.Model:
    """Return the network with the weights that come with Unroll; `padded` as in `build_network`."""
    network, weights = build_network(variant, padded=padded), load_weights(variant)
    for weight in network.trainable_variables:
        weight.assign(weights[weight_name(weight)])
    return network


def weight_name(weight: keras.Variable) -> str:
    """Return the layer and the name of a weight, as the forecaster knows them."""
    layer, *_, name = weight.path.split("/")
    return f"{layer}/{name.removesuffix('_kernel')}"


def quantiles_of(outputs: keras.KerasTensor, candidates: keras.KerasTensor) -> keras.KerasTensor:
    """Return the five quantiles, (batch, H, 5), from the head's outputs and the candidates."""
    count = candidates.shape[-1]
    mean = candidates[..., 0]
    if count > 1:
        mean = ops.sum(ops.softmax(outputs[..., :count], axis=-1) * candidates, -1)
    median = mean + outputs[..., count]
    widths = ops.softplus(outputs[..., count + 1 :])
    low, high = median - widths[..., 0], median + widths[..., 1]
    return ops.stack([low - widths[..., 2], low, median, high, high + widths[..., 3]], -1)
