"""How much of what a network has learnt is added to the forecast that it started from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from components.models.head_spec import HeadSpec
from components.tasks.forecasting.problem import ForecastProblem
from components.tasks.shrinkage import AddedLayers, Shrinkage, shrink_by_errors

if TYPE_CHECKING:
    import keras

_HEADS = ("forecast", "forecast_ahead")
"""Layers whose sum is added to the start."""


def shrink(
    problem: ForecastProblem, outputs: Callable[[np.ndarray], np.ndarray], model: "keras.Model | None"
) -> Shrinkage | None:
    """Choose λ in forecast = start + λ · network by the validation set, and build it into the model.

    Args:
        problem: the series.
        outputs: maps examples to the trained model's outputs, whatever weights it has at the time.
        model: whose last layer is shrunk; None where there is none to shrink.

    Returns:
        None where the forecast starts from nothing, or feeds itself back step by step.
    """
    if model is None or not problem.has_start or problem.task.strategy == "recursive":
        return None
    return shrink_by_errors(_added_layers(model, problem.head), lambda: _errors(problem, outputs))


def apply_shrinkage(model: "keras.Model", head: HeadSpec, weight: float) -> None:
    """Multiply what a trained model adds to its start."""
    _added_layers(model, head).shrink(weight)


def is_start_alone(head: HeadSpec, shrinkage: Shrinkage | None) -> bool:
    """Return whether nothing that was learnt is in a forecast, nor in how uncertain it says it is."""
    if shrinkage is None or shrinkage.weight > 0:
        return False
    return bool(_moves_place(head, head.numbers).all())


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


def _added_layers(model: "keras.Model", head: HeadSpec) -> AddedLayers:
    from components.models.ensemble import layers_of  # noqa: PLC0415 - brings in TensorFlow

    layers = [layer for layer in layers_of(model) if layer.name in _HEADS]
    return AddedLayers(layers, lambda width: _moves_place(head, width))


def _moves_place(head: HeadSpec, width: int) -> np.ndarray:
    """Return of each of a last layer's outputs whether it moves the forecast away from its start, (width,).

    The others say how uncertain it is.
    """
    if head.start == head.numbers:
        return np.ones(width, bool)
    return np.arange(width) % head.numbers == head.middle
