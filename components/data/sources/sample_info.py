"""What is known of a dataset that ships with Unroll without reading it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from components.data.datasets import Dataset, Kind, Provenance
from components.recipe import Sample

FILES = Path(__file__).parents[1] / "files"


@dataclass(frozen=True, kw_only=True)
class SampleInfo(ABC):
    """What is known of a sample without reading it.

    Attributes:
        file: its name among the files that ship.
        description: what it shows, in one or two sentences for people.
        notes: what was done to the data before it shipped.
        kind: of the dataset that it gives.
    """

    kind: ClassVar[Kind]

    title: str
    file: str
    description: str
    provenance: Provenance
    notes: tuple[str, ...] = ()

    @abstractmethod
    def read(self, reference: Sample) -> Dataset:
        """Read it."""
