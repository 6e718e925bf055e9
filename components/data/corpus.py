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
    drawn = draw(dataset.size, preparation, classes=dataset.classes)
    mixed = (
        np.random.default_rng(0).permutation(part) for part in (drawn.train, drawn.validation, drawn.test)
    )
    return Corpus(*("".join(f"{dataset.texts[at]}{_BETWEEN}" for at in part) for part in mixed))
