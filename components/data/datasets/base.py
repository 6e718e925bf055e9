"""What datasets of every kind have in common: a name, where they came from, and what there is to know."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from components.recipe import DatasetReference

Kind = Literal["series", "sequences", "recordings", "texts", "pairs"]


@dataclass(frozen=True)
class Provenance:
    """Who made the data, and on what terms others may use it."""

    source: str
    licence: str
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of what there is to know about a dataset."""

    label: str
    value: str


@dataclass(frozen=True, eq=False)
class Dataset(ABC):
    """What a recipe's reference stands for, never changed in place.

    Attributes:
        reference: what `components.data.load` made it from.
        notes: plain sentences on what was done to the data on its way in.
        kind: what it is made of; every kind is a class of its own.
        kind_phrase: the kind in words that go on from “This is …”.
    """

    kind: ClassVar[Kind]
    kind_phrase: ClassVar[str]

    reference: DatasetReference
    title: str
    provenance: Provenance
    notes: tuple[str, ...] = field(default=(), kw_only=True)

    @property
    @abstractmethod
    def size(self) -> int:
        """Number of rows, sequences, texts or pairs."""

    @property
    @abstractmethod
    def memory(self) -> int:
        """Bytes that the data takes in memory, about."""

    @abstractmethod
    def kind_facts(self) -> tuple[Fact, ...]:
        """Return the facts that only a dataset of this kind has."""

    def facts(self) -> tuple[Fact, ...]:
        """Return what there is to know of the dataset, for a person to read."""
        source, licence = self.provenance.source, self.provenance.licence
        return (*self.kind_facts(), Fact("Source", source), Fact("Licence", licence))
