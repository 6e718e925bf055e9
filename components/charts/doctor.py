"""The evidence for a finding of the training doctor."""

from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, escape_html, figure
from components.charts.learning_curves import log_axis
from components.charts.palette import (
    AFTER,
    BEFORE,
    GREY,
    MODEL,
    SERIES,
    TRAINING,
    TRUTH,
    VALIDATION,
    VERMILLION,
)
from components.charts.series import downsampled_rows
from components.insight.doctor.finding import Evidence, EvidenceLine, Finding, Role

_COLOURS: dict[Role, str] = {
    "training": TRAINING,
    "validation": VALIDATION,
    "before": BEFORE,
    "after": AFTER,
    "model": MODEL,
    "truth": TRUTH,
}
_MAX_POINTS = 1000  # points of a line; the picture is small
_HEIGHT = 260
_MAX_DECADES = 5  # that are named on an axis


def evidence(finding: Finding) -> Chart:
    """Draw the evidence of a finding."""
    shown = finding.evidence
    drawn = figure(shown.title, shown.x, shown.y, height=_HEIGHT)
    for number, line in enumerate(shown.lines):
        drawn.add_trace(_trace(line, _COLOURS.get(line.role, SERIES[number % len(SERIES)]), shown.form))
    if shown.logarithmic:
        drawn.update_yaxes(_logarithmic(np.concatenate([line.y for line in shown.lines])))
    if shown.level is not None:
        _add_level(drawn, shown)
    if shown.place is not None:
        _add_marker(drawn, shown)
    return Chart(drawn, finding.sentence, _table(shown))


def _logarithmic(values: np.ndarray) -> dict[str, Any]:
    """Set up a logarithmic axis over all there is: here it is the spikes that are to be seen."""
    positive = values[np.isfinite(values) & (values > 0)]
    axis = log_axis(positive)
    if len(positive):
        low, high = np.log10(positive.min()), np.log10(positive.max())
        padding = max(0.05 * (high - low), 0.05)
        axis["range"] = [float(low - padding), float(high + padding)]
        if high - low >= _MAX_DECADES:
            axis["dtick"] = max(1, round((high - low) / _MAX_DECADES))
    return axis


def _trace(line: EvidenceLine, colour: str, form: str) -> go.Scatter | go.Bar:
    name = escape_html(line.name)
    if form == "bars":
        return go.Bar(x=[name], y=line.y[-1:], name=name, marker={"color": colour}, showlegend=False)
    kept = downsampled_rows(np.asarray(line.y, float), _MAX_POINTS)
    x, y = line.x[kept], line.y[kept]
    if form == "points":
        return go.Scatter(x=x, y=y, name=name, mode="markers", marker={"color": colour, "size": 9})
    return go.Scatter(x=x, y=y, name=name, mode="lines", line={"color": colour, "width": 1.75})


def _add_level(drawn: go.Figure, shown: Evidence) -> None:
    height, name = shown.level or (0.0, "")
    ends = [min(line.x[0] for line in shown.lines), max(line.x[-1] for line in shown.lines)]
    line = {"color": GREY, "width": 1.5, "dash": "dash"}
    drawn.add_trace(go.Scatter(x=ends, y=[height] * 2, name=escape_html(name), mode="lines", line=line))


def _add_marker(drawn: go.Figure, shown: Evidence) -> None:
    place, name = shown.place or (0.0, "")
    drawn.add_vline(x=place, line={"color": VERMILLION, "width": 1.5, "dash": "dot"})
    middle = (min(line.x[0] for line in shown.lines) + max(line.x[-1] for line in shown.lines)) / 2
    drawn.add_annotation(
        x=place,
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="left" if place < middle else "right",
        text=escape_html(name),
        showarrow=False,
    )


def _table(shown: Evidence) -> pd.DataFrame:
    """Return the numbers of all lines side by side, by their x."""
    columns = [
        pd.Series(line.y, index=pd.Index(line.x, name=shown.x), name=line.name) for line in shown.lines
    ]
    return pd.concat(columns, axis=1)
