"""The forecast of the validation set, epoch by epoch."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import GRID_COLOUR, Chart, axis_title, figure, number, with_unit
from components.charts.palette import MODEL, TRUTH
from components.charts.series import time_axis_title
from components.tasks.metrics import MAE

MOST_FRAMES = 60
"""Epochs that are shown; of a longer run, evenly chosen ones."""


def forecast_replay(
    times: pd.Index,
    truth: np.ndarray,
    epochs: Sequence[int],
    forecasts: np.ndarray,
    *,
    target: str,
    unit: str = "",
) -> Chart:
    """Draw the validation set with a slider over the epochs and a button that plays them.

    Args:
        times, truth: (n,) the values that were forecast after every epoch.
        epochs: (E,) their numbers, in order, at least one.
        forecasts: (E, n) what the model said after each.
    """
    shown = np.unique(np.linspace(0, len(epochs) - 1, MOST_FRAMES).round().astype(int))
    errors = np.abs(forecasts - truth).mean(axis=1)
    drawn = figure(
        "Forecast of the validation set by epoch",
        time_axis_title(times),
        axis_title(target, unit),
        height=440,
    )
    drawn.add_trace(
        go.Scatter(x=times, y=truth, name="truth", mode="lines", line={"color": TRUTH, "width": 2})
    )
    # It opens on what was reached; Play then starts from the first epoch.
    line = {"color": MODEL, "width": 2.5}
    drawn.add_trace(go.Scatter(x=times, y=forecasts[-1], name="model", mode="lines", line=line))
    drawn.frames = [
        go.Frame(name=str(epochs[at]), data=[{"type": "scatter", "y": forecasts[at]}], traces=[1])
        for at in shown
    ]
    drawn.update_yaxes(range=_axis_range(truth, forecasts))
    drawn.update_layout(sliders=[_slider(epochs, shown, errors, unit)], updatemenus=[_buttons()])
    table = pd.DataFrame({MAE.name: errors}, index=pd.Index(epochs, name="epoch"))
    return Chart(drawn, _sentence(epochs, errors, unit), table)


def _axis_range(truth: np.ndarray, forecasts: np.ndarray) -> list[float]:
    """Return one range for the whole replay; the wild forecasts of the first epochs may leave it."""
    low, high = np.nanmin(truth), np.nanmax(truth)
    wide = np.nanpercentile(forecasts, [1, 99]) if np.isfinite(forecasts).any() else [low, high]
    reach = (high - low) or 1.0
    low, high = max(min(low, wide[0]), low - reach), min(max(high, wide[1]), high + reach)
    return [float(low - 0.05 * (high - low)), float(high + 0.05 * (high - low))]


def _slider(epochs: Sequence[int], shown: np.ndarray, errors: np.ndarray, unit: str) -> dict[str, Any]:
    steps = [
        {
            "label": str(epochs[at]),
            "method": "animate",
            "args": [[str(epochs[at])], {"mode": "immediate", **_TIMING}],
        }
        for at in shown
    ]
    return {
        "steps": steps,
        "active": len(steps) - 1,
        "currentvalue": {"prefix": "after epoch ", "xanchor": "right"},
        "pad": {"t": 48},
        "bordercolor": GRID_COLOUR,
        "bgcolor": GRID_COLOUR,
        "tickcolor": GRID_COLOUR,
        "minorticklen": 0,
    }


def _buttons() -> dict[str, Any]:
    play = {"label": "Play", "method": "animate", "args": [None, {"fromcurrent": False, **_TIMING}]}
    pause = {"label": "Pause", "method": "animate", "args": [[None], {"mode": "immediate", **_TIMING}]}
    return {
        "type": "buttons",
        "direction": "right",
        "buttons": [play, pause],
        "showactive": False,
        "x": 1,
        "xanchor": "right",
        "y": 1,
        "yanchor": "bottom",
        "bordercolor": GRID_COLOUR,
        "bgcolor": GRID_COLOUR,
    }


_TIMING = {"frame": {"duration": 150, "redraw": False}, "transition": {"duration": 0}}


def _sentence(epochs: Sequence[int], errors: np.ndarray, unit: str) -> str:
    if len(epochs) == 1:
        return f"After epoch {epochs[0]}, the mean absolute error is {with_unit(errors[0], unit)}."
    best = int(np.nanargmin(errors))
    said = (
        f"The mean absolute error was {number(errors[0])} after epoch {epochs[0]} "
        f"and {with_unit(errors[-1], unit)} after epoch {epochs[-1]}"
    )
    if best == len(errors) - 1:
        return f"{said}, the lowest."
    return f"{said}; it was lowest after epoch {epochs[best]}, at {with_unit(errors[best], unit)}."
