"""Sequences of unequal length, ready to be read in batches of one width."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.splits.random_split import RandomSplit
from components.recipe import Side

if TYPE_CHECKING:
    import tensorflow as tf


@dataclass(frozen=True, eq=False)
class RaggedArray:
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
    def of(cls, values: np.ndarray, offsets: np.ndarray, longest: int, cut: Side) -> "RaggedArray":
        """Cut sequences that are longer than `longest` on one side; `offsets` has one more than there are."""
        lengths = np.diff(offsets)
        kept = np.minimum(lengths, longest)
        starts = offsets[:-1] + (lengths - kept if cut == "left" else 0)
        return cls(values, starts.astype(np.int32), kept.astype(np.int32), max(1, int(kept.max())))

    def row(self, number: int) -> np.ndarray:
        """Return the stretch of one sequence that is read."""
        return self.values[self.starts[number] : self.starts[number] + self.lengths[number]]


class RaggedProblem:
    """What problems on sequences have in common: the parts, and the inputs of a batch.

    A batch is gathered inside the graph from the one tensor of all steps, and filled up to one width for all
    batches, so that nothing is traced or compiled twice.

    Args:
        flat: the sequences.
        drawn: which are for training, validation and test.
        pad: the side on which shorter ones are filled up.
    """

    def __init__(self, ragged: RaggedArray, drawn: RandomSplit, pad: Side = "right"):
        self.ragged, self.pad = ragged, pad
        self.train, self.validation, self.test = (
            part.astype(np.int32) for part in (drawn.train, drawn.validation, drawn.test)
        )

    @property
    def empty(self) -> float:
        """What stands for a step that is only filled in."""
        return np.nan if self.ragged.values.dtype == np.float32 else 0

    def inputs(self, examples: "tf.Tensor") -> "tf.Tensor":
        """Gather sequences, (batch, width, channels) or (batch, width)."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        values, starts, lengths = self._tensors
        length = tf.gather(lengths, examples)[:, None]
        place = tf.range(self.ragged.width)[None]
        if self.pad == "left":
            place += length - self.ragged.width
        present = (place >= 0) & (place < length)
        steps = tf.gather(values, tf.where(present, tf.gather(starts, examples)[:, None] + place, 0))
        if len(values.shape) > 1:
            present = present[..., None]
        return tf.where(present, steps, tf.constant(self.empty, values.dtype))

    @cached_property
    def _tensors(self) -> "tuple[tf.Tensor, ...]":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tuple(
                tf.constant(numbers)
                for numbers in (self.ragged.values, self.ragged.starts, self.ragged.lengths)
            )
