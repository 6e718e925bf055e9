"""A series too long to be sent whole: drawn thinned, and in full where a visitor zooms into it."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from components.charts.chart import Chart
from components.charts.series import MOST_POINTS
from components.charts.stretch import fits
from components.ui.detail import offers
from components.ui.figures import say, show
from components.ui.routes import address

# The script itself comes by a route, once for a browser; this goes with every mount.
_MOUNT = """
export default function (component) {
  const { data, parentElement } = component;
  const zoomable = import(new URL(data.script, new URL("./", document.baseURI)));
  zoomable.then(
    (script) => script.show(component),
    () => (parentElement.firstElementChild.textContent = "The chart didn't load. Reload the page."),
  );
  return () => zoomable.then((script) => script.hide(parentElement), () => {});
}
"""

_CHART = st.components.v2.component(
    "unroll_zoomable",
    html="<div></div>",
    css=(Path(__file__).parent / "assets" / "zoomable.css").read_text(encoding="utf-8"),
    js=_MOUNT,
    isolate_styles=False,  # plotly.js writes its styles into the document's head
)

_SCRIPTS = {"script": address("zoomable.js"), "plotly": address("plotly.js")}


def show_series(chart: Chart, table: pd.DataFrame, columns: Sequence[str], key: str) -> None:
    """Draw columns over time; where they are thinned, zooming in fetches what was left out.

    That needs no rerun, and none ends the zoom unless what is drawn has changed.

    Args:
        chart: what `components.charts.series.series` made of these columns.
        table: theirs. It must live on in a cache for as long as detail is to be had.
        columns: which are drawn, first to last.
        key: a name of its own on the page.
    """
    if len(table) <= MOST_POINTS or not fits(table):
        show(chart, key)
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
        "token": offers().offer(table, tuple(columns)),
    }
    _CHART(key=key, data=_SCRIPTS | data, height=figure.layout.height)
    say(chart, key)
