"""Sequences of unequal length with their classes, ready to train on."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Classes
from components.data.splits.random_split import RandomSplit
from components.recipe import Side
from components.tasks.flat import Flat, FlatProblem
from components.training.events import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

PREVIEW = 1000
"""Most validation examples whose classes are told anew after every epoch."""


class LabelledProblem(FlatProblem):
    """Tell the class of each sequence.

    Args:
        flat: the sequences.
        classes: of them.
        drawn: which are for training, validation and test.
        balanced: whether rare classes count as much as frequent ones.
        pad: the side on which shorter ones are filled up.
    """

    def __init__(
        self, flat: Flat, classes: Classes, drawn: RandomSplit, balanced: bool = False, pad: Side = "right"
    ):
        super().__init__(flat, drawn, pad)
        self.classes = classes
        self.weights = _weights(classes, drawn) if balanced else np.ones(len(classes.names), np.float32)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.classes.names

    def batch(self, examples: "tf.Tensor") -> "tuple[tf.Tensor, tf.Tensor]":
        """Gather sequences, (batch, width, channels) or (batch, width), and their classes, (batch,)."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        return self.inputs(examples), tf.gather(self._codes, examples)

    @cached_property
    def _codes(self) -> "tf.Tensor":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(self.classes.codes)

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean cross-entropy, in nats, weighed by class where rare ones count as much."""
        import tensorflow as tf  # noqa: PLC0415

        if len(self.names) == 2:
            losses = tf.nn.sigmoid_cross_entropy_with_logits(
                labels=tf.cast(targets, tf.float32)[:, None], logits=outputs
            )
        else:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=targets, logits=outputs)
        return tf.reduce_mean(tf.reshape(losses, [-1]) * tf.gather(tf.constant(self.weights), targets))

    def snapshot(self, outputs: Callable[[np.ndarray], np.ndarray]) -> Snapshot:
        """Count, for each class of the validation part, what it is taken for: row by row, (classes²)."""
        shown = self.validation[:PREVIEW]
        said = shares(outputs(shown)).argmax(axis=1)
        truth = self.classes.codes[shown]
        right = float((said == truth).mean())
        return Snapshot(tuple(counts(truth, said, len(self.names)).ravel().tolist()), score=right)


def _weights(classes: Classes, drawn: RandomSplit) -> np.ndarray:
    """Return each class its weight, (classes,) float32: in the training part all then weigh the same."""
    known = np.bincount(classes.codes[drawn.train], minlength=len(classes.names))
    there = known > 0
    even = len(drawn.train) / (there.sum() * np.maximum(known, 1))
    return np.where(there, even, 1.0).astype(np.float32)


def shares(outputs: np.ndarray) -> np.ndarray:
    """Turn logits into the probabilities of the classes, (N, classes) float64, which add up to 1."""
    logits = outputs.astype(np.float64)
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def counts(truth: np.ndarray, said: np.ndarray, classes: int) -> np.ndarray:
    """Return the confusion matrix, (classes, classes) int64: rows are true, columns are said."""
    return np.bincount(truth * classes + said, minlength=classes**2).reshape(classes, classes)
