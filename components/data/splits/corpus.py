"""Texts as one long text to learn a language from, divided into training, validation and test."""

from dataclasses import dataclass

import numpy as np

from components.data.datasets import Texts
from components.data.splits.example_split import split_examples
from components.data.splits.time_split import time_split
from components.recipe import Preparation

_SEPARATOR = "\n"


@dataclass(frozen=True)
class Corpus:
    """The text of each part."""

    train: str
    validation: str
    test: str


def build_corpus(dataset: Texts, preparation: Preparation) -> Corpus:
    """Divide a long text from its beginning to its end; draw many short ones, and set them under each other.

    Lists are often sorted, so that each one would tell the next: the short ones of a part come mixed up,
    always in the same way.

    Raises:
        DataError: if there are fewer than three texts, or of a single one fewer than three characters.
    """
    if dataset.is_corpus:
        (text,) = dataset.texts
        found = time_split(len(text), preparation)
        return Corpus(text[found.train], text[found.validation], text[found.test])
    return Corpus(*(_join_texts(dataset, part) for part in _shuffle_texts(dataset, preparation)))


def training_excerpt(dataset: Texts, preparation: Preparation, characters: int) -> str:
    """Return the beginning of the training set, of so many characters at most.

    Raises:
        DataError: as `build_corpus` does.
    """
    if dataset.is_corpus:
        return dataset.texts[0][:characters]
    return _join_texts(dataset, _shuffle_texts(dataset, preparation)[0][:characters])[:characters]


def _shuffle_texts(dataset: Texts, preparation: Preparation) -> list[np.ndarray]:
    """Return the numbers of the texts of each part, in the order in which they are read."""
    drawn = split_examples(dataset, preparation, dataset.classes)
    return [
        np.random.default_rng(0).permutation(part) for part in (drawn.train, drawn.validation, drawn.test)
    ]


def _join_texts(dataset: Texts, numbers: np.ndarray) -> str:
    return "".join(f"{dataset.texts[at]}{_SEPARATOR}" for at in numbers)
