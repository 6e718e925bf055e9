"""What pairs of texts come to, counted without a worker."""

from dataclasses import dataclass

import numpy as np

from components.data.datasets import Pairs
from components.data.splits.example_split import split_examples
from components.data.tokenizers.tokenizer import SPECIAL, TokenLevel, count_tokens, join_tokens, tokenize
from components.recipe import Chat, Preparation, Translate
from components.tasks.per_dataset_cache import cached_per_dataset

PairsOptions = Translate | Chat

MOST_CHARACTERS = 20_000_000
"""Of all texts to learn from, both sides together: their tokens are counted while a person waits."""


@dataclass(frozen=True)
class PairSizes:
    """What of a dataset decides how large a model gets and how long it takes.

    Attributes:
        kept: (pairs,) which are short enough.
        train: pairs to learn from.
        vocabularies: tokens known of either side.
        lengths: tokens of the longest text and of the longest answer with its end, of those kept.
    """

    kept: np.ndarray
    train: int
    vocabularies: tuple[int, int]
    lengths: tuple[int, int]


def is_too_long(dataset: Pairs) -> bool:
    """Return whether pairs are too long to learn from."""
    return sum(len(text) for side in (dataset.sources, dataset.targets) for text in side) > MOST_CHARACTERS


def normalized(text: str, task: PairsOptions) -> str:
    """Return a text as its tokens are joined again, which makes texts comparable."""
    return join_tokens(tokenize(text, task.level, lower=task.lower), task.level)


@cached_per_dataset
def sizes(dataset: Pairs, task: PairsOptions, preparation: Preparation) -> PairSizes:
    """Return what of a dataset decides how large its model gets."""
    lengths = token_counts(dataset, task.level, task.lower)
    kept = short_enough(lengths, task)
    train = split_examples(dataset, preparation).train
    train = train[kept[train]]
    read, written = lengths[kept].max(axis=0).tolist() if kept.any() else (1, 1)
    vocabularies = []
    for texts in (dataset.sources, dataset.targets):
        counts = count_tokens((texts[number] for number in train), task.level, lower=task.lower)
        vocabularies.append(min(task.vocabulary, len(SPECIAL) + len(counts)))
    return PairSizes(kept, len(train), (vocabularies[0], vocabularies[1]), (read, written + 1))


@cached_per_dataset
def token_counts(dataset: Pairs, level: TokenLevel, lower: bool) -> np.ndarray:
    """Return the number of tokens of both sides, (pairs, 2)."""
    sides = (dataset.sources, dataset.targets)
    return np.array([[len(tokenize(text, level, lower=lower)) for text in side] for side in sides]).T


def short_enough(lengths: np.ndarray, task: PairsOptions) -> np.ndarray:
    """Return which pairs are short enough on both sides, (pairs,) bool."""
    return np.all(lengths <= task.longest, axis=1)


def too_long(task: PairsOptions) -> str:
    """Return that too few pairs are short enough, in words."""
    return f"Too few pairs have at most {task.longest:,} tokens on both sides."
