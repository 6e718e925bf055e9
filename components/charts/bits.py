"""What each character of a text costs: the model beside what only counts."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import BARE, Chart, figure, number, safe
from components.charts.palette import GREY, MODEL
from components.tasks.language_result import Score


def bits(scores: Sequence[Score]) -> Chart:
    """Draw bits per character as bars, the best on top.

    Args:
        scores: the model's, then those of at least one baseline.
    """
    ranked = sorted(scores, key=lambda score: score.bits, reverse=True)
    drawn = figure("Bits per character", "shorter is better", "", height=110 + 38 * len(ranked))
    drawn.add_trace(
        go.Bar(
            x=[score.bits for score in ranked],
            y=[safe(score.label) for score in ranked],
            orientation="h",
            marker={
                "color": [MODEL if score is scores[0] else GREY for score in ranked],
                "line": {"width": 0},
            },
            text=[number(score.bits) for score in ranked],
            textposition="auto",
            hovertemplate="%{y}: %{x:.4g}<extra></extra>",
        )
    )
    drawn.update_layout(hovermode="closest", bargap=0.3, hoverlabel={"bordercolor": BARE})
    drawn.update_xaxes(rangemode="tozero")
    rows = {score.label: score.bits for score in reversed(ranked)}
    return Chart(drawn, _sentence(scores), pd.DataFrame({"bits per character": rows}))


def _sentence(scores: Sequence[Score]) -> str:
    model, best = scores[0], min(scores[1:], key=lambda score: score.bits)
    return (
        f"With the model's guesses a character of unseen text takes {number(model.bits)} bits; "
        f"with those of “{best.label}” in {number(best.bits)}."
    )
