"""Seed variability: how much the same recipe's results differ from seed to seed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, axis_title, escape_html, figure
from components.charts.palette import MODEL, baseline_line, with_opacity
from components.tasks.forecasting.result import Score
from components.tasks.forecasting.seeds import Seed, summary
from components.tasks.metrics import MAE, RMSE

_MAX_BASELINES = 3


def seed_variability(every: Sequence[Seed], baselines: Sequence[Score], unit: str) -> Chart:
    """Draw each seed's mean absolute error as a point, their range and median, and the best baselines.

    Args:
        every: two seeds or more.
        baselines: of the same test set.
        unit: of the target.
    """
    errors = np.array([one.score.mae for one in every])
    drawn = figure("Seed variability", axis_title(MAE.name, unit), "", height=240)
    drawn.add_trace(
        go.Scatter(
            x=[errors.min(), errors.max()],
            y=[0, 0],
            mode="lines",
            line={"color": with_opacity(MODEL, 0.3), "width": 14},
            name="range",
            hoverinfo="skip",
        )
    )
    drawn.add_trace(
        go.Scatter(
            x=errors,
            y=[0] * len(errors),
            mode="markers",
            marker={"color": MODEL, "size": 11, "line": {"color": "white", "width": 1}},
            name="model, one point per seed",
            text=[f"seed {one.seed}" for one in every],
            hovertemplate="%{text}: %{x:.4~g}<extra></extra>",
        )
    )
    middle = float(np.median(errors))
    drawn.add_trace(_vertical_line("median of the seeds", middle, {"color": MODEL, "width": 2}))
    for score in sorted(baselines, key=MAE.value)[:_MAX_BASELINES]:
        # In the colour that it has in all charts of the run.
        drawn.add_trace(_vertical_line(score.label, score.mae, baseline_line(baselines.index(score))))
    drawn.update_yaxes(visible=False, range=[-1, 1]).update_layout(hovermode="closest")
    rows = {f"seed {one.seed}": _errors(one.score) for one in every}
    rows |= {score.label: _errors(score) for score in baselines}
    return Chart(drawn, summary(every, baselines, unit), pd.DataFrame.from_dict(rows, orient="index"))


def _errors(score: Score) -> dict[str, float]:
    return {metric.title: metric.value(score) for metric in (MAE, RMSE)}


def _vertical_line(name: str, at: float, line: dict[str, object]) -> go.Scatter:
    return go.Scatter(x=[at, at], y=[-0.8, 0.8], mode="lines", name=escape_html(name), line=line)
