"""Attention of a forecast to past steps."""

from typing import Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import TRANSPARENT, Chart, figure
from components.charts.palette import BLUE, SKY, with_opacity


def forecast_attention(weights: np.ndarray, rows: Literal["step ahead", "head"]) -> Chart:
    """Draw weights as a heatmap.

    Args:
        weights: (steps ahead or heads, window), each row adding up to 1; the window's newest step last.
        rows: what a row of it is.
    """
    window = weights.shape[1]
    back = np.arange(window, 0, -1)
    numbers = np.arange(1, len(weights) + 1)
    drawn = figure(
        "Attention to past steps", "steps back from the forecast", rows, height=_height(len(weights))
    )
    drawn.add_trace(
        go.Heatmap(
            x=back,
            y=numbers,
            z=weights,
            zmin=0,
            zmax=float(weights.max()),
            # From the page's own colour to full blue: nothing looked at leaves nothing on the page.
            colorscale=[[0, with_opacity(BLUE, 0.04)], [0.5, with_opacity(BLUE, 0.6)], [1, SKY]],
            colorbar={"title": {"text": "weight"}, "tickformat": ".0%", "thickness": 12, "outlinewidth": 0},
            hovertemplate=f"%{{x}} steps back, {rows} %{{y}}: %{{z:.1%}}<extra></extra>",
        )
    )
    drawn.update_xaxes(autorange="reversed")
    drawn.update_yaxes(dtick=max(1, len(weights) // 8), zeroline=False, showgrid=False)
    drawn.update_layout(hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT})
    mean = weights.mean(axis=0)
    table = pd.DataFrame(
        weights.T, index=pd.Index(back, name="steps back"), columns=[f"{rows} {n}" for n in numbers]
    )
    return Chart(drawn, _sentence(mean, back), table)


def _height(rows: int) -> int:
    return int(np.clip(140 + 22 * rows, 240, 560))


def _sentence(mean: np.ndarray, back: np.ndarray) -> str:
    most = int(mean.argmax())
    even = 1 / len(mean)
    if mean[most] < 2 * even:
        return f"The weights are nearly even: no step gets much more than an equal share of {even:.1%}."
    steps = "step" if back[most] == 1 else "steps"
    near = mean[back <= max(1, len(mean) // 4)].sum()
    return (
        f"On average, the model attends most to {back[most]} {steps} back, with {mean[most]:.0%} of its "
        f"attention; the newest quarter of the window gets {near:.0%}."
    )
