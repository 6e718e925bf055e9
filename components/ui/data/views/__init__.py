"""A dataset that is no series on a page: one view for each kind."""

from collections.abc import Callable
from typing import Any

from components.data.datasets import Dataset, Kind
from components.ui.data.views import pairs, recordings, sequences, texts
from components.ui.data.views.common import show_facts

# What draws each kind. A new kind is a file, and a line here.
VIEWS: dict[Kind, Callable[[Any], None]] = {
    "sequences": sequences.show_sequences,
    "recordings": recordings.show_recordings,
    "texts": texts.show_texts,
    "pairs": pairs.show_pairs,
}


def show_dataset(dataset: Dataset) -> None:
    """Show a dataset's charts, and its facts."""
    VIEWS[dataset.kind](dataset)
    show_facts(dataset)
