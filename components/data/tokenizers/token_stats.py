"""What texts show before a model reads them: lengths, frequent tokens, and what would be unknown."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from components.data.datasets import Texts
from components.data.splits.example_split import split_examples
from components.data.splits.time_split import time_split
from components.data.tokenizers.tokenizer import TokenLevel, Vocabulary, count_tokens, tokenize
from components.recipe import Preparation

MOST_CHARACTERS = 2_000_000
"""That are looked at: the first of them, which takes a second."""
MOST_TEXTS = 200_000
"""Likewise."""
_MIN_TEXTS = 3  # texts that can be divided


@dataclass(frozen=True, eq=False)
class TokenStats:
    """Texts counted by their tokens.

    Attributes:
        level: of what a token is.
        lower: whether capitals count as small letters.
        lengths: tokens of each text that was looked at, (N,) int64.
        training: how often each token stands in the training set.
        test: likewise in the test set.
    """

    level: TokenLevel
    lower: bool
    lengths: np.ndarray
    training: Counter[str]
    test: Counter[str]

    @cached_property
    def frequent(self) -> list[tuple[str, int]]:
        """Return the tokens of the training set with their counts, the most frequent first."""
        return sorted(self.training.items(), key=lambda found: (-found[1], found[0]))

    def vocabulary(self, most: int) -> Vocabulary:
        """Return the vocabulary that a model would know."""
        return Vocabulary.of(self.training, self.level, most=most, lower=self.lower)

    def unknown(self, vocabulary: Vocabulary) -> list[tuple[str, int]]:
        """Return the tokens of the test set that a vocabulary doesn't know, the most frequent first."""
        found = [(piece, number) for piece, number in self.test.items() if not vocabulary.contains(piece)]
        return sorted(found, key=lambda found: (-found[1], found[0]))


def token_stats(
    texts: Sequence[str], dataset: Texts, preparation: Preparation, level: TokenLevel, lower: bool
) -> TokenStats:
    """Count the tokens of texts, apart for the training and the test set.

    Args:
        texts: the first of the dataset's, as `first_texts` gives them of `dataset.texts`.
        dataset: whose they are.
        preparation: how they would be divided.
        level: of what a token is.
        lower: whether capitals count as small letters.
    """
    if dataset.is_corpus:
        training, test = split_corpus(texts[0], preparation)
        learnt, held = [training], [test]
    else:
        numbers = training_and_test_texts(dataset, preparation)
        learnt, held = ([texts[at] for at in part if at < len(texts)] for part in numbers)
    return TokenStats(
        level,
        lower,
        token_lengths(texts, level),
        count_tokens(learnt, level, lower=lower),
        count_tokens(held, level, lower=lower),
    )


def token_lengths(texts: Sequence[str], level: TokenLevel) -> np.ndarray:
    """Return the number of tokens of each text, (N,) int64."""
    lengths = (len(text) if level == "character" else len(tokenize(text, level)) for text in texts)
    return np.fromiter(lengths, np.int64, len(texts))


def first_texts(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the first texts, `MOST_CHARACTERS` and `MOST_TEXTS` at most, one at least; a longer one is cut.

    What a page computes of texts, it computes of these: a file may hold hundreds of megabytes.
    """
    return tuple(_first_texts(texts))


def _first_texts(texts: Sequence[str]) -> Iterator[str]:
    room = MOST_CHARACTERS
    for number, text in enumerate(texts[:MOST_TEXTS]):
        room -= len(text)
        if room < 0 and number:
            return
        yield text[:MOST_CHARACTERS]


def portion_sentence(looked_at: Sequence[str], texts: Sequence[str]) -> str:
    """Return which part of texts was looked at; "" where it is all of them."""
    if len(looked_at) < len(texts):
        return f"Computed from the first {len(looked_at):,} of {len(texts):,} texts."
    if len(looked_at[0]) < len(texts[0]):
        return f"Computed from the first {len(looked_at[0]):,} characters."
    return ""


def split_corpus(text: str, preparation: Preparation) -> tuple[str, str]:
    """Return the beginning of a long text, which is for training, and its end, which is for the test."""
    if len(text) < _MIN_TEXTS:
        return text, ""
    found = time_split(len(text), preparation)
    return text[found.train], text[found.test]


def training_and_test_texts(dataset: Texts, preparation: Preparation) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of the texts of the training and of the test set."""
    if dataset.size < _MIN_TEXTS:
        return np.arange(dataset.size), np.arange(0)
    drawn = split_examples(dataset, preparation, dataset.classes)
    return drawn.train, drawn.test
