"""A series too long to be sent whole: drawn thinned, and in full where a visitor zooms into it."""

from collections.abc import Sequence

import pandas as pd

from components.charts.chart import Chart
from components.charts.series import MOST_POINTS
from components.charts.zoom_range import can_zoom
from components.ui.widgets.chart_display import show_caption, show_chart
from components.ui.widgets.js_component import js_component
from components.ui.zoom_tokens import zoom_tokens

_component = js_component("zoomable_chart", "figure", "zoomable_chart")


def show_series(chart: Chart, table: pd.DataFrame, columns: Sequence[str], key: str) -> None:
    """Draw columns over time; where they are thinned, zooming in fetches what was left out.

    That needs no rerun, and none ends the zoom unless what is drawn has changed.

    Args:
        chart: what `components.charts.series.series` made of these columns.
        table: theirs. It must live on in a cache for as long as detail is to be had.
        columns: which are drawn, first to last.
        key: a name of its own on the page.
    """
    if len(table) <= MOST_POINTS or not can_zoom(table):
        show_chart(chart, key)
        return
    figure = chart.figure
    timed = isinstance(table.index, pd.DatetimeIndex)
    # Else plotly guesses it anew from every stretch.
    figure.update_xaxes(type="date" if timed else "linear")
    data = {
        "figure": figure.to_json(),
        "alt": chart.sentence,
        "rows": len(table),
        "drawn": MOST_POINTS,
        "token": zoom_tokens().token_for(table, tuple(columns)),
    }
    _component(key=key, data=data, height=figure.layout.height)
    show_caption(chart.sentence, chart.table, key)
