"""What a forecaster's outputs are judged by: each a mean over a batch and all steps ahead."""

import math
from collections.abc import Sequence
from typing import TypeAlias

import keras
import tensorflow as tf
from keras import ops

from components.models.head_spec import MIN_SPREAD, predicted_quantiles
from components.models.window_scaling import count_mean
from components.recipe import Forecast

Tensor: TypeAlias = keras.KerasTensor


def forecast_loss(task: Forecast, truth: Tensor, outputs: Tensor, offset: float, scale: float) -> Tensor:
    """Judge (batch, horizon, …) outputs by a task's loss, in scaled units.

    Args:
        task: names the loss.
        truth: (batch, horizon).
        outputs: values, quantiles or parameters, as `components.models.window_scaling.head_outputs` gives
            them. offset, scale: of the scaling.
    """
    if task.loss == "quantile":
        return pinball(truth, outputs, predicted_quantiles(task))
    if task.loss == "negative_binomial":
        return negative_binomial(truth, outputs, offset, scale)
    return _BY_NAME[task.loss](truth, outputs)


def mean_squared_error(truth: Tensor, outputs: Tensor) -> Tensor:
    """Mean squared error: the best forecast is the mean."""
    return ops.mean(ops.square(outputs - truth))


def mean_absolute_error(truth: Tensor, outputs: Tensor) -> Tensor:
    """Mean absolute error: the best forecast is the median."""
    return ops.mean(ops.abs(outputs - truth))


def huber(truth: Tensor, outputs: Tensor) -> Tensor:
    """Half the square of errors up to 1, and beyond that their size less a half (Huber, 1964)."""
    error = ops.abs(outputs - truth)
    near = ops.minimum(error, 1.0)
    return ops.mean(near * (error - near / 2))


def pinball(truth: Tensor, outputs: Tensor, quantiles: Sequence[float]) -> Tensor:
    """Quantile loss (Koenker and Bassett, 1978) of (batch, horizon, quantiles), a mean over all of them."""
    missed = truth[..., None] - outputs
    shares = ops.convert_to_tensor(quantiles, dtype=outputs.dtype)
    return ops.mean(ops.maximum(shares * missed, (shares - 1) * missed))


def gaussian(truth: Tensor, outputs: Tensor) -> Tensor:
    """Negative logarithm of the density of a normal distribution; `said` is mean and deviation.

    It counts from the highest density that a spread can have here: so it is never below zero, and charts
    and shares of it mean something.
    """
    mean, deviation = outputs[..., 0], outputs[..., 1]
    square = ops.square((truth - mean) / deviation)
    return ops.mean(square / 2 + ops.log(deviation)) - math.log(MIN_SPREAD)


def student_t(truth: Tensor, outputs: Tensor) -> Tensor:
    """Negative logarithm of Student's density; `said` is place, spread and degrees of freedom.

    It counts from where that of the normal distribution does.
    """
    place, spread, freedom = outputs[..., 0], outputs[..., 1], outputs[..., 2]
    square = ops.square((truth - place) / spread)
    tail = (freedom + 1) / 2 * ops.log1p(square / freedom)
    norm = tf.math.lgamma((freedom + 1) / 2) - tf.math.lgamma(freedom / 2) - ops.log(freedom * math.pi) / 2
    highest = -math.log(MIN_SPREAD) - math.log(2 * math.pi) / 2
    return ops.mean(tail + ops.log(spread) - norm) + highest


def negative_binomial(truth: Tensor, outputs: Tensor, offset: float, scale: float) -> Tensor:
    """Negative logarithm of the chance of a count (Salinas et al., 2020).

    Args:
        truth: (batch, horizon) counts, scaled.
        outputs: (batch, horizon, 2) place, scaled, and α: the variance is μ + α μ² for a mean μ.
        offset, scale: of the scaling.
    """
    count = ops.round(truth * scale + offset)
    mean, alpha = count_mean(outputs[..., 0] * scale + offset, scale), outputs[..., 1]
    shape, share = 1 / alpha, ops.log1p(alpha * mean)
    ways = tf.math.lgamma(count + shape) - tf.math.lgamma(shape) - tf.math.lgamma(count + 1)
    return ops.mean(shape * share + count * (share - ops.log(alpha * mean)) - ways)


_BY_NAME = {
    "mse": mean_squared_error,
    "mae": mean_absolute_error,
    "huber": huber,
    "gaussian": gaussian,
    "student_t": student_t,
}
