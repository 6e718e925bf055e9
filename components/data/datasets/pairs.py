"""Pairs: a text that is given and the text that answers it, as in a translation or a talk."""

import sys
from dataclasses import dataclass
from typing import ClassVar

from components.data.datasets.base import Dataset, Fact, Kind
from components.errors import DataError


@dataclass(frozen=True, eq=False)
class Pairs(Dataset):
    """Texts and their answers.

    Attributes:
        sources: what is given, none of them empty.
        targets: what is to be written, as many, none of them empty.
        names: of both sides, such as "English" and "French".

    Raises:
        DataError: if there is no pair, or a side of one is empty or missing.
    """

    kind: ClassVar[Kind] = "pairs"
    kind_phrase: ClassVar[str] = "a set of pairs of texts"

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    names: tuple[str, str] = ("given", "answer")

    def __post_init__(self) -> None:
        if not self.sources or len(self.sources) != len(self.targets):
            raise DataError("There are no pairs, or one lacks a side.", where=self.title)
        for number, sides in enumerate(zip(self.sources, self.targets, strict=True), 1):
            if not all(side.strip() for side in sides):
                raise DataError(f"A side of pair {number:,} is empty.", where=self.title)

    @property
    def size(self) -> int:
        """Number of pairs."""
        return len(self.sources)

    @property
    def memory(self) -> int:
        """Bytes that the data takes in memory, about."""
        return sum(map(sys.getsizeof, (*self.sources, *self.targets)))

    def kind_facts(self) -> tuple[Fact, ...]:
        """Return their number, what stands on each side, and how long it is at most."""
        given, answer = self.names
        return (
            Fact("Pairs", f"{self.size:,}"),
            Fact("From", f"{given}, {max(map(len, self.sources)):,} characters at most"),
            Fact("To", f"{answer}, {max(map(len, self.targets)):,} characters at most"),
        )
