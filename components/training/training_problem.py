"""What the loop asks of a task: examples by number, a loss, and something to show after each epoch."""

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from components.training.events import Snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    import tensorflow as tf

VALIDATION_BATCH = 512
"""Examples that are validated at once."""


class Problem(Protocol):
    """A task with its data, ready to train on. Examples go by number; nothing is copied out in advance."""

    train: np.ndarray
    """(N,) int32, the numbers of the training examples"""
    validation: np.ndarray
    """(M,) int32, the numbers of the validation examples"""
    test: np.ndarray
    """(L,) int32, the numbers of the test examples"""

    def batch(self, examples: "tf.Tensor") -> "tuple[tf.Tensor, tf.Tensor]":
        """Gather the inputs and the targets of a batch of examples, inside the graph."""
        ...

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean loss of a batch, a scalar, inside the graph."""
        ...

    def snapshot(self, outputs: "Callable[[np.ndarray], np.ndarray]") -> Snapshot:
        """Return how the task stands on the validation set; `outputs` maps examples to the model's
        outputs."""
        ...


@runtime_checkable
class StartingProblem(Protocol):
    """A problem whose model may stand for something before its first update, which is then shown and kept."""

    has_start: bool
    """whether it does: an untrained model is then a forecast that training has to improve on"""


@runtime_checkable
class EnsembleModel(Protocol):
    """A model of several networks. While it learns, each one's outputs come after the other's in a batch."""

    members: int
    """networks in it; they stand in front in each of its weights"""

    def for_each(self, tensors: Any) -> Any:
        """Repeat a batch for every member."""
        ...


@runtime_checkable
class StatefulProblem(Protocol):
    """A problem whose every batch goes on where the one before it ended, row by row.

    So its examples come in their own order, and always as many at a time, whether anything is learnt or not.
    """

    streams: int
    """rows of every batch; those of each set fill whole batches"""
