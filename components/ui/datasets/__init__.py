"""A dataset that is no series on a page: one view for each kind."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.data.dataset import Dataset, Kind
from components.ui.datasets import pairs, sequences, texts
from components.ui.datasets.common import facts

# What draws each kind. A new kind is a file, and a line here.
VIEWS: dict[Kind, Callable[[Any], None]] = {
    "sequences": sequences.look_at,
    "texts": texts.look_at,
    "pairs": pairs.look_at,
}


def look_at(dataset: Dataset) -> None:
    """Show what is in a dataset, what there is to know before training, and what it is."""
    VIEWS[dataset.kind](dataset)
    facts(dataset)
    st.caption("Forecasting needs a series of numbers in time.")
