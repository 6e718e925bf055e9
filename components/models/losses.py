"""What a forecaster's outputs are judged by: each a mean over a batch and all steps ahead."""

import math
from collections.abc import Sequence
from typing import TypeAlias

import keras
import tensorflow as tf
from keras import ops

from components.models.ends import counted
from components.models.head import LEAST_SPREAD, learnt_quantiles
from components.recipe import Forecast

Tensor: TypeAlias = keras.KerasTensor


def loss_of(task: Forecast, truth: Tensor, said: Tensor, offset: float, scale: float) -> Tensor:
    """Judge (batch, horizon, …) outputs by a task's loss, in scaled units.

    Args:
        task: names the loss.
        truth: (batch, horizon).
        said: values, quantiles or parameters, as `components.models.ends.finished` gives them.
        offset, scale: of the scaling.
    """
    if task.loss == "quantile":
        return pinball(truth, said, learnt_quantiles(task))
    if task.loss == "negative_binomial":
        return negative_binomial(truth, said, offset, scale)
    return _BY_NAME[task.loss](truth, said)


def squared(truth: Tensor, said: Tensor) -> Tensor:
    """Mean squared error: the best forecast is the mean."""
    return ops.mean(ops.square(said - truth))


def absolute(truth: Tensor, said: Tensor) -> Tensor:
    """Mean absolute error: the best forecast is the median."""
    return ops.mean(ops.abs(said - truth))


def huber(truth: Tensor, said: Tensor) -> Tensor:
    """Half the square of errors up to 1, and beyond that their size less a half (Huber, 1964)."""
    error = ops.abs(said - truth)
    near = ops.minimum(error, 1.0)
    return ops.mean(near * (error - near / 2))


def pinball(truth: Tensor, said: Tensor, quantiles: Sequence[float]) -> Tensor:
    """Quantile loss (Koenker and Bassett, 1978) of (batch, horizon, quantiles), a mean over all of them."""
    missed = truth[..., None] - said
    shares = ops.convert_to_tensor(quantiles, dtype=said.dtype)
    return ops.mean(ops.maximum(shares * missed, (shares - 1) * missed))


def gaussian(truth: Tensor, said: Tensor) -> Tensor:
    """Negative logarithm of the density of a normal distribution; `said` is mean and deviation.

    It counts from the highest density that a spread can have here: so it is never below zero, and charts
    and shares of it mean something.
    """
    mean, deviation = said[..., 0], said[..., 1]
    square = ops.square((truth - mean) / deviation)
    return ops.mean(square / 2 + ops.log(deviation)) - math.log(LEAST_SPREAD)


def student_t(truth: Tensor, said: Tensor) -> Tensor:
    """Negative logarithm of Student's density; `said` is place, spread and degrees of freedom.

    It counts from where that of the normal distribution does.
    """
    place, spread, freedom = said[..., 0], said[..., 1], said[..., 2]
    square = ops.square((truth - place) / spread)
    tail = (freedom + 1) / 2 * ops.log1p(square / freedom)
    norm = tf.math.lgamma((freedom + 1) / 2) - tf.math.lgamma(freedom / 2) - ops.log(freedom * math.pi) / 2
    highest = -math.log(LEAST_SPREAD) - math.log(2 * math.pi) / 2
    return ops.mean(tail + ops.log(spread) - norm) + highest


def negative_binomial(truth: Tensor, said: Tensor, offset: float, scale: float) -> Tensor:
    """Negative logarithm of the chance of a count (Salinas et al., 2020).

    Args:
        truth: (batch, horizon) counts, scaled.
        said: (batch, horizon, 2) place, scaled, and α: the variance is μ + α μ² for a mean μ.
        offset, scale: of the scaling.
    """
    count = ops.round(truth * scale + offset)
    mean, alpha = counted(said[..., 0] * scale + offset, scale), said[..., 1]
    shape, share = 1 / alpha, ops.log1p(alpha * mean)
    ways = tf.math.lgamma(count + shape) - tf.math.lgamma(shape) - tf.math.lgamma(count + 1)
    return ops.mean(shape * share + count * (share - ops.log(alpha * mean)) - ways)


_BY_NAME = {
    "mse": squared,
    "mae": absolute,
    "huber": huber,
    "gaussian": gaussian,
    "student_t": student_t,
}
