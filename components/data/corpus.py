"""Texts as one long text to learn a language from, divided into training, validation and test."""

from dataclasses import dataclass

import numpy as np

from components.data.dataset import Texts
from components.data.draw import draw
from components.data.split import split
from components.recipe import Preparation

_BETWEEN = "\n"


@dataclass(frozen=True)
class Corpus:
    """The text of each part."""

    train: str
    validation: str
    test: str


def corpus(dataset: Texts, preparation: Preparation) -> Corpus:
    """Divide a long text from its beginning to its end; draw many short ones, and set them under each other.

    Lists are often sorted, so that each one would tell the next: the short ones of a part come mixed up,
    always in the same way.

    Raises:
        DataError: if there are fewer than three texts, or of a single one fewer than three characters.
    """
    if dataset.is_corpus:
        (text,) = dataset.texts
        found = split(len(text), preparation)
        return Corpus(text[found.train], text[found.validation], text[found.test])
    return Corpus(*(_joined(dataset, part) for part in _mixed(dataset, preparation)))


def beginning(dataset: Texts, preparation: Preparation, characters: int) -> str:
    """Give the beginning of the training part, of so many characters at most.

    Raises:
        DataError: as `corpus` does.
    """
    if dataset.is_corpus:
        return dataset.texts[0][:characters]
    return _joined(dataset, _mixed(dataset, preparation)[0][:characters])[:characters]


def _mixed(dataset: Texts, preparation: Preparation) -> list[np.ndarray]:
    """Give the numbers of the texts of each part, in the order in which they are read."""
    drawn = draw(dataset.size, preparation, classes=dataset.classes)
    return [
        np.random.default_rng(0).permutation(part) for part in (drawn.train, drawn.validation, drawn.test)
    ]


def _joined(dataset: Texts, numbers: np.ndarray) -> str:
    return "".join(f"{dataset.texts[at]}{_BETWEEN}" for at in numbers)
