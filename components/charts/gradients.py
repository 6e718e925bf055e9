"""The gradient through time."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, figure, number
from components.charts.palette import GREY, SERIES, with_opacity

_FLOOR = 1e-30  # what is less is nothing to any float32


def initial_gradient(
    current: np.ndarray, ratio: float, before: Sequence[tuple[str, np.ndarray]] = ()
) -> Chart:
    """Draw the gradient of the loss by each time step, in an untrained layer.

    Args:
        current: (T,) norms of the gradient by what was read.
        ratio: of the first five steps to the last five.
        before: names and norms of earlier settings, the newest last, drawn faintly.
    """
    drawn = figure("Gradient before training", "time step", "norm of ∂L/∂x (logarithmic)", height=400)
    for name, norms in before:
        drawn.add_trace(_line_trace(name, norms, with_opacity(GREY, 0.5), 1.5))
    drawn.add_trace(_line_trace("now", current, SERIES[0], 2.5))
    every = np.concatenate([current, *(norms for _, norms in before)])
    seen = every[every > _FLOOR]
    if len(seen):
        low, high = np.log10(seen.min()), np.log10(seen.max())
        room = max(0.3, 0.05 * (high - low))
        ticks = {"dtick": max(1, math.ceil((high - low) / 8)), "exponentformat": "power"}
        drawn.update_yaxes(type="log", range=[low - room, high + room], **ticks)
    table = pd.DataFrame({"norm": current}, index=pd.Index(np.arange(1, len(current) + 1), name="time step"))
    return Chart(drawn, f"{gradient_verdict(ratio)} At a ratio of 1, nothing is lost on the way back.", table)


def gradient_verdict(ratio: float) -> str:
    """Return a sentence on what a ratio of first to last time steps means."""
    if not math.isfinite(ratio):
        return "There is no gradient to compare."
    if ratio < _FLOOR:
        return "The first five time steps get no gradient compared with the last five: it has vanished."
    what = "vanishes on the way back" if ratio < 1e-3 else "fades" if ratio < 0.1 else "flows back well"
    what = "explodes on the way back" if ratio > 1e3 else "grows on the way back" if ratio > 10 else what
    times = f"{number(ratio)} times the gradient of the last five"
    return f"The first five time steps get {times}: it {what}."


def _line_trace(name: str, norms: np.ndarray, colour: str, width: float) -> go.Scatter:
    steps = np.arange(1, len(norms) + 1)
    shown = np.where(norms > _FLOOR, norms, np.nan)
    return go.Scatter(x=steps, y=shown, name=name, mode="lines", line={"color": colour, "width": width})
