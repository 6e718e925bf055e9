"""Sequences of unequal length with their classes, ready to train on."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from components.data.datasets import Classes, Sequences, Texts
from components.data.splits.random_split import RandomSplit
from components.data.tokenizers.subword_tokenizer import SubwordLevel
from components.data.tokenizers.subword_vocabulary import SubwordVocabulary
from components.data.tokenizers.text_vocabulary import TextVocabulary, learn_vocabulary, text_level
from components.recipe import ClassifySequences, ClassifyTexts, Side
from components.tasks.classification.tfidf import TfidfClassifier
from components.tasks.per_dataset_cache import cached_per_dataset
from components.tasks.ragged import RaggedArray, RaggedProblem
from components.tasks.sequences import scale_and_cut
from components.tasks.task import Outputs
from components.training.events import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

PREVIEW = 1000
"""Most validation examples whose classes are predicted anew after every epoch."""

_FACTORS = np.geomspace(0.125, 16, 15)  # that make logits less or more sure; one of them is 1


class LabelledProblem(RaggedProblem):
    """Sequences with a class each.

    Args:
        ragged: the sequences.
        classes: of them.
        split: which are for training, validation and test.
        balanced: whether rare classes count as much as frequent ones.
        pad: the side on which shorter ones are filled up.
        label_smoothing: share of the certainty that the loss spreads over all classes.
        segment: steps that the model reads as one.
    """

    def __init__(
        self,
        ragged: RaggedArray,
        classes: Classes,
        split: RandomSplit,
        balanced: bool = False,
        pad: Side = "right",
        label_smoothing: float = 0.0,
        segment: int = 1,
    ):
        super().__init__(ragged, split, pad)
        self.classes, self.label_smoothing, self.segment = classes, label_smoothing, segment
        self.weights = _weights(classes, split) if balanced else np.ones(len(classes.names), np.float32)

    has_start = False
    """whether a model's logits are added to others, so that an untrained one is a classifier already"""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.classes.names

    def batch(self, examples: "tf.Tensor") -> "tuple[Any, tf.Tensor]":
        """Gather sequences, (batch, width, channels) or (batch, width), and their classes, (batch,)."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        return self.inputs(examples), tf.gather(self._codes, examples)

    @cached_property
    def _codes(self) -> "tf.Tensor":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(self.classes.codes)

    def cross_entropies(self, examples: np.ndarray, outputs: np.ndarray) -> np.ndarray:
        """Return the cross-entropy of each example, (N,) in nats, weighed by class like the loss.

        The logits are multiplied by whichever factor suits all of them best (Guo et al., 2017): to be as sure
        as one is often right is nothing that tells the classes apart.

        Args:
            examples: (N,) numbers.
            outputs: of a model for them, (N, outputs).
        """
        codes = self.classes.codes[examples]
        scaled = (_cross_entropies(outputs * factor, codes) * self.weights[codes] for factor in _FACTORS)
        return min(scaled, key=np.mean)

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean cross-entropy, in nats, weighed by class where rare ones count as much."""
        import tensorflow as tf  # noqa: PLC0415

        classes, spread = len(self.names), self.label_smoothing
        if classes == 2:
            labels = tf.cast(targets, tf.float32)[:, None] * (1 - spread) + spread / 2
            losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=outputs)
        elif spread:
            labels = tf.one_hot(targets, classes) * (1 - spread) + spread / classes
            losses = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=outputs)
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
        super().__init__(
            scaled.ragged,
            classes,
            split,
            task.balanced,
            label_smoothing=task.label_smoothing,
            segment=task.stride,
        )


class TextsProblem(LabelledProblem):
    """Texts with classes, as codes of a vocabulary that knows the training set only."""

    def __init__(self, task: ClassifyTexts, dataset: Texts, classes: Classes, split: RandomSplit):
        self.task, self.dataset = task, dataset
        self.has_start = task.base != "none"
        learnt = split.train.astype(np.int64).tobytes()
        coded = _code(dataset, task.level, task.vocabulary, task.lower, learnt)
        self.vocabulary, self.codes, self.offsets = coded.vocabulary, coded.codes, coded.offsets
        super().__init__(
            self._cut(task.cut),
            classes,
            split,
            task.balanced,
            task.pad,
            task.label_smoothing,
            task.stride,
        )

    @cached_property
    def linear(self) -> TfidfClassifier:
        """Logistic regression on TF-IDF of the tokens (of subwords, the words) of the training set."""
        return self._linear()

    @cached_property
    def start(self) -> TfidfClassifier:
        """The linear model that a network's logits are added to."""
        return self._linear(spells=True) if self.task.base == "tfidf_both" else self.linear

    def _linear(self, *, spells: bool = False) -> TfidfClassifier:
        return TfidfClassifier(
            [self.dataset.texts[number] for number in self.train],
            self.classes.codes[self.train],
            len(self.names),
            level=text_level(self.task.level),
            lower=self.task.lower,
            balanced=self.task.balanced,
            groups=None if self.dataset.groups is None else self.dataset.groups.codes[self.train],
            spells=spells,
        )

    def start_tokens_without(self, text: str, first: int, end: int) -> list[str]:
        """Return what the linear model counts of a text, without some of the tokens that a network reads.

        Args:
            text: any.
            first, end: places of the first of these tokens, and of the one after the last.
        """
        if isinstance(self.vocabulary, SubwordVocabulary):
            return self.start.tokens(self.vocabulary.without(text, first, end))
        pieces = self.start.tokens(text)
        return [*pieces[:first], *pieces[end:]]

    @cached_property
    def starts(self) -> np.ndarray:
        """(texts, outputs) float32: the linear model's logits, which a network's are added to.

        Of a text of the training set they are by a model that hasn't seen it.
        """
        found = self.start.logits([self.start.tokens(text) for text in self.dataset.texts])
        found[self.train] = self.start.logits_of_unseen()
        return found.astype(np.float32)

    def batch(self, examples: "tf.Tensor") -> "tuple[Any, tf.Tensor]":
        """Gather texts, (batch, width), beside what they start from, (batch, outputs), and their classes."""
        import tensorflow as tf  # noqa: PLC0415

        codes, targets = super().batch(examples)
        return ([codes, tf.gather(self._starts, examples)] if self.has_start else codes), targets

    @cached_property
    def _starts(self) -> "tf.Tensor":
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(self.starts)

    def with_sides(self, cut: Side, pad: Side) -> RaggedProblem:
        """Return the same texts, cut and filled up on other sides."""
        split = RandomSplit(self.train, self.validation, self.test)
        return RaggedProblem(self._cut(cut), split, pad)

    def _cut(self, side: Side) -> RaggedArray:
        return RaggedArray.of(self.codes, self.offsets, self.task.longest, side)


@dataclass(frozen=True, eq=False)
class _CodedTexts:
    """Texts as codes of a vocabulary.

    Attributes:
        vocabulary: learnt from some of them.
        codes: (tokens of all + 1,) int32, one text after the other.
        offsets: (texts + 1,) int64, where each begins.
    """

    vocabulary: TextVocabulary
    codes: np.ndarray
    offsets: np.ndarray


@cached_per_dataset
def _code(dataset: Texts, level: SubwordLevel, most: int, lower: bool, learnt: bytes) -> _CodedTexts:
    """Learn the vocabulary of texts, and cut and number them: a contest has the same ones for many settings.

    Args:
        dataset: the texts.
        level: of what a token is.
        most: tokens to know at most.
        lower: whether capitals count as small letters.
        learnt: numbers of the texts to learn it from, int64.
    """
    texts = [dataset.texts[number] for number in np.frombuffer(learnt, np.int64)]
    vocabulary = learn_vocabulary(texts, level, most=most, lower=lower)
    coded = [vocabulary.encode(text) for text in dataset.texts]
    return _CodedTexts(
        vocabulary,
        # Never empty, so that it can be gathered.
        np.concatenate([*coded, np.zeros(1, np.int32)]),
        np.concatenate([[0], np.cumsum([len(codes) for codes in coded])]),
    )


def _weights(classes: Classes, split: RandomSplit) -> np.ndarray:
    """Return the weight of each class, (classes,) float32: in the training set all then weigh the same."""
    known = np.bincount(classes.codes[split.train], minlength=len(classes.names))
    there = known > 0
    even = len(split.train) / (there.sum() * np.maximum(known, 1))
    return np.where(there, even, 1.0).astype(np.float32)


def _cross_entropies(outputs: np.ndarray, codes: np.ndarray) -> np.ndarray:
    shares = class_probabilities(outputs)[np.arange(len(codes)), codes]
    return -np.log(np.maximum(shares, np.finfo(np.float64).tiny))


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
