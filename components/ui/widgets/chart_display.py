"""Charts and drawings on a page, each with its sentence and its numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import streamlit as st

from components.charts.chart import Chart
from components.charts.model_diagram import model_diagram
from components.models.summary import ModelSummary
from components.ui.formatting import escape

_MAX_ROWS = 10_000  # in a chart's table; a browser that is sent all of a long series gets slow
_FONT = '"Source Sans", sans-serif'  # the page's own; plotly doesn't take it over by itself


def show_chart(chart: Chart, key: str, on_select: Callable[[], None] | None = None) -> None:
    """Draw a chart that stands still.

    Args:
        chart: what to draw.
        key: a name of its own on the page, which keeps the zoom across reruns.
        on_select: called when a point is clicked, which the session then holds under the key.
    """
    figure = chart.figure.update_layout(font_family=_FONT)
    st.plotly_chart(
        figure,
        theme="streamlit",
        key=key,
        config={"displaylogo": False},
        alt=chart.sentence,
        on_select=on_select or "ignore",
        selection_mode="points",
    )
    show_caption(chart.sentence, chart.table, key)


def show_caption(sentence: str, numbers: pd.DataFrame, key: str) -> None:
    """Write a sentence, and offer the numbers behind it as a table.

    Args:
        sentence: what is seen in a drawing.
        numbers: of which it was made.
        key: of the drawing on the page.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(escape(sentence), width="stretch")
        table = st.popover("As a table", type="tertiary", on_change="rerun", key=f"{key}-table")
    if table.open:
        table.dataframe(numbers.head(_MAX_ROWS), alt=sentence)
        if len(numbers) > _MAX_ROWS:
            table.caption(f"The first {_MAX_ROWS:,} rows of {len(numbers):,}.")


@contextmanager
def folded(title: str, finding: str, key: str) -> Iterator[bool]:
    """Draw a fold that says on its outside what is found in it.

    Args:
        title: what it holds, a word or two.
        finding: the sentence of what is found.
        key: a name of its own on the page.

    Yields:
        whether it is open: only then is anything to be drawn, so that a page with many is there at once.
    """
    fold = st.expander(
        f"**{escape(title)}** {escape(finding)}",
        icon=":material/unfold_more:",
        on_change="rerun",
        key=key,
    )
    with fold:
        yield bool(fold.open)


def index_column_config(index: pd.Index) -> dict[str, Any] | None:
    """Return the configuration of a table on a page that writes its times as short as they allow."""
    if not isinstance(index, pd.DatetimeIndex):
        return None
    known = index.dropna()
    days = (known == known.normalize()).all()
    return {"_index": st.column_config.DatetimeColumn(format="YYYY-MM-DD" if days else "YYYY-MM-DD HH:mm:ss")}


def show_model_diagram(plan: ModelSummary, before: ModelSummary | None = None) -> None:
    """Draw a model as boxes from its window down to its forecast; what differs from before is marked."""
    drawing = model_diagram(plan, before)
    # The sentence comes first: what stood below the drawing would jump when that is there.
    st.caption(escape(drawing.sentence))
    st.html(drawing.html)
