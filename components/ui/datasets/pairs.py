"""Pairs of texts on a page: how long both sides are, and the pairs themselves."""

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.examples import lengths
from components.data.dataset import Pairs
from components.data.doctor import Finding
from components.data.doctor.texts import examine_pairs
from components.data.text import tokens
from components.recipe import Preparation
from components.ui.datasets.common import level_chosen, say
from components.ui.figures import show
from components.ui.words import LEVELS, count

_MOST_ROWS = 1000  # in the table
_MOST_SHOWN = 400  # characters of a side in the table


def look_at(dataset: Pairs) -> None:
    """Draw how long both sides are, and show the first pairs."""
    say(_findings(dataset, dataset.reference.model_dump_json()))
    _table(dataset)
    level = level_chosen(dataset, "Count their lengths in", "character")
    for side, texts, name in zip(
        ("from", "to"), (dataset.sources, dataset.targets), dataset.names, strict=True
    ):
        counts = np.array([len(text) if level == "character" else len(tokens(text, level)) for text in texts])
        chart = lengths(counts, what=f"texts of “{name}”", unit=LEVELS[level].lower())
        show(chart, key=f"data-lengths-{side}")


@st.cache_resource(max_entries=16, show_spinner=False)
def _findings(_dataset: Pairs, reference: str) -> tuple[Finding, ...]:
    return examine_pairs(_dataset, Preparation())


def _table(dataset: Pairs) -> None:
    shown = min(dataset.size, _MOST_ROWS)
    first, second = dataset.names
    table = pd.DataFrame(
        {
            first: [text[:_MOST_SHOWN] for text in dataset.sources[:shown]],
            second if second != first else f"{second} ": [
                text[:_MOST_SHOWN] for text in dataset.targets[:shown]
            ],
        },
        index=pd.RangeIndex(1, shown + 1, name="place"),
    )
    st.dataframe(table, height=320, alt=f"The pairs of {dataset.title}")
    if dataset.size > _MOST_ROWS:
        st.caption(f"The first {count(_MOST_ROWS, 'pair')} of {dataset.size:,}.")
