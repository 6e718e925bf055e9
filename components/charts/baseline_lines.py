"""The lines of baselines beside the model's, of which only the strongest are drawn at first."""

from collections.abc import Collection, Mapping

import plotly.graph_objects as go

from components.charts.palette import GREY

_OTHERS = "other baselines"


def add_baselines(drawn: go.Figure, lines: Mapping[str, go.Scatter], shown: Collection[str]) -> None:
    """Add a line for each baseline to a figure.

    Those that aren't shown at first share an entry of the legend, which shows them all: with one each, it
    would be half as high as the chart on a phone.

    Args:
        drawn: the figure.
        lines: by the names of the baselines.
        shown: those that are drawn at first.
    """
    waiting = {"visible": "legendonly", "legendgroup": _OTHERS}
    for name, line in lines.items():
        drawn.add_trace(line if name in shown else line.update(waiting, showlegend=False))
    if len(lines) > len(shown):
        entry = go.Scatter(x=[None], y=[None], name=_OTHERS, mode="lines", line={"color": GREY})
        drawn.add_trace(entry.update(waiting))
