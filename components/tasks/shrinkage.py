"""How much of what a network has learnt is added to what it started from, whatever the task.

What a model gives is start + λ · network. λ is chosen on the validation set; 0 leaves the start alone.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import keras

WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_FOLDS = 5
_FEWEST = 4  # errors that tell anything


@dataclass(frozen=True)
class Shrinkage:
    """How much of what the network learnt is added to what it started from: start + λ · network.

    Attributes:
        weight: λ, from 0 (nothing) to 1 (all of it).
        start_error: mean error of the start on the validation set: absolute, in scaled units, of a forecast;
            cross-entropy, in nats, of a classification that is as sure as suits it best.
        error: the same with λ.
        origins: forecasts or examples of the validation set that it was chosen by; 0 where nothing had been
            learnt.
    """

    weight: float
    start_error: float
    error: float
    origins: int


class AddedLayers:
    """The layers whose sum is added to a start, as they are now.

    Args:
        layers: with a kernel and a bias each.
        is_added: of a layer's outputs, by their number: which are added, (width,) bool; None: all of them.
    """

    def __init__(self, layers: "Sequence[keras.Layer]", is_added: Callable[[int], np.ndarray] | None = None):
        self._layers, self._is_added = layers, is_added
        self._learnt = [layer.get_weights() for layer in layers]

    @property
    def are_zero(self) -> bool:
        """Whether nothing had been learnt."""
        return not any(weight.any() for weights in self._learnt for weight in weights)

    def shrink(self, weight: float) -> None:
        """Add λ times as much as was learnt, for good."""
        for layer, (kernel, bias) in zip(self._layers, self._learnt, strict=True):
            factors = np.full(bias.shape[-1], np.float32(weight))
            if self._is_added is not None:
                factors[~self._is_added(bias.shape[-1])] = 1
            layer.set_weights([kernel * factors, bias * factors])


def shrink_by_errors(
    added: AddedLayers, errors: Callable[[], np.ndarray], standard_errors: float = 0.0
) -> Shrinkage:
    """Choose λ by the errors on the validation set, and build it into the model.

    The validation set is gone through in its order: each fold is predicted with the λ that was best on those
    before it. Only if that comes closer than the start alone is anything added.

    Args:
        added: to the start.
        errors: returns those of the model as it stands, (N,), in an order whose beginning tells of its end.
        standard_errors: as of `choose_weight`.
    """
    if added.are_zero:
        alone = errors()  # none where no horizon fits into the validation set
        error = float(alone.mean()) if len(alone) else math.nan
        return Shrinkage(0.0, error, error, origins=0)
    found = []
    for weight in WEIGHTS:
        added.shrink(weight)
        found.append(errors())
    if np.allclose(found, found[0], rtol=1e-5, atol=1e-6):
        added.shrink(0.0)
        return Shrinkage(0.0, float(np.mean(found[0])), float(np.mean(found[0])), origins=0)
    chosen = choose_weight(np.array(found), standard_errors)
    added.shrink(WEIGHTS[chosen])
    means = np.mean(found, axis=1)
    return Shrinkage(WEIGHTS[chosen], float(means[0]), float(means[chosen]), len(found[0]))


def choose_weight(errors: np.ndarray, standard_errors: float = 0.0) -> int:
    """Return the place of the best weight; 0 unless more than nothing would have paid off at every fold.

    Args:
        errors: (weights, N) of each weight, in an order whose beginning tells of its end; the first adds
            nothing.
        standard_errors: of independent errors, by how many the best weight has to be ahead of nothing.
    """
    many = errors.shape[1]
    if many < _FEWEST:
        return 0
    borders = np.linspace(0, many, min(_FOLDS, many) + 1).round().astype(int)
    rolled = start = 0.0
    for begin, end in pairwise(borders[1:]):
        best = errors[:, :begin].mean(1).argmin()
        rolled += errors[best, begin:end].sum()
        start += errors[0, begin:end].sum()
    chosen = int(errors.mean(1).argmin())
    gains = errors[0] - errors[chosen]
    is_ahead = gains.mean() >= standard_errors * gains.std() / many**0.5
    return chosen if rolled < start and is_ahead else 0


def learnt_sentence(shrinkage: Shrinkage, answer: str, start: str) -> str:
    """Return how much of what the network learnt lasts.

    Args:
        shrinkage: of the network.
        answer: what the model gives: a forecast.
        start: what it started from.
    """
    if shrinkage.origins == 0:
        return f"Nothing was learnt that improves on the start, {start} (λ = 0)."
    if shrinkage.weight == 0:
        return f"Your data taught the network nothing that lasts (λ = 0): the {answer} is its start, {start}."
    share = "all" if shrinkage.weight == 1 else f"{shrinkage.weight:.0%}"
    return (
        f"The network adds {share} of what it learnt to its start, {start} (λ = {shrinkage.weight:g}, "
        "chosen on the validation set)."
    )
