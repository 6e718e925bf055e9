"""Errors of the model and its baselines."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.bars import bars
from components.charts.chart import Chart, axis_title, number, with_unit
from components.tasks.forecasting.result import Score, ranking_metric
from components.tasks.metrics import Metric

_OUTLIER = 4  # times the median error: longer bars are cut off


def error_bars(every: Sequence[Score], unit: str = "") -> Chart:
    """Draw as bars the errors that forecasters are ranked by, the best on top.

    Args:
        every: the model's score, then those of at least one baseline.
    """
    metric = ranking_metric(every)
    ranked = sorted(every, key=metric.value, reverse=True)
    drawn = bars(
        metric.name.capitalize(),
        axis_title(metric.direction, unit),
        [score.label for score in ranked],
        [metric.value(score) for score in ranked],
        ranked.index(every[0]),
        number,
    )
    _cut_outliers(drawn, [metric.value(score) for score in ranked])
    rows = {score.label: metric.value(score) for score in reversed(ranked)}
    return Chart(drawn, _sentence(ranked[::-1], every[0], metric, unit), pd.DataFrame({metric.name: rows}))


def _cut_outliers(drawn: go.Figure, errors: Sequence[float]) -> None:
    """End the axis before the bars that are so long that nobody could tell the others apart; each says so.

    Args:
        drawn: the bars.
        errors: their lengths, from the bottom.
    """
    most = _OUTLIER * float(np.median(errors))
    kept = [error for error in errors if error <= most]
    if len(kept) == len(errors) or not kept:
        return
    drawn.update_xaxes(range=[0, 1.15 * max(kept)])
    drawn.update_traces(
        text=[number(error) + (" (beyond the axis)" if error > most else "") for error in errors],
        textposition=["inside" if error > most else "outside" for error in errors],
        insidetextanchor="start",
    )


def _sentence(ranked: Sequence[Score], model: Score, metric: Metric[Any], unit: str) -> str:
    own = f"with a {metric.name} of {with_unit(metric.value(model), unit)}"
    if ranked[0] is model:
        second = f"next is “{ranked[1].label}” with {number(metric.value(ranked[1]))}"
        return f"The model ranks first of {len(ranked)}, {own}; {second}."
    first = f"“{ranked[0].label}” is best with {number(metric.value(ranked[0]))}"
    place = ranked.index(model) + 1
    return f"The model ranks {place} of {len(ranked)}, {own}; {first}."
