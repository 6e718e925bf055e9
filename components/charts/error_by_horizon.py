"""The error of a forecast by step ahead."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.baseline_lines import add_baselines
from components.charts.chart import Chart, axis_title, escape_html, figure, with_unit
from components.charts.palette import MODEL, baseline_line
from components.tasks.forecasting.result import ForecastResult

_MAX_BASELINES = 3
"""Baselines that are drawn at first, the strongest ones; the rest wait in the legend."""


def error_by_horizon(result: ForecastResult) -> Chart:
    """Draw the mean absolute error over the origins of the test set for each step ahead."""
    ahead = np.arange(1, result.horizon + 1)
    truth = result.truth[result.origins[:, None] + ahead]
    errors = {
        label: np.abs(values - truth).mean(axis=0)
        for label, values in {"model": result.forecasts, **result.baselines}.items()
    }
    strongest = sorted(result.baselines, key=lambda label: errors[label].mean())[:_MAX_BASELINES]
    drawn = figure(
        "Error by step ahead", "steps ahead", axis_title("mean absolute error", result.unit), height=400
    )
    lines = {
        label: go.Scatter(
            x=ahead, y=errors[label], name=escape_html(label), mode="lines", line=baseline_line(place)
        )
        for place, label in enumerate(result.baselines)
    }
    add_baselines(drawn, lines, strongest)
    drawn.add_trace(
        go.Scatter(x=ahead, y=errors["model"], name="model", mode="lines", line={"color": MODEL, "width": 3})
    )
    drawn.update_yaxes(rangemode="tozero")
    return Chart(
        drawn,
        _sentence(errors, strongest[0], result.unit),
        pd.DataFrame(errors, index=pd.Index(ahead, name="steps ahead")),
    )


def _sentence(errors: dict[str, np.ndarray], best: str, unit: str) -> str:
    model, rival = errors["model"], errors[best]
    first, last, steps = model[0], model[-1], len(model)
    better = int((model < rival).sum())
    where = (
        "at every step"
        if better == steps
        else "at no step"
        if not better
        else f"at {better} of {steps} steps"
    )
    return (
        f"The model's mean absolute error is {with_unit(first, unit)} one step ahead and "
        f"{with_unit(last, unit)} {steps} steps ahead. It beats “{best}” {where}."
    )
