"""Results of several runs in one chart: forecasts of the same window, differences of confusion matrices."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, axis_title, escape_html, figure, number, shorten
from components.charts.palette import BLUE, GREY, TRUTH, VERMILLION, series_line, with_opacity
from components.tasks.forecasting.result import ForecastResult

_CONTEXT = 3  # horizons of what was known that are drawn before a forecast
_MOST_WRITTEN = 12  # classes whose differences are written into the cells


def forecast_overlay(names: Sequence[str], results: Sequence[ForecastResult], place: int) -> Chart:
    """Draw what really came, and each run's forecast of it from the same origin.

    Args:
        names: of the runs.
        results: of the same test set.
        place: which of its origins.
    """
    first = results[0]
    origin, horizon = int(first.origins[place]), first.horizon
    known = slice(max(0, origin - _CONTEXT * horizon), origin + horizon + 1)
    ahead = slice(origin + 1, origin + 1 + horizon)
    drawn = figure("Forecasts of the same window", "", axis_title(first.target, first.unit))
    truth = {"color": TRUTH, "width": 2}
    drawn.add_trace(
        go.Scatter(x=first.times[known], y=first.truth[known], name="true", mode="lines", line=truth)
    )
    misses = []
    for at, (name, result) in enumerate(zip(names, results, strict=True)):
        style = series_line(at)
        line = {"color": style["colour"], "dash": style["dash"], "width": 2}
        forecast = result.forecasts[place]
        drawn.add_trace(
            go.Scatter(
                x=first.times[ahead],
                y=forecast,
                name=escape_html(name),
                mode="lines+markers" if horizon == 1 else "lines",
                line=line,
            )
        )
        misses.append(float(np.abs(forecast - first.truth[ahead]).mean()))
    best, worst = int(np.argmin(misses)), int(np.argmax(misses))
    sentence = (
        f"On this window {names[best]} is off by {number(misses[best])} on average, the least; "
        f"{names[worst]} by {number(misses[worst])}, the most."
    )
    table = pd.DataFrame(
        {"true": first.truth[ahead]}
        | {name: one.forecasts[place] for name, one in zip(names, results, strict=True)},
        index=first.times[ahead],
    )
    return Chart(drawn, sentence, table)


def confusion_difference(
    classes: Sequence[str], base: np.ndarray, other: np.ndarray, base_name: str, other_name: str
) -> Chart:
    """Draw how many more examples one run predicts as each class than another does.

    Args:
        classes: their names.
        base, other: (K, K) confusion matrices of the same test set; rows are true classes.
        base_name, other_name: of the runs.
    """
    change = other - base
    most = max(1, int(np.abs(change).max()))
    scale = [
        [0, with_opacity(VERMILLION, 0.9)],
        [0.5, with_opacity(GREY, 0.05)],
        [1, with_opacity(BLUE, 0.9)],
    ]
    many = len(classes)
    drawn = figure(
        f"Confusion matrix: {shorten(other_name)} minus {shorten(base_name)}",
        "predicted",
        "true",
        height=int(np.clip(190 + 34 * many, 300, 640)),
    )
    drawn.add_trace(
        go.Heatmap(
            x=list(range(many)),
            y=list(range(many)),
            z=change,
            zmin=-most,
            zmax=most,
            colorscale=scale,
            xgap=2,
            ygap=2,
            text=[[f"{value:+d}" if value else "0" for value in row] for row in change],
            texttemplate="%{text}" if many <= _MOST_WRITTEN else None,
            hovertemplate="%{text}<extra></extra>",
            colorbar={"title": "examples"},
        )
    )
    labels = [escape_html(shorten(name)) for name in classes]
    ticks = {"tickvals": list(range(many)), "ticktext": labels}
    drawn.update_xaxes(**ticks).update_yaxes(**ticks, autorange="reversed")
    right = int(np.trace(change))
    gained = f"{abs(right):,} more" if right > 0 else f"{abs(right):,} fewer" if right < 0 else "as many"
    sentence = (
        f"{other_name} classifies {gained} examples correctly {'as' if not right else 'than'} {base_name}."
    )
    table = pd.DataFrame(change, index=pd.Index(classes, name="true"), columns=pd.Index(classes))
    return Chart(drawn, sentence, table)
