"""Anomalies: values of the test set outside the prediction interval of their forecasts."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, axis_title, escape_html, figure, index_label, number
from components.charts.palette import BAND, ORANGE, TRUTH, VERMILLION, with_opacity
from components.charts.series import downsampled_rows, time_axis_title
from components.tasks.forecasting.anomalies import Anomalies

_MAX_POINTS = 2000  # values outside that are marked; more can't be told apart


def anomalies(
    found: Anomalies, times: pd.Index, target: str, unit: str, level: float, marks: np.ndarray | None = None
) -> Chart:
    """Draw the values with their prediction interval, and mark those outside of it.

    Args:
        found: the values.
        times: (rows,) of the whole series.
        target, unit: what they are.
        level: the intended coverage.
        marks: (M,) bool, of each value whether the data says it is one; None: it says nothing.
    """
    along = times[found.rows]
    outside = np.flatnonzero(found.is_outside)
    drawn = figure("Anomalies", time_axis_title(times), axis_title(target, unit), height=380)
    kept = np.union1d(downsampled_rows(found.truth), outside)
    ends = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    drawn.add_trace(go.Scatter(x=along[kept], y=found.upper[kept], showlegend=False, **ends))
    band = {
        "fill": "tonexty",
        "fillcolor": with_opacity(BAND, 0.26),
        "name": f"{level:.0%} prediction interval",
    }
    drawn.add_trace(go.Scatter(x=along[kept], y=found.lower[kept], **ends, **band))
    line = {"color": TRUTH, "width": 1.5}
    drawn.add_trace(go.Scatter(x=along[kept], y=found.truth[kept], name="truth", mode="lines", line=line))
    if marks is not None and marks.any():
        _add_points(drawn, along, found, np.flatnonzero(marks), "marked in the data", "diamond-open", ORANGE)
    worst = outside[np.argsort(-found.scores[outside])]
    _add_points(drawn, along, found, worst, "outside the interval", "circle-open", VERMILLION)
    table = pd.DataFrame(
        {"score": found.scores[worst], "truth": found.truth[worst]}
        | {"lower": found.lower[worst], "upper": found.upper[worst]},
        index=along[worst],
    )
    return Chart(drawn, anomalies_sentence(found, times, level), table)


def _add_points(
    drawn: go.Figure, along: pd.Index, found: Anomalies, at: np.ndarray, name: str, symbol: str, colour: str
) -> None:
    at = at[:_MAX_POINTS]
    marker = {"symbol": symbol, "size": 9, "color": colour, "line": {"width": 2}}
    distances = [
        f"{number(score)} times as far from the middle as the interval's end" for score in found.scores[at]
    ]
    drawn.add_trace(
        go.Scatter(
            x=along[at],
            y=found.truth[at],
            name=escape_html(name),
            mode="markers",
            marker=marker,
            text=distances,
            hovertemplate="%{y}<br>%{text}<extra></extra>",
        )
    )


def anomalies_sentence(found: Anomalies, times: pd.Index, level: float) -> str:
    """Return how many values lie outside, and which one farthest; arguments as of `anomalies`."""
    outside = np.flatnonzero(found.is_outside)
    many = len(found.rows)
    missing = round((1 - level) * many)
    expected = f"by chance, a {level:.0%} prediction interval would leave out {missing:,} of {many:,}"
    if not len(outside):
        return f"No value lies outside the interval; {expected}."
    lies = "value lies" if len(outside) == 1 else "values lie"
    worst = outside[np.argmax(found.scores[outside])]
    return (
        f"{len(outside):,} {lies} outside the interval; {expected}. The most extreme is that of "
        f"{index_label(times[found.rows[worst]])}, {number(found.scores[worst])} times as far from the "
        "middle as the interval's end."
    )
