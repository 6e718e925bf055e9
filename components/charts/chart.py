"""What every chart is: a figure that a light and a dark page can hold, one sentence, and a table."""

import html
import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from components.charts.palette import GREY, SERIES, with_opacity

GRID_COLOUR = with_opacity(GREY, 0.25)
TRANSPARENT = "rgba(0,0,0,0)"
_MAX_LETTERS = 24  # letters of a name


@dataclass(frozen=True)
class Chart:
    """A figure, what it says in one sentence computed from its numbers, and those numbers."""

    figure: go.Figure
    sentence: str
    table: pd.DataFrame


def figure(title: str, x: str = "", y: str = "", *, height: int = 340) -> go.Figure:
    """Make an empty figure.

    Args:
        title: what is shown, a few words.
        x, y: what the axes measure, with the unit in brackets.
        height: of the whole figure, in pixels; the width is the page's.
    """
    empty = go.Figure(
        layout={"template": {"layout": _TEMPLATE}, "title": {"text": escape_html(title)}, "height": height}
    )
    return empty.update_xaxes(title_text=escape_html(x)).update_yaxes(title_text=escape_html(y))


def escape_html(text: str) -> str:
    """Return a text of unknown origin that plotly shows as it is, without links or markup."""
    return html.escape(text, quote=False)


def shorten(name: str) -> str:
    """Cut a name of unknown length to what an axis has room for."""
    return name if len(name) <= _MAX_LETTERS else f"{name[: _MAX_LETTERS - 1]}…"


def axis_title(quantity: str, unit: str) -> str:
    """Return an axis title: `level (ppm)`, or `level` where no unit is known."""
    return f"{quantity} ({unit})" if unit else quantity


def with_unit(value: float, unit: str) -> str:
    """Return a number with its unit: `413.2 ppm`."""
    return f"{number(value)} {unit}".strip()


def number(value: float) -> str:
    """Return a number with three significant digits, or more for large ones."""
    if not math.isfinite(value):
        return "not a number"
    size = abs(value)
    if size >= 1e6:
        return f"{value:.2e}"
    if size >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def format_signed(value: float) -> str:
    """Return a number near 0 with two digits and a true minus sign: `−0.35`."""
    return f"{value:.2f}".replace("-", "−")


def index_label(value: Any) -> str:
    """Return a label of an index: `31 January 2008`, with the hour if it has one, or `row 12`."""
    if not isinstance(value, pd.Timestamp):
        return f"row {value}"
    hour = "" if value == value.normalize() else f", {value:%H:%M}"
    return f"{value.day} {value:%B %Y}{hour}"


_AXIS = {
    "automargin": True,
    "gridcolor": GRID_COLOUR,
    "linecolor": GRID_COLOUR,
    "zerolinecolor": GRID_COLOUR,
    "ticks": "",
    "ticklabelstandoff": 4,
}
_TEMPLATE: dict[str, Any] = {
    "paper_bgcolor": TRANSPARENT,
    "plot_bgcolor": TRANSPARENT,
    "font": {"color": GREY, "size": 13},
    "colorway": list(SERIES),
    "title": {
        "x": 0,
        "xanchor": "left",
        "xref": "container",
        "yref": "container",
        "y": 0.98,
        "yanchor": "top",
    },
    "margin": {"l": 8, "r": 8, "t": 48, "b": 8},
    "xaxis": _AXIS | {"showgrid": False},
    "yaxis": _AXIS | {"hoverformat": ",.6~g"},
    # Under the axis, where it may take as many lines as a narrow screen makes of it.
    "legend": {
        "orientation": "h",
        "x": 0,
        "y": 0,
        "yref": "container",
        "yanchor": "bottom",
        "bgcolor": TRANSPARENT,
    },
    "hovermode": "x unified",
    "hoverlabel": {"namelength": -1},
}
