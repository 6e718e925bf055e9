"""Who came closest: the model and what costs nothing."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import BARE, Chart, figure, measured, number, safe, with_unit
from components.charts.palette import GREY, MODEL
from components.tasks.result import Score


def scores(every: Sequence[Score], unit: str = "") -> Chart:
    """Draw the mean absolute errors as bars, the best on top.

    Args:
        every: the model's score, then those of at least one baseline.
    """
    ranked = sorted(every, key=lambda score: score.mae, reverse=True)
    drawn = figure(
        "Mean absolute error", measured("shorter is better", unit), "", height=110 + 38 * len(ranked)
    )
    drawn.add_trace(
        go.Bar(
            x=[score.mae for score in ranked],
            y=[safe(score.label) for score in ranked],
            orientation="h",
            marker={
                "color": [MODEL if score is every[0] else GREY for score in ranked],
                "line": {"width": 0},
            },
            text=[number(score.mae) for score in ranked],
            textposition="auto",
            hovertemplate="%{y}: %{x:.4g}<extra></extra>",
        )
    )
    drawn.update_layout(hovermode="closest", bargap=0.3, hoverlabel={"bordercolor": BARE})
    drawn.update_xaxes(rangemode="tozero")
    rows = {score.label: score.mae for score in reversed(ranked)}
    return Chart(drawn, _sentence(ranked[::-1], every[0], unit), pd.DataFrame({"mean absolute error": rows}))


def _sentence(ranked: Sequence[Score], model: Score, unit: str) -> str:
    own = with_unit(model.mae, unit)
    if ranked[0] is model:
        second = f"next is “{ranked[1].label}” with {number(ranked[1].mae)}"
        return f"Of {len(ranked)} forecasters the model comes closest, off by {own} on average; {second}."
    first = f"“{ranked[0].label}” comes closest with {number(ranked[0].mae)}"
    place = ranked.index(model) + 1
    return f"Of {len(ranked)} forecasters the model is number {place}, off by {own} on average; {first}."
