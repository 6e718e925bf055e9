"""Texts: many short ones, with or without classes, or a single long one to learn a language from."""

import sys
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from components.data.datasets.base import Dataset, Fact, Kind
from components.data.datasets.given_split import GivenSplit, division_facts
from components.data.datasets.sequences import join_names
from components.data.datasets.targets import Classes
from components.errors import DataError


@dataclass(frozen=True, eq=False)
class Texts(Dataset):
    """Texts in their order; a corpus is a single one.

    Attributes:
        texts: one or more; some may be empty, not all.
        classes: of each text, where it has one.
        groups: of each text, such as its author, where none must be in two sets of the data.
        given_split: the set that each text was meant for; None where that is left to us.

    Raises:
        DataError: if there is no text, or one without a class among others that have theirs.
    """

    kind: ClassVar[Kind] = "texts"
    kind_phrase: ClassVar[str] = "a set of texts"

    texts: tuple[str, ...]
    classes: Classes | None = None
    groups: Classes | None = None
    given_split: GivenSplit | None = None

    def __post_init__(self) -> None:
        if not any(text.strip() for text in self.texts):
            raise DataError("There is no text.", where=self.title)
        if self.classes and len(self.classes.codes) != len(self.texts):
            raise DataError("A text has no class.", where=self.title)
        for part in (self.groups, self.given_split):
            if part and len(part.codes) != len(self.texts):
                raise DataError("A text has no group, or is in no set.", where=self.title)

    @property
    def size(self) -> int:
        """Number of texts."""
        return len(self.texts)

    @property
    def memory(self) -> int:
        """Bytes that the data takes in memory, about."""
        return sum(map(sys.getsizeof, self.texts))

    @property
    def kept_together(self) -> Classes | None:
        """The groups of texts that must not be divided between sets; None where each may go anywhere."""
        return self.groups

    @property
    def is_corpus(self) -> bool:
        """Whether it is one long text rather than many short ones."""
        return len(self.texts) == 1

    @property
    def characters(self) -> np.ndarray:
        """Characters of each text, (N,) int64."""
        return np.fromiter(map(len, self.texts), np.int64, len(self.texts))

    def kind_facts(self) -> tuple[Fact, ...]:
        """Return their number, their lengths and their classes."""
        lengths = self.characters
        facts = [Fact("Texts", f"{self.size:,}"), Fact("Characters", f"{lengths.sum():,}")]
        if not self.is_corpus:
            facts.append(Fact("Length of a text", f"{lengths.min():,} to {lengths.max():,} characters"))
        if self.classes:
            facts.append(Fact("Classes", join_names(self.classes.names)))
        return (*facts, *division_facts(self.groups, self.given_split))
