"""What pairs of texts come to, counted without a worker."""

from dataclasses import dataclass

import numpy as np

from components.data.datasets import Pairs
from components.data.splits.example_split import split_examples
from components.data.tokenizers.text_vocabulary import TextVocabulary
from components.data.tokenizers.tokenizer import TokenLevel, tokenize
from components.errors import DataError
from components.models.seq2seq_spec import Seq2SeqSpec
from components.recipe import Preparation, Translate
from components.tasks.per_dataset_cache import cached_per_dataset
from components.tasks.seq2seq.vocabularies import (
    PairsOptions,
    learn_vocabularies,
)

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


def spec_of(task: PairsOptions) -> Seq2SeqSpec:
    """Return what the parts of a task's model share."""
    return Seq2SeqSpec(is_tied=task.tied, is_shared=task.shared, feeds_attention=task.input_feeding)


@cached_per_dataset
def sizes(dataset: Pairs, task: PairsOptions, preparation: Preparation) -> PairSizes:
    """Return what of a dataset decides how large its model gets.

    Where there are more characters than subwords may be, which `checks` refuses, it is that of characters.
    """
    train = split_examples(dataset, preparation).train
    subwords = subword_pairs(dataset, task, preparation)
    if subwords:
        lengths = subwords.lengths
    else:
        lengths = token_counts(dataset, "word" if task.level == "word" else "character", task.lower)
    kept = short_enough(lengths, task)
    train = train[kept[train]]
    read, written = lengths[kept].max(axis=0).tolist() if kept.any() else (1, 1)
    if subwords:
        source, answer = map(len, subwords.vocabularies)
    elif task.level == "byte_pair":
        source = answer = task.vocabulary
    else:
        source, answer = map(len, learn_vocabularies(dataset, task, train))
    return PairSizes(kept, len(train), (source, answer), (read, written + 1))


@dataclass(frozen=True, eq=False)
class SubwordPairs:
    """Pairs as subwords.

    Attributes:
        vocabularies: of both sides, learnt from the training set.
        lengths: tokens of both sides, (pairs, 2).
    """

    vocabularies: tuple[TextVocabulary, TextVocabulary]
    lengths: np.ndarray


def subword_pairs(dataset: Pairs, task: PairsOptions, preparation: Preparation) -> SubwordPairs | None:
    """Return pairs as subwords; None where the task has none, or where there are too many characters."""
    if task.level != "byte_pair":
        return None
    # Another setting doesn't have them learnt anew.
    learnt = Translate(level="byte_pair", vocabulary=task.vocabulary, lower=task.lower, shared=task.shared)
    try:
        return _learn_subwords(dataset, learnt, preparation)
    except DataError:
        return None


@cached_per_dataset
def _learn_subwords(dataset: Pairs, task: PairsOptions, preparation: Preparation) -> SubwordPairs:
    vocabularies = learn_vocabularies(dataset, task, split_examples(dataset, preparation).train)
    return SubwordPairs(vocabularies, vocabulary_counts(dataset, vocabularies))


@cached_per_dataset
def token_counts(dataset: Pairs, level: TokenLevel, lower: bool) -> np.ndarray:
    """Return the number of words or characters of both sides, (pairs, 2)."""
    sides = (dataset.sources, dataset.targets)
    return np.array([[len(tokenize(text, level, lower=lower)) for text in side] for side in sides]).T


def vocabulary_counts(dataset: Pairs, vocabularies: tuple[TextVocabulary, TextVocabulary]) -> np.ndarray:
    """Return the number of tokens of both sides, cut as their vocabularies do, (pairs, 2)."""
    sides = zip((dataset.sources, dataset.targets), vocabularies, strict=True)
    return np.array([[len(known.tokenize(text)) for text in texts] for texts, known in sides]).T


def short_enough(lengths: np.ndarray, task: PairsOptions) -> np.ndarray:
    """Return which pairs are short enough on both sides, (pairs,) bool."""
    return np.all(lengths <= task.longest, axis=1)


def too_long(task: PairsOptions) -> str:
    """Return that too few pairs are short enough, in words."""
    return f"Too few pairs have at most {task.longest:,} tokens on both sides."
