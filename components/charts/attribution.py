"""The steps that a model's output depends on, by several attributions, each in a row of its own."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import TRANSPARENT, escape_html, figure
from components.charts.palette import BLUE, GREY, VERMILLION, with_opacity

ATTRIBUTION_SCALE = [
    [0, with_opacity(VERMILLION, 0.9)],
    [0.5, with_opacity(GREY, 0.05)],
    [1, with_opacity(BLUE, 0.9)],
]


def attribution_map(
    rows: Mapping[str, np.ndarray],
    steps: Sequence[str] | None = None,
    least: Mapping[str, float] | None = None,
) -> tuple[go.Figure, pd.DataFrame]:
    """Draw what each step contributes, blue for the prediction and red against it; return the numbers too.

    Args:
        rows: an attribution's name → (T,).
        steps: what stands at each step, such as the words; None: they are only numbered.
        least: an attribution's name → a value that is drawn faintly even if it's the largest of its row.
    """
    least = least or {}
    many = len(next(iter(rows.values())))
    # Each way of asking has a measure of its own, so each row is drawn by its own largest.
    shown = np.stack(
        [row / max(float(np.abs(row).max()), least.get(name, 1e-12)) for name, row in rows.items()]
    )
    drawn = figure("Attribution", "" if steps else "step", "", height=130 + 44 * len(rows))
    drawn.add_trace(
        go.Heatmap(
            x=np.arange(1, many + 1),
            y=list(rows),
            z=shown,
            zmin=-1,
            zmax=1,
            colorscale=ATTRIBUTION_SCALE,
            showscale=False,
            customdata=np.stack([np.stack(list(rows.values()))], axis=-1),
            hovertemplate="%{y}, %{x}: %{customdata[0]:.3~g}<extra></extra>",
            xgap=1 if many <= 100 else 0,
            ygap=3,
        )
    )
    if steps:
        labels = [escape_html(step) for step in steps]
        drawn.update_xaxes(tickvals=np.arange(1, many + 1), ticktext=labels, tickangle=-60 if many > 6 else 0)
    drawn.update_xaxes(showgrid=False, zeroline=False)
    drawn.update_yaxes(autorange="reversed", showgrid=False)
    drawn.update_layout(hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT})
    index = pd.Index(list(steps) if steps else np.arange(1, many + 1), name="token" if steps else "step")
    return drawn, pd.DataFrame(dict(rows), index=index)
