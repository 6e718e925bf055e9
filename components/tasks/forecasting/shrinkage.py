"""How much of what a network has learnt is added to the forecast that it started from."""

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from components.models.head_spec import HeadSpec
from components.tasks.forecasting.problem import ForecastProblem
from components.tasks.forecasting.result import Shrinkage

if TYPE_CHECKING:
    import keras

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_FOLDS = 5
_FEWEST_ORIGINS = 4
_HEADS = ("forecast", "forecast_ahead")
"""Layers whose sum is added to the start."""


def shrink(
    problem: ForecastProblem, outputs: Callable[[np.ndarray], np.ndarray], model: "keras.Model | None"
) -> Shrinkage | None:
    """Choose λ in forecast = start + λ · network by the validation set, and build it into the model.

    The origins of the validation set are gone through in time: each fold is forecast with the λ that was best
    on those before it. Only if that comes closer than the start alone is anything added.

    Args:
        problem: the series.
        outputs: maps examples to the trained model's outputs, whatever weights it has at the time.
        model: whose last layer is shrunk; None where there is none to shrink.

    Returns:
        None where the forecast starts from nothing, or feeds itself back step by step.
    """
    if model is None or not problem.has_start or problem.task.strategy == "recursive":
        return None
    heads = [layer.get_weights() for layer in _head_layers(model)]
    if not any(weight.any() for weights in heads for weight in weights):
        error = float(_errors(problem, outputs).mean())
        return Shrinkage(0.0, error, error, origins=0)
    errors = []
    for weight in WEIGHTS:
        _assign(model, heads, problem.head, weight)
        errors.append(_errors(problem, outputs))
    if np.allclose(errors, errors[0], rtol=1e-5, atol=1e-6):
        _assign(model, heads, problem.head, 0.0)
        return Shrinkage(0.0, float(np.mean(errors[0])), float(np.mean(errors[0])), origins=0)
    chosen = choose_weight(np.array(errors))
    _assign(model, heads, problem.head, WEIGHTS[chosen])
    means = np.mean(errors, axis=1)
    return Shrinkage(WEIGHTS[chosen], float(means[0]), float(means[chosen]), len(errors[0]))


def apply_shrinkage(model: "keras.Model", head: HeadSpec, weight: float) -> None:
    """Multiply what a trained model adds to its start."""
    _assign(model, [layer.get_weights() for layer in _head_layers(model)], head, weight)


def is_start_alone(head: HeadSpec, shrinkage: Shrinkage | None) -> bool:
    """Return whether nothing that was learnt is in a forecast, nor in how uncertain it says it is."""
    if shrinkage is None or shrinkage.weight > 0:
        return False
    return bool(_moves_place(head, head.numbers).all())


def choose_weight(errors: np.ndarray) -> int:
    """Return the place of the best weight; 0 unless more than nothing would have paid off at every fold.

    Args:
        errors: (weights, N) of each weight at each origin, in the order of time; the first adds nothing.
    """
    origins = errors.shape[1]
    if origins < _FEWEST_ORIGINS:
        return 0
    borders = np.linspace(0, origins, min(_FOLDS, origins) + 1).round().astype(int)
    rolled = start = 0.0
    for begin, end in pairwise(borders[1:]):
        best = errors[:, :begin].mean(1).argmin()
        rolled += errors[best, begin:end].sum()
        start += errors[0, begin:end].sum()
    return int(errors.mean(1).argmin()) if rolled < start else 0


def _errors(problem: ForecastProblem, outputs: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Return the mean absolute error at each origin of the validation set, over all series, scaled."""
    found = []
    for place, one in ((0, problem), *problem.tested):
        if one.is_new:  # there may be nothing of it in the validation set
            continue
        first = problem.first_example_of(place) if place else 0
        forecasts = one.forecasts(shifted_outputs(outputs, first), one.validation)
        missed = np.abs(one.to_error_scale(forecasts) - one.to_error_scale(one.truth(one.validation)))
        found.append(missed.mean(1) / one.scaler.scale[0])
    fewest = min(map(len, found))
    return np.mean([errors[-fewest:] for errors in found], axis=0)


def shifted_outputs(outputs: Callable[[np.ndarray], np.ndarray], first: int) -> Callable[..., np.ndarray]:
    """Return the outputs of one of several series by the numbers that its own examples have."""
    return lambda examples: outputs((examples + first).astype(np.int32))


def _head_layers(model: "keras.Model") -> list["keras.Layer"]:
    from components.models.ensemble import layers_of  # noqa: PLC0415 - brings in TensorFlow

    return [layer for layer in layers_of(model) if layer.name in _HEADS]


def _assign(model: "keras.Model", heads: list[list[np.ndarray]], head: HeadSpec, weight: float) -> None:
    for layer, (kernel, bias) in zip(_head_layers(model), heads, strict=True):
        factors = np.where(_moves_place(head, bias.shape[-1]), np.float32(weight), np.float32(1))
        layer.set_weights([kernel * factors, bias * factors])


def _moves_place(head: HeadSpec, width: int) -> np.ndarray:
    """Return of each of a last layer's outputs whether it moves the forecast away from its start, (width,).

    The others say how uncertain it is.
    """
    if head.start == head.numbers:
        return np.ones(width, bool)
    return np.arange(width) % head.numbers == head.middle
