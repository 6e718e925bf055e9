"""Sequences of unequal length with their classes, ready to train on."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Classes, Sequences, Texts
from components.data.splits.random_split import RandomSplit
from components.data.tokenizers.tokenizer import Vocabulary
from components.recipe import ClassifySequences, ClassifyTexts, Side
from components.tasks.ragged import RaggedArray, RaggedProblem
from components.tasks.sequences import scale_and_cut
from components.tasks.task import Outputs
from components.training.events import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

PREVIEW = 1000
"""Most validation examples whose classes are predicted anew after every epoch."""


class LabelledProblem(RaggedProblem):
    """Sequences with a class each.

    Args:
        ragged: the sequences.
        classes: of them.
        split: which are for training, validation and test.
        balanced: whether rare classes count as much as frequent ones.
        pad: the side on which shorter ones are filled up.
    """

    def __init__(
        self,
        ragged: RaggedArray,
        classes: Classes,
        split: RandomSplit,
        balanced: bool = False,
        pad: Side = "right",
    ):
        super().__init__(ragged, split, pad)
        self.classes = classes
        self.weights = _weights(classes, split) if balanced else np.ones(len(classes.names), np.float32)

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

    def snapshot(self, outputs: Outputs) -> Snapshot:
        """Return the confusion matrix of the validation set, row by row, (classes²,), and the accuracy."""
        shown = self.validation[:PREVIEW]
        predicted = class_probabilities(outputs(shown)).argmax(axis=1)
        truth = self.classes.codes[shown]
        right = float((predicted == truth).mean())
        return Snapshot(
            tuple(confusion_matrix(truth, predicted, len(self.names)).ravel().tolist()), score=right
        )


class SequencesProblem(LabelledProblem):
    """Sequences with classes: scaled by their training set; codes of symbols stay what they are."""

    def __init__(self, task: ClassifySequences, dataset: Sequences, classes: Classes, split: RandomSplit):
        self.task, self.dataset = task, dataset
        scaled = scale_and_cut(dataset, split, task)
        self.scaler = scaled.scaler
        super().__init__(scaled.ragged, classes, split, task.balanced)


class TextsProblem(LabelledProblem):
    """Texts with classes, as codes of a vocabulary that knows the training set only."""

    def __init__(self, task: ClassifyTexts, dataset: Texts, classes: Classes, split: RandomSplit):
        self.task, self.dataset = task, dataset
        self.vocabulary = Vocabulary.fit(
            (dataset.texts[number] for number in split.train),
            task.level,
            most=task.vocabulary,
            lower=task.lower,
        )
        coded = [self.vocabulary.encode(text) for text in dataset.texts]
        # Never empty, so that it can be gathered.
        self.codes = np.concatenate([*coded, np.zeros(1, np.int32)])
        self.offsets = np.concatenate([[0], np.cumsum([len(codes) for codes in coded])])
        super().__init__(self._cut(task.cut), classes, split, task.balanced, task.pad)

    def with_sides(self, cut: Side, pad: Side) -> LabelledProblem:
        """Return the same texts, cut and filled up on other sides."""
        split = RandomSplit(self.train, self.validation, self.test)
        return LabelledProblem(self._cut(cut), self.classes, split, pad=pad)

    def _cut(self, side: Side) -> RaggedArray:
        return RaggedArray.of(self.codes, self.offsets, self.task.longest, side)


def _weights(classes: Classes, split: RandomSplit) -> np.ndarray:
    """Return the weight of each class, (classes,) float32: in the training set all then weigh the same."""
    known = np.bincount(classes.codes[split.train], minlength=len(classes.names))
    there = known > 0
    even = len(split.train) / (there.sum() * np.maximum(known, 1))
    return np.where(there, even, 1.0).astype(np.float32)


def class_probabilities(outputs: np.ndarray) -> np.ndarray:
    """Return the probabilities of the classes that logits stand for, (N, classes) float64."""
    logits = outputs.astype(np.float64)
    if logits.shape[1] == 1:
        logits = np.concatenate([np.zeros_like(logits), logits], axis=1)
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def confusion_matrix(truth: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Return the confusion matrix, (classes, classes) int64: rows are true, columns are predicted."""
    return np.bincount(truth * classes + predicted, minlength=classes**2).reshape(classes, classes)
