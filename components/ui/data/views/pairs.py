"""Pairs of texts on a page: how long both sides are, and the pairs themselves."""

import pandas as pd
import streamlit as st

from components.charts.examples import length_histogram
from components.data.cleaning.doctor import Finding
from components.data.cleaning.doctor.texts import examine_pairs
from components.data.datasets import Pairs
from components.data.tokenizers.token_stats import first_texts, portion_sentence, token_lengths
from components.recipe import Preparation
from components.ui.data.views.common import choose_level, show_findings
from components.ui.formatting import TOKEN_LEVELS, count
from components.ui.widgets.chart_display import show_chart

_MOST_ROWS = 1000  # in the table
_MAX_CHARACTERS = 400  # characters of a side in the table


def show_pairs(dataset: Pairs) -> None:
    """Draw how long both sides are, and show the first pairs."""
    show_findings(_findings(dataset, dataset.reference.model_dump_json()))
    _show_table(dataset)
    level = choose_level(dataset, "Count length in", "character")
    for side, texts, name in zip(
        ("from", "to"), (dataset.sources, dataset.targets), dataset.names, strict=True
    ):
        looked_at = first_texts(texts)
        chart = length_histogram(
            token_lengths(looked_at, level), what=f"texts of “{name}”", unit=TOKEN_LEVELS[level].lower()
        )
        show_chart(chart, key=f"data-lengths-{side}")
        if portion := portion_sentence(looked_at, texts):
            st.caption(f":material/info: {portion}")


@st.cache_resource(max_entries=16, show_spinner=False)
def _findings(_dataset: Pairs, reference: str) -> tuple[Finding, ...]:
    return examine_pairs(_dataset, Preparation())


def _show_table(dataset: Pairs) -> None:
    shown = min(dataset.size, _MOST_ROWS)
    first, second = dataset.names
    table = pd.DataFrame(
        {
            first: [text[:_MAX_CHARACTERS] for text in dataset.sources[:shown]],
            second if second != first else f"{second} ": [
                text[:_MAX_CHARACTERS] for text in dataset.targets[:shown]
            ],
        },
        index=pd.RangeIndex(1, shown + 1, name="number"),
    )
    st.dataframe(table, height=320, alt=f"The pairs of {dataset.title}")
    if dataset.size > _MOST_ROWS:
        st.caption(f"The first {count(_MOST_ROWS, 'pair')} of {dataset.size:,}.")
