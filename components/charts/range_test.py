"""The learning rate range test, drawn."""

import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, figure
from components.charts.palette import GREEN, GREY, TRAINING, with_opacity
from components.training.range_test import RangeTest


def range_test_chart(test: RangeTest, own: float) -> Chart:
    """Draw the loss over the learning rate, with the rate that is proposed and the recipe's own.

    Args:
        test: how the loss went.
        own: the recipe's learning rate.
    """
    drawn = figure("Learning rate range test", "learning rate", "training loss (scaled units)")
    faint = {"color": with_opacity(TRAINING, 0.35), "width": 1}
    drawn.add_trace(go.Scatter(x=test.rates, y=test.losses, mode="lines", name="each update", line=faint))
    line = {"color": TRAINING, "width": 2.5}
    drawn.add_trace(go.Scatter(x=test.rates, y=test.smoothed, mode="lines", name="smoothed", line=line))
    heights = [float(test.losses.min()), float(test.losses.max())]
    drawn.add_trace(_upright("the recipe's own", own, heights, {"color": GREY, "width": 2, "dash": "dot"}))
    if test.proposed is not None:
        style = {"color": GREEN, "width": 2, "dash": "dash"}
        drawn.add_trace(_upright("proposed", test.proposed, heights, style))
    drawn.update_xaxes(type="log", exponentformat="power").update_layout(hovermode="closest")
    table = pd.DataFrame({"loss": test.losses, "smoothed": test.smoothed}, index=test.rates)
    return Chart(drawn, _sentence(test, own), table.rename_axis("learning rate"))


def _sentence(test: RangeTest, own: float) -> str:
    if test.proposed is None:
        return "The loss falls at none of these learning rates, so none is proposed."
    lowest = f"{test.rates[test.lowest]:.2g}"
    said = f"The loss falls fastest at a learning rate of about {test.proposed:g} and is lowest at {lowest}"
    times = max(test.proposed / own, own / test.proposed)
    if times < 2:
        return f"{said}: the recipe's {own:g} is about right."
    side = "smaller" if own < test.proposed else "larger"
    return f"{said}: the recipe's {own:g} is {times:.0f} times {side}."


def _upright(name: str, at: float, heights: list[float], line: dict[str, object]) -> go.Scatter:
    return go.Scatter(x=[at, at], y=heights, mode="lines", name=name, line=line)
