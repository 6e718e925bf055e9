"""The pretrained network, made ready to learn on from the series of one run."""

import keras
import numpy as np
from keras import ops

from components.models.head_spec import FORECASTER
from components.models.pretrained.network import load_network

Tensor = keras.KerasTensor


def build_fine_tuned(
    horizon: int, quantiles: np.ndarray, offset: float, scale: float, lowest: float | None
) -> keras.Model:
    """Return the network with all its weights, which begins as the forecast that it gives untrained.

    It takes history, ahead and candidates as the network does; the place of its unit, (batch, 2), what is 0
    there and how large 1 is; and the start, (batch, horizon, numbers). It gives (batch, horizon, numbers), or
    (batch, horizon) of one: the start, and the difference between what it says by now and that, which goes
    through the layer `forecast`. That only passes it on; λ is put into it (Wortsman et al., 2022, weigh a
    network that was learnt on against the one that it was, too).

    Args:
        horizon: steps ahead.
        quantiles: (5, numbers) what is made of the network's quantiles.
        offset, scale: of the numbers that come out, where they are logarithms.
        lowest: what lies below it is taken as this before the logarithm; None where none is taken.
    """
    network = load_network("stack", padded=True)
    numbers = quantiles.shape[1]
    place = keras.Input((2,), name="place")
    start = keras.Input((horizon, numbers), name="start")
    said = network.outputs[0] * place[:, None, 1:] + place[:, None, :1]
    said = ops.matmul(said, quantiles.astype(np.float32))
    if lowest is not None:
        said = (ops.log(ops.maximum(said, lowest)) - offset) / scale
    learnt = keras.layers.Dense(numbers, kernel_initializer="identity", trainable=False, name="forecast")
    outputs = start + learnt(said - start)
    outputs = outputs if numbers > 1 else outputs[..., 0]
    return keras.Model([*network.inputs, place, start], outputs, name=FORECASTER)
