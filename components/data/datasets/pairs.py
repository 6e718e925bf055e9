"""Pairs: a text that is given and the text that answers it, as in a translation or a talk."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

from components.data.datasets.base import Dataset, Fact, Kind
from components.data.datasets.given_split import GivenSplit, division_facts
from components.data.datasets.targets import Classes
from components.errors import DataError


@dataclass(frozen=True, eq=False)
class Pairs(Dataset):
    """Texts and their answers.

    Attributes:
        sources: what is given, none of them empty.
        targets: what is to be written, as many, none of them empty.
        names: of both sides, such as "English" and "French".
        groups: of each pair, such as its document, where none must be in two sets of the data.
        given_split: the set that each pair was meant for; None where that is left to us.

    Raises:
        DataError: if there is no pair, or a side of one is empty or missing.
    """

    kind: ClassVar[Kind] = "pairs"
    kind_phrase: ClassVar[str] = "a set of pairs of texts"

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    names: tuple[str, str] = ("given", "answer")
    groups: Classes | None = None
    given_split: GivenSplit | None = None

    def __post_init__(self) -> None:
        if not self.sources or len(self.sources) != len(self.targets):
            raise DataError("There are no pairs, or one lacks a side.", where=self.title)
        for number, sides in enumerate(zip(self.sources, self.targets, strict=True), 1):
            if not all(side.strip() for side in sides):
                raise DataError(f"A side of pair {number:,} is empty.", where=self.title)
        for part in (self.groups, self.given_split):
            if part and len(part.codes) != len(self.sources):
                raise DataError("A pair has no group, or is in no set.", where=self.title)

    @cached_property
    def kept_together(self) -> Classes | None:
        """The groups of pairs that must not be divided between sets; None where each may go anywhere.

        A source with several targets would be known from the training set if it stood in the test set too,
        so its pairs belong together, however it is spaced and capitalised.
        """
        places: dict[str, int] = {}
        same_source = [places.setdefault(_normalized(text), len(places)) for text in self.sources]
        if self.groups is None:
            is_divided = len(places) < len(self.sources)
            return Classes.numbered(same_source) if is_divided else None
        return Classes.numbered(_connected(same_source, self.groups.codes.tolist()))

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
            *division_facts(self.groups, self.given_split),
        )


def _normalized(text: str) -> str:
    return " ".join(text.casefold().split())


def _connected(one: Sequence[int], other: Sequence[int]) -> list[int]:
    """Return groups that divide no group of either: each example's, as the first of those it belongs with."""
    leader: dict[tuple[int, int], tuple[int, int]] = {}

    def find(node: tuple[int, int]) -> tuple[int, int]:
        while (above := leader.setdefault(node, node)) != node:
            leader[node] = leader.setdefault(above, above)
            node = above
        return node

    for left, right in zip(one, other, strict=True):
        leader[find((0, left))] = find((1, right))
    places: dict[tuple[int, int], int] = {}
    return [places.setdefault(find((0, left)), len(places)) for left in one]
