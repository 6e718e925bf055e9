"""Pairs of texts ready to train on, and what is asked of a model that writes answers."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.datasets import Pairs
from components.data.splits.random_split import RandomSplit
from components.data.tokenizers.text_vocabulary import TextVocabulary, text_level
from components.data.tokenizers.tokenizer import END, SPECIAL, START, UNKNOWN
from components.errors import DataError
from components.insight.example import evenly_spaced
from components.tasks.seq2seq.sizes import short_enough, token_counts, too_long, vocabulary_counts
from components.tasks.seq2seq.vocabularies import (
    PairsOptions,
    learn_vocabularies,
    normalized,
)
from components.tasks.task import Outputs
from components.training.events import Snapshot

if TYPE_CHECKING:
    import tensorflow as tf

    from components.models.decoding import Hypothesis
    from components.models.seq2seq import Seq2Seq
    from components.tasks.seq2seq.tfidf_neighbours import Neighbour, TfidfNeighbours

SHOWN = 8
"""Texts of the validation set whose answers are shown after every epoch."""
WATCHED = 128
"""Texts of the validation set that are answered after every epoch."""
MORE = 1.5
"""How much longer than any right answer in the training set an answer may get before it's cut."""
_PORTION = 128  # texts that are answered at the same time
_LOST = "�"  # stands for an unknown token that nothing is put in the place of


class Seq2SeqProblem:
    """Pairs as codes, each as long as it is; an example's number is its pair's in the dataset.

    The vocabularies are those of the training set. Pairs that are too long are in no part.

    Args:
        task: how texts are cut.
        dataset: the pairs.
        split: which pair is for training, validation and test.

    Raises:
        DataError: if no pair is left in a part.
    """

    def __init__(self, task: PairsOptions, dataset: Pairs, split: RandomSplit):
        self.task, self.dataset = task, dataset
        if task.level == "byte_pair":
            known = learn_vocabularies(dataset, task, split.train)
            kept = short_enough(vocabulary_counts(dataset, known), task)
        else:
            kept = short_enough(token_counts(dataset, task.level, task.lower), task)
            known = learn_vocabularies(dataset, task, split.train[kept[split.train]])
        self.train, self.validation, self.test = (
            part[kept[part]].astype(np.int32) for part in (split.train, split.validation, split.test)
        )
        if not (len(self.train) and len(self.validation) and len(self.test)):
            raise DataError(too_long(task), where=dataset.title, remedy="Allow longer texts.")
        self.sources, self.answers = (
            _Side(texts, kept, vocabulary)
            for texts, vocabulary in zip((dataset.sources, dataset.targets), known, strict=True)
        )
        self.longest = int(MORE * np.diff(self.answers.splits)[self.train].max()) + 1
        """tokens of an answer at most, its end included"""
        self.built: Seq2Seq | None = None
        """what `build` made, for `snapshot` to write with"""

    # --- What the loop asks ----------------------------------------------------------------------

    def batch(self, examples: "tf.Tensor") -> "tuple[tuple[tf.Tensor, tf.Tensor], tf.Tensor]":
        """Gather texts (batch, S), their answers behind a start token (batch, T), and what these come to.

        S and T are what the longest of the batch takes; shorter ones are filled up with 0 on the right. The
        targets, (batch, T), are the answers and an end token.
        """
        import tensorflow as tf  # noqa: PLC0415 - only a worker gets here

        sources, answers = (tf.gather(side.ragged, examples) for side in (self.sources, self.answers))
        ones = tf.ones_like(examples)[:, None]
        begun = tf.concat([ones * SPECIAL.index(START), answers.to_tensor()], axis=1)
        targets = tf.concat([answers, ones * SPECIAL.index(END)], axis=1).to_tensor()
        return (sources.to_tensor(), begun), targets

    def loss(self, targets: "tf.Tensor", outputs: "tf.Tensor") -> "tf.Tensor":
        """Return the mean over a batch of each answer's mean −log p of its tokens, in nats.

        With label smoothing, a share of it is the mean −log p of all tokens that there are.
        What fills an answer up doesn't count. Every answer counts alike, so that it's all the same how they
        are shared out to batches.
        """
        import tensorflow as tf  # noqa: PLC0415

        surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs)
        if share := self.task.label_smoothing:
            of_all = tf.reduce_logsumexp(outputs, axis=-1) - tf.reduce_mean(outputs, axis=-1)
            surprise = (1 - share) * surprise + share * of_all
        counts = tf.cast(targets != 0, tf.float32)
        of_each = tf.reduce_sum(surprise * counts, axis=1) / tf.reduce_sum(counts, axis=1)
        return tf.reduce_mean(of_each)

    def snapshot(self, outputs: Outputs) -> Snapshot:
        """Return the share of some validation texts that are answered right, and the first few answers."""
        asked = watched_examples(self.validation)
        answers = self._best_answers(asked)
        return Snapshot((self._share(answers, asked),), tuple(answers[:SHOWN]))

    # --- Texts and codes -------------------------------------------------------------------------

    def source(self, number: int) -> str:
        """Return the text of a pair, as its tokens are joined."""
        return normalized(self.dataset.sources[number], self.task)

    def truth(self, number: int) -> str:
        """Return the right answer of a pair, as its tokens are joined."""
        return normalized(self.dataset.targets[number], self.task)

    def decode(self, codes: np.ndarray) -> str:
        """Return an answer's text."""
        return self.answers.vocabulary.decode(codes.tolist())

    def pieces(self, codes: np.ndarray) -> tuple[str, ...]:
        """Return an answer's tokens."""
        return tuple(self.answers.vocabulary.tokens[code] for code in codes)

    def lookup(self, text: str) -> tuple[tuple[str, ...], tuple[bool, ...]]:
        """Return the tokens of a text that is read, and which of them are known."""
        pieces = tuple(self.sources.vocabulary.tokenize(text))
        return pieces, tuple(map(self.sources.vocabulary.contains, pieces))

    def source_pieces(self, number: int) -> tuple[str, ...]:
        """Return the tokens of a pair's text, known or not."""
        return tuple(self.sources.vocabulary.tokenize(self.dataset.sources[number]))

    def written(self, found: "Hypothesis", source: Sequence[str]) -> tuple[str, ...]:
        """Return an answer's tokens; an unknown one is the token of the text that was attended to most.

        So Luong, Sutskever et al. (2015) and Jean et al. (2015) put in rare words.

        Args:
            found: the answer.
            source: the tokens of the text.
        """
        return tuple(
            source[int(np.argmax(weights[: len(source)]))] if piece == UNKNOWN and weights.any() else piece
            for piece, weights in zip(self.pieces(found.codes), found.weights, strict=True)
        )

    def answer(self, found: "Hypothesis", source: Sequence[str]) -> str:
        """Return an answer's text; arguments as of `written`."""
        pieces = (_LOST if piece == UNKNOWN else piece for piece in self.written(found, source))
        return self.answers.vocabulary.join(pieces)

    def times_in_training(self, codes: tuple[int, ...]) -> int:
        """Return how many answers of the training set are just these codes, with or without an end."""
        answer = self.decode(np.array(codes))
        return sum(self.truth(number) == answer for number in self.train)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Return the codes of texts that may stand in no dataset, (texts, S).

        Raises:
            DataError: if one is empty or too long.
        """
        codes = [self.sources.vocabulary.encode(text) for text in texts]
        longest = max(map(len, codes))
        if not all(map(len, codes)):
            raise DataError("The text is empty.", remedy="Enter a text.")
        if longest > self.task.longest:
            raise DataError(
                f"The text has {longest:,} tokens, and the model reads at most {self.task.longest:,}.",
                remedy="Enter a shorter text.",
            )
        block = np.zeros((len(codes), longest), np.int32)
        for row, one in zip(block, codes, strict=True):
            row[: len(one)] = one
        return block

    # --- Answers ---------------------------------------------------------------------------------

    def write(self, examples: np.ndarray, beams: int = 1) -> "list[list[Hypothesis]]":
        """Answer the texts of pairs: for each one `beams` answers, the best first."""
        from components.models.decoding import beam_search  # noqa: PLC0415

        assert self.built is not None
        found: list[list[Hypothesis]] = []
        for begin in range(0, len(examples), _PORTION):
            sources = self.batch(examples[begin : begin + _PORTION])[0][0].numpy()
            step = self.built.steps(sources, beams)
            searched = beam_search(
                step, len(sources), beams, self.longest, writes_unknown=self.task.copy_unknown
            )
            found += [searched.answers(text) for text in range(len(sources))]
        return found

    def accuracy(self, examples: np.ndarray) -> float:
        """Return the share of pairs whose texts are answered exactly right."""
        return self._share(self._best_answers(examples), examples)

    def _best_answers(self, examples: np.ndarray) -> list[str]:
        return [
            self.answer(best[0], self.source_pieces(number))
            for best, number in zip(self.write(examples), examples.tolist(), strict=True)
        ]

    def _share(self, answers: Sequence[str], examples: np.ndarray) -> float:
        pairs = zip(answers, examples, strict=True)
        return float(np.mean([answer == self.truth(number) for answer, number in pairs]))

    @cached_property
    def neighbour_finder(self) -> "TfidfNeighbours":
        """Return what finds the training texts that are most like others."""
        from components.tasks.seq2seq.tfidf_neighbours import TfidfNeighbours  # noqa: PLC0415

        texts = [self.dataset.sources[number] for number in self.train]
        return TfidfNeighbours(texts, text_level(self.task.level), lower=self.task.lower)

    def neighbours(self, text: str, many: int) -> "tuple[Neighbour, ...]":
        """Return the training pairs whose texts are most like one."""
        from components.tasks.seq2seq.tfidf_neighbours import Neighbour  # noqa: PLC0415

        (places,), (likeness,) = self.neighbour_finder.find([text], many)
        return tuple(
            Neighbour(self.dataset.sources[number], self.dataset.targets[number], float(like))
            for number, like in zip(self.train[places], likeness, strict=True)
        )


class _Side:
    """The texts of one side: their vocabulary, and the codes of all of them in one array."""

    def __init__(self, texts: tuple[str, ...], kept: np.ndarray, vocabulary: TextVocabulary):
        self.vocabulary = vocabulary
        nothing = np.empty(0, np.int32)
        codes = [
            vocabulary.encode(text) if is_kept else nothing for text, is_kept in zip(texts, kept, strict=True)
        ]
        self.codes = np.concatenate(codes)
        self.splits = np.cumsum([0, *map(len, codes)])
        """where each text begins among the codes, and where the last one ends"""

    def of(self, number: int) -> np.ndarray:
        """Return the codes of one text, (tokens,)."""
        return self.codes[self.splits[number] : self.splits[number + 1]]

    @cached_property
    def ragged(self) -> "tf.RaggedTensor":
        """Return the codes, (texts, tokens of each)."""
        import tensorflow as tf  # noqa: PLC0415

        with tf.init_scope():
            return tf.RaggedTensor.from_row_splits(tf.constant(self.codes), self.splits)


def watched_examples(validation: np.ndarray) -> np.ndarray:
    """Return the validation examples that are answered after every epoch."""
    return evenly_spaced(validation, WATCHED)
