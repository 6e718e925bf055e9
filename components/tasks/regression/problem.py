"""Sequences of unequal length with a number each, ready to train on."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Numbers, Sequences
from components.data.splits.random_split import RandomSplit
from components.data.transforms import Scaler
from components.recipe import RegressSequences
from components.tasks import metrics
from components.tasks.ragged import RaggedProblem
from components.tasks.sequences import scale_and_cut
from components.tasks.task import Outputs
from components.training.events import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

PREVIEW = 300
"""Most validation examples whose number is predicted anew after every epoch."""


class RegressionProblem(RaggedProblem):
    """Sequences with numbers, both scaled by their training set; codes of symbols stay what they are.

    Args:
        task: how sequences and numbers are scaled and cut.
        dataset: the sequences.
        numbers: of them.
        split: which are for training, validation and test.
    """

    def __init__(self, task: RegressSequences, dataset: Sequences, numbers: Numbers, split: RandomSplit):
        self.task, self.dataset, self.numbers = task, dataset, numbers
        self.truth = numbers.values.astype(np.float64)
        scaled = scale_and_cut(dataset, split, task)
        self.scaler = scaled.scaler
        self.answer = Scaler.fit(self.truth[split.train, None], task.answer)
        super().__init__(scaled.ragged, split)

    def batch(self, examples: "tf.Tensor") -> "tuple[tf.Tensor, tf.Tensor]":
        """Gather sequences, (batch, width, channels), and their scaled numbers, (batch, 1)."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        return self.inputs(examples), tf.gather(self._answers, examples)

    @cached_property
    def _answers(self) -> "tf.Tensor":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(self.answer.apply(self.truth[:, None]).astype(np.float32))

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean squared error in scaled units."""
        import tensorflow as tf  # noqa: PLC0415

        return tf.reduce_mean(tf.square(outputs - targets))

    def snapshot(self, outputs: Outputs) -> Snapshot:
        """Return the predictions of the numbers that the task's preview names, and their R²."""
        shown = self.validation[:PREVIEW]
        truth, predicted = self.truth[shown], self.in_units(outputs(shown))
        explained = 1 - metrics.mse(truth, predicted) / float(np.var(truth)) if np.ptp(truth) > 0 else None
        return Snapshot(tuple(predicted.tolist()), score=explained)

    def in_units(self, outputs: np.ndarray) -> np.ndarray:
        """Return the model's outputs, (N, 1), in the number's own units, (N,)."""
        return self.answer.undo(outputs.astype(np.float64))[:, 0]
