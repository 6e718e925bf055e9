"""Sequences of unequal length with their classes, ready to train on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.dataset import Classes
from components.data.draw import Drawn
from components.recipe import Side
from components.training.messages import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

PREVIEW = 1000
"""Most validation examples whose classes are told anew after every epoch."""


@dataclass(frozen=True, eq=False)
class Flat:
    """Sequences one after the other, each with the stretch of it that is read.

    Attributes:
        values: (steps of all, channels) float32, or (steps of all,) int32 codes.
        starts: (N,) int32, where the stretch of each begins.
        lengths: (N,) int32, its steps.
        width: steps that all are filled up to.
    """

    values: np.ndarray
    starts: np.ndarray
    lengths: np.ndarray
    width: int

    @classmethod
    def of(cls, values: np.ndarray, offsets: np.ndarray, longest: int, cut: Side) -> "Flat":
        """Cut sequences that are longer than `longest` on one side; `offsets` has one more than there are."""
        lengths = np.diff(offsets)
        kept = np.minimum(lengths, longest)
        starts = offsets[:-1] + (lengths - kept if cut == "left" else 0)
        return cls(values, starts.astype(np.int32), kept.astype(np.int32), max(1, int(kept.max())))

    def stretch(self, number: int) -> np.ndarray:
        """Give the stretch of one sequence that is read."""
        return self.values[self.starts[number] : self.starts[number] + self.lengths[number]]


class LabelledProblem:
    """Tell the class of each sequence.

    A batch is gathered inside the graph from the one tensor of all steps, and filled up to one width for all
    batches, so that nothing is traced or compiled twice.

    Args:
        flat: the sequences.
        classes: of them.
        drawn: which are for training, validation and test.
        balanced: whether rare classes count as much as frequent ones.
        pad: the side on which shorter ones are filled up.
    """

    def __init__(
        self, flat: Flat, classes: Classes, drawn: Drawn, balanced: bool = False, pad: Side = "right"
    ):
        self.flat, self.classes, self.pad = flat, classes, pad
        self.weights = _weights(classes, drawn) if balanced else np.ones(len(classes.names), np.float32)
        self.train, self.validation, self.test = (
            part.astype(np.int32) for part in (drawn.train, drawn.validation, drawn.test)
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.classes.names

    @property
    def empty(self) -> float:
        """What stands for a step that is only filled in."""
        return np.nan if self.flat.values.dtype == np.float32 else 0

    def batch(self, examples: "tf.Tensor") -> "tuple[tf.Tensor, tf.Tensor]":
        """Gather sequences, (batch, width, channels) or (batch, width), and their classes, (batch,)."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        values, starts, lengths, codes = self._tensors
        length = tf.gather(lengths, examples)[:, None]
        place = tf.range(self.flat.width)[None]
        if self.pad == "left":
            place += length - self.flat.width
        present = (place >= 0) & (place < length)
        steps = tf.gather(values, tf.where(present, tf.gather(starts, examples)[:, None] + place, 0))
        if len(values.shape) > 1:
            present = present[..., None]
        return tf.where(present, steps, tf.constant(self.empty, values.dtype)), tf.gather(codes, examples)

    @cached_property
    def _tensors(self) -> "tuple[tf.Tensor, ...]":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tuple(
                tf.constant(numbers)
                for numbers in (self.flat.values, self.flat.starts, self.flat.lengths, self.classes.codes)
            )

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Give the mean cross-entropy, in nats, weighed by class where rare ones count as much."""
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
        return Snapshot(tuple(counts(self.classes.codes[shown], said, len(self.names)).ravel().tolist()))


def _weights(classes: Classes, drawn: Drawn) -> np.ndarray:
    """Give each class its weight, (classes,) float32: in the training part all then weigh the same."""
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
    """Give the confusion matrix, (classes, classes) int64: rows are true, columns are said."""
    return np.bincount(truth * classes + said, minlength=classes**2).reshape(classes, classes)
