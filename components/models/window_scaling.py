"""The two ends of a forecaster that the layers between know nothing of: each window's scale, and the head."""

from typing import TypeAlias

import keras
from keras import ops

from components.models.head_spec import MIN_SPREAD, SHARPNESS, HeadSpec
from components.models.keras_layers import KerasLayers

Tensor: TypeAlias = keras.KerasTensor

_EPSILON = 1e-5  # of the variance, as Kim et al. have it
_MOST_STRETCH = 3.0  # of a distance between quantiles, as a power of e
_MIN_ALPHA = 1e-4  # of counts: so little more do they vary than Poisson's
_MIN_DEGREES_OF_FREEDOM = 2.1  # degrees of freedom: above 2 a Student-t distribution has a variance


class WindowScaler:
    """Brings each window to mean 0 and deviation 1 of its own, and forecasts back (RevIN; Kim et al., 2022).

    What is known ahead stays as it is: else a step to come and the same one past would look unlike.

    Args:
        window: (batch, T, features).
        head: says whether, and whether with a learnt factor and shift for each feature.
        layers: of the model.
        start: (batch, horizon, numbers) the forecast that is given with the window; None where none is.
    """

    def __init__(self, window: Tensor, head: HeadSpec, layers: KerasLayers, start: Tensor | None = None):
        self.window = self.scaled = window
        self.start = start
        self.mean: Tensor | None = None
        self.deviation: Tensor | None = None
        if head.window_scaling == "none":
            return
        own = window[:, :, : window.shape[-1] - head.ahead]
        mean = ops.mean(own, axis=1, keepdims=True)
        deviation = ops.sqrt(ops.var(own, axis=1, keepdims=True) + _EPSILON)
        scaled = (own - mean) / deviation
        self.mean, self.deviation = mean[:, :, 0], deviation[:, :, 0]
        if head.window_scaling == "affine":
            learnt = layers["window_scale"]
            scaled = learnt(scaled)
            # The layer itself tells its numbers, so that undoing it needs no layer of our own.
            shift = learnt(ops.zeros_like(own))[:, :1, 0]
            factor = learnt(ops.ones_like(own))[:, :1, 0] - shift
            factor = ops.where(ops.abs(factor) < _EPSILON, _EPSILON, factor)
            self.deviation = self.deviation / factor
            self.mean = self.mean - self.deviation * shift
        known = window[:, :, own.shape[-1] :]
        self.scaled = ops.concatenate([scaled, known], axis=-1) if head.ahead else scaled

    def scale_ahead(self, to_come: Tensor, head: HeadSpec) -> Tensor:
        """Bring the given forecast to the scale of the window, and leave what is known ahead as it is."""
        if self.start is None or self.mean is None or self.deviation is None:
            return to_come
        start = (self.start - self.mean[..., None]) / self.deviation[..., None]
        before, after = to_come[..., : head.ahead], to_come[..., head.ahead + head.start :]
        sides = [side for side in (before, start, after) if side.shape[-1]]
        return ops.concatenate(sides, axis=-1) if len(sides) > 1 else start

    def inverse(self, output: Tensor, ground: Tensor | None) -> Tensor:
        """Bring (batch, horizon, …) back, and add what it stands on."""
        back = output if self.deviation is None else output * _broadcast(self.deviation, output)
        level = self.mean if ground is None else ground
        # The level first: if the batch is as large as the horizon, Keras would take it for a bias.
        return back if level is None else _broadcast(level, output) + back

    def rescale_spread(self, spread: Tensor) -> Tensor:
        """Bring a spread, (batch, horizon), back: nothing is added to it, and it stays above zero."""
        return spread if self.deviation is None else spread * ops.abs(self.deviation)


def head_outputs(outputs: Tensor, scale: WindowScaler, head: HeadSpec) -> Tensor:
    """Make of the last layer's outputs what the loss asks for.

    Args:
        outputs: (batch, horizon), or (batch, horizon, numbers) where there are several.
        scale: of the window.
        head: the end of the model.

    Returns:
        The same shape, in the units that the model sees: values; quantiles, of which none is below one
        that is lower; or the place and the spread of a distribution and what more it needs.
    """
    if scale.start is not None and head.loss == "quantile" and head.start == head.numbers:
        return _moved_quantiles(outputs, scale.start, scale, head.middle)
    ground = (
        _residual_base(scale.window, outputs.shape[1], head) if scale.start is None else scale.start[..., 0]
    )
    if head.numbers == 1:
        return scale.inverse(outputs, ground)
    if head.loss == "quantile":
        return scale.inverse(_ordered_quantiles(outputs, head.middle), ground)
    place = scale.inverse(outputs[..., 0], ground)
    spread = ops.softplus(outputs[..., 1])
    if head.loss == "negative_binomial":
        return ops.stack([place, spread + _MIN_ALPHA], axis=-1)
    parameters = [place, scale.rescale_spread(spread) + MIN_SPREAD]
    if head.loss == "student_t":
        parameters.append(_MIN_DEGREES_OF_FREEDOM + ops.softplus(outputs[..., 2]))
    return ops.stack(parameters, axis=-1)


def point_forecast(outputs: Tensor, head: HeadSpec) -> Tensor:
    """Pick of what `head_outputs` gave the forecast itself, (batch, horizon)."""
    return outputs if head.numbers == 1 else outputs[..., head.middle]


def count_mean(place: Tensor, scale: float) -> Tensor:
    """Return the mean of counts that a place in the counts' own units stands for: the same, but above zero.

    Args:
        place: any numbers.
        scale: what the target was divided by: how far from zero the bend reaches.
    """
    return ops.softplus(place * (SHARPNESS / scale)) * (scale / SHARPNESS)


def _residual_base(window: Tensor, horizon: int, head: HeadSpec) -> Tensor | None:
    """Return what the output is added to, (batch, horizon) or (batch, 1); None for nothing."""
    target, season = window[:, :, 0], head.season
    if head.residual_base == "none":
        return None
    if head.residual_base == "last":
        return target[:, -1:]
    if head.residual_base == "still":
        return ops.zeros_like(target[:, -1:]) + head.zero
    round_year = target[:, target.shape[1] - season :]
    if head.residual_base == "season_of_changes":
        # From the last value to that of a season before the first step ahead: back over the changes between.
        first = head.zero * season - ops.sum(round_year[:, 1:], axis=1, keepdims=True)
        round_year = ops.concatenate([first, round_year[:, 1:]], axis=1)
    return ops.tile(round_year, (1, -(-horizon // season)))[:, :horizon]


def _ordered_quantiles(outputs: Tensor, middle: int) -> Tensor:
    """Make quantiles of any numbers: from the median on, each is further out than the one before."""
    median = outputs[..., middle : middle + 1]
    above = median + ops.cumsum(ops.softplus(outputs[..., middle + 1 :]), axis=-1)
    below = median - ops.flip(
        ops.cumsum(ops.softplus(ops.flip(outputs[..., :middle], axis=-1)), axis=-1), axis=-1
    )
    return ops.concatenate([below, median, above], axis=-1)


def _moved_quantiles(outputs: Tensor, start: Tensor, scale: WindowScaler, middle: int) -> Tensor:
    """Move the median of given quantiles by one output, and stretch each distance by a power of e of another.

    Outputs of zero leave all of them where they are.
    """
    median = scale.inverse(outputs[..., middle], start[..., middle])[..., None]
    stretch = ops.exp(ops.clip(outputs, -_MOST_STRETCH, _MOST_STRETCH))
    gaps = start[..., 1:] - start[..., :-1]
    above = median + ops.cumsum(gaps[..., middle:] * stretch[..., middle + 1 :], axis=-1)
    below = ops.flip(gaps[..., :middle] * stretch[..., :middle], axis=-1)
    below = median - ops.flip(ops.cumsum(below, axis=-1), axis=-1)
    return ops.concatenate([below, median, above], axis=-1)


def _broadcast(tensor: Tensor, output: Tensor) -> Tensor:
    return tensor[..., None] if len(output.shape) == 3 else tensor
