"""Coverage of prediction intervals on the test set, by step ahead."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, escape_html, figure
from components.charts.palette import GREY, SERIES
from components.tasks.forecasting.result import Band


def coverage_by_step(bands: tuple[Band, ...]) -> Chart:
    """Draw the coverage of each prediction interval for each step ahead, beside the intended coverage."""
    level, steps = bands[0].level, np.arange(1, len(bands[0].by_step) + 1)
    drawn = figure("Coverage by step ahead", "steps ahead", "coverage", height=300)
    for band, colour in zip(bands, SERIES, strict=False):
        drawn.add_trace(
            go.Scatter(
                x=steps,
                y=band.by_step,
                name=escape_html(band.label),
                mode="lines+markers",
                line={"color": colour, "width": 2},
                marker={"size": 6},
            )
        )
    drawn.add_hline(y=level, line={"color": GREY, "width": 1, "dash": "dash"})
    drawn.update_yaxes(tickformat=".0%", hoverformat=".0%", range=[0, 1.02])
    first = bands[0]
    least, most = int(first.by_step.argmin()), int(first.by_step.argmax())
    said = (
        f"The {first.label.lower()} interval covers {first.by_step[0]:.0%} of the values at every step"
        if first.by_step[least] == first.by_step[most]
        else f"The {first.label.lower()} interval covers fewest values, {first.by_step[least]:.0%}, "
        f"{_steps_ahead(least)}, and most, {first.by_step[most]:.0%}, {_steps_ahead(most)}"
    )
    table = pd.DataFrame({band.label: band.by_step for band in bands}, index=steps)
    return Chart(drawn, f"{said}; the target is {level:.0%}.", table.rename_axis("steps ahead"))


def _steps_ahead(place: int) -> str:
    return f"{place + 1} {'steps' if place else 'step'} ahead"
