"""What the pages do differently by what sequences are. The type checker says what a new kind still lacks."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import numpy as np

from components.charts.chart import Chart
from components.data.datasets import Sequences
from components.recipe import DatasetReference
from components.runs.store import Run

SequencesT = TypeVar("SequencesT", bound=Sequences)


class SequenceKind(ABC, Generic[SequencesT]):
    """A kind of sequences: what they are called, how they are drawn and asked about."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What one is called."""

    @property
    @abstractmethod
    def plural(self) -> str:
        """What several are called."""

    @property
    @abstractmethod
    def icon(self) -> str:
        """The icon of asking about one, as `:material/…:`."""

    @property
    @abstractmethod
    def invitation(self) -> str:
        """What a person can do with the run's own model, in a few words."""

    @property
    def bring(self) -> Callable[[SequencesT], np.ndarray | None] | None:
        """Draws how a person brings one, and returns it, (T, channels); None where none can be brought."""
        return None

    @abstractmethod
    def draw(self, dataset: SequencesT, chosen: Sequence[tuple[str, int]], title: str) -> Chart:
        """Return the picture of some of a dataset, side by side.

        Args:
            dataset: the sequences.
            chosen: the name and the number of each that is drawn.
            title: of the picture.
        """

    @abstractmethod
    def thumbnail(self, reference: DatasetReference) -> str:
        """Return the picture of a card as SVG, without loading more than that needs."""

    @abstractmethod
    def ask_class(self, run: Run, dataset: SequencesT) -> None:
        """Let a person ask a run's own model for the class of one, and show why it says so."""
