"""A text ready to train a language model on."""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Texts
from components.data.splits import stateful_batches
from components.data.splits.corpus import build_corpus
from components.data.tokenizers.subword_tokenizer import SubwordTokenizer
from components.recipe import ModelLanguage, Recipe
from components.tasks.language_model.token_probabilities import Token
from components.tasks.task import Outputs
from components.training.events import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

RUN_IN = 200
"""Tokens before a place that a model reads, at most, so that it knows what it is to remember."""


class LanguageProblem:
    """A text ready to train on: cut into tokens that the training set has, and into streams.

    An example's number is its window's place in the order of reading. Batches are gathered from the one
    row of codes inside the graph.
    """

    def __init__(self, recipe: Recipe, dataset: Texts):
        task = self.task = recipe.require_task(ModelLanguage)
        self.recipe, self.streams = recipe, recipe.training.batch
        found = build_corpus(dataset, recipe.preparation)
        self.lexicon = SubwordTokenizer.fit(found.train, task.level, most=task.vocabulary)
        pieces = [self.lexicon.tokenize(part) for part in (found.train, found.validation, found.test)]
        ends = np.cumsum([0, *map(len, pieces)]).tolist()
        self.parts = [slice(begin, end) for begin, end in pairwise(ends)]
        self.pieces = [piece for part in pieces for piece in part]
        self.codes = self.lexicon.encode_tokens(self.pieces)
        cuts = [stateful_batches.stateful_batches(part, self.streams, task.window) for part in self.parts]
        self.starts = np.concatenate([cut.starts for cut in cuts])
        self.starts_stream = np.concatenate([cut.starts_stream for cut in cuts])
        numbers = np.split(
            np.arange(len(self.starts), dtype=np.int32), np.cumsum([len(c.starts) for c in cuts])
        )
        self.train, self.validation, self.test, _ = numbers
        self.sampler: Callable[[LanguageProblem], Sequence[Token]] | None = None
        """what generates the sample of `snapshot`; the task's `build` puts it there"""

    def batch(self, examples: "tf.Tensor") -> "tuple[tuple[tf.Tensor, tf.Tensor], tf.Tensor]":
        """Gather codes (batch, window), whether they begin a stream (batch,), and the codes that follow."""
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        codes, starts, fresh = self._tables
        block = tf.gather(codes, tf.gather(starts, examples)[:, None] + tf.range(self.task.window + 1))
        block = tf.ensure_shape(block, [self.streams, self.task.window + 1])
        return (block[:, :-1], tf.gather(fresh, examples)), block[:, 1:]

    @cached_property
    def _tables(self) -> "tuple[tf.Tensor, ...]":
        """Return what every graph gathers from: all codes, each window's start, and whether it starts a
        stream."""
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.constant(self.codes), tf.constant(self.starts), tf.constant(self.starts_stream)

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean of −ln of the probability of each target, in nats."""
        import tensorflow as tf  # noqa: PLC0415

        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs))

    def snapshot(self, outputs: Outputs) -> Snapshot:
        """Return a short sample of generated tokens, and the probability of each."""
        if self.sampler is None:
            return Snapshot()
        sample = self.sampler(self)
        return Snapshot(tuple(token.chance for token in sample), tuple(token.text for token in sample))

    def targets(self, examples: np.ndarray) -> np.ndarray:
        """Return the places of the tokens that examples ask for, (examples · window,)."""
        return (self.starts[examples][:, None] + np.arange(1, self.task.window + 1)).ravel()
