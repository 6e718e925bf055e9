"""Texts with classes as subwords, and how many tokens they have: worked out without a worker."""

from dataclasses import dataclass

import numpy as np

from components.data.datasets import Texts
from components.data.splits.example_split import split_examples
from components.data.tokenizers.text_vocabulary import (
    TextVocabulary,
    learn_vocabulary,
    min_subwords,
    text_level,
)
from components.data.tokenizers.token_stats import first_texts, token_lengths
from components.data.tokenizers.tokenizer import TokenLevel
from components.errors import DataError
from components.recipe import ClassifyTexts, Preparation, Recipe
from components.tasks.per_dataset_cache import cached_per_dataset


@dataclass(frozen=True, eq=False)
class SubwordTexts:
    """Texts as subwords.

    Attributes:
        vocabulary: learnt from the training set.
        lengths: tokens of each text that `first_texts` gives, (N,) int64.
    """

    vocabulary: TextVocabulary
    lengths: np.ndarray


def subword_texts(recipe: Recipe, dataset: Texts) -> SubwordTexts | None:
    """Return texts as the subwords that a recipe reads; None where it reads none, or has too few of them."""
    task = recipe.require_task(ClassifyTexts)
    if task.level != "byte_pair":
        return None
    try:
        return _cut(dataset, recipe.preparation, task.vocabulary, task.lower)
    except DataError:
        return None


@cached_per_dataset
def _cut(dataset: Texts, preparation: Preparation, most: int, lower: bool) -> SubwordTexts:
    learnt = _training_texts(dataset, preparation)
    vocabulary = learn_vocabulary(learnt, "byte_pair", most=most, lower=lower)
    looked_at = first_texts(dataset.texts)
    lengths = (len(vocabulary.tokenize(text)) for text in looked_at)
    return SubwordTexts(vocabulary, np.fromiter(lengths, np.int64, len(looked_at)))


@cached_per_dataset
def fewest_subwords(dataset: Texts, preparation: Preparation, lower: bool) -> int:
    """Return the tokens that subwords of a dataset need at least, since each character is one."""
    return min_subwords(_training_texts(dataset, preparation), lower=lower)


def tokens_of_texts(recipe: Recipe, dataset: Texts) -> np.ndarray:
    """Count the tokens of each text that `first_texts` gives, cut as a recipe says, (N,) int64."""
    subwords = subword_texts(recipe, dataset)
    if subwords is not None:
        return subwords.lengths
    return text_lengths(dataset, text_level(recipe.require_task(ClassifyTexts).level))


@cached_per_dataset
def text_lengths(dataset: Texts, level: TokenLevel) -> np.ndarray:
    """Count the words or the characters of each text that `first_texts` gives, (N,) int64."""
    return token_lengths(first_texts(dataset.texts), level)


def _training_texts(dataset: Texts, preparation: Preparation) -> list[str]:
    return [dataset.texts[number] for number in split_examples(dataset, preparation, dataset.classes).train]
