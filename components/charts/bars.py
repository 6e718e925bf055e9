"""Horizontal bars: one for each of a few names, one of them the model's."""

from collections.abc import Callable, Sequence
from textwrap import wrap

import plotly.graph_objects as go

from components.charts.chart import TRANSPARENT, escape_html, figure
from components.charts.palette import GREY, MODEL

_LINE_LETTERS = 18  # letters of a line of a bar's name, which leave room for the bar on a telephone
_MAX_LINES = 3


def bars(
    title: str,
    axis: str,
    names: Sequence[str],
    lengths: Sequence[float],
    model_index: int,
    formatter: Callable[[float], str],
) -> go.Figure:
    """Draw a bar for each name, the first at the bottom.

    Args:
        title: what is shown.
        axis: what the lengths measure, and which is better.
        names: of the bars.
        lengths: as many, none below 0.
        model_index: the bar in the model's colour.
        formatter: writes a length on its bar.
    """
    drawn = figure(title, axis, "", height=110 + 46 * len(names))
    drawn.add_trace(
        go.Bar(
            x=list(lengths),
            # Each has a place of its own, for two names may look the same.
            y=list(range(len(names))),
            orientation="h",
            marker={
                "color": [MODEL if place == model_index else GREY for place in range(len(names))],
                "line": {"width": 0},
            },
            text=[formatter(length) for length in lengths],
            textposition="auto",
            textangle=0,
            hovertext=[escape_html(name) for name in names],
            hovertemplate="%{hovertext}: %{text}<extra></extra>",
        )
    )
    drawn.update_layout(hovermode="closest", bargap=0.3, hoverlabel={"bordercolor": TRANSPARENT})
    lines = [wrap(name, _LINE_LETTERS, max_lines=_MAX_LINES, placeholder="…") for name in names]
    drawn.update_yaxes(
        tickvals=list(range(len(names))), ticktext=["<br>".join(map(escape_html, of)) for of in lines]
    )
    return drawn.update_xaxes(rangemode="tozero")
