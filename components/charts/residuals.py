"""What the forecasts missed: over time, and how often by how much."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, figure, measured, with_unit
from components.charts.forecast import stitched
from components.charts.palette import GREY, MODEL
from components.charts.series import time_axis
from components.tasks.result import ForecastResult


def over_time(result: ForecastResult) -> Chart:
    """Draw truth minus forecast along the test part, every row forecast once."""
    rows, forecasts = stitched(result.origins, result.forecasts)
    missed = result.truth[rows] - forecasts
    drawn = figure(
        "What was missed, over time", time_axis(result.times), measured("truth − forecast", result.unit)
    )
    bars = go.Bar(x=result.times[rows], y=missed, marker={"color": MODEL, "line": {"width": 0}})
    drawn.add_trace(bars).add_hline(y=0, line={"color": GREY, "width": 1})
    table = pd.DataFrame(
        {"truth": result.truth[rows], "forecast": forecasts, "missed": missed}, result.times[rows]
    )
    return Chart(drawn, _bias(missed, result.unit), table)


def histogram(result: ForecastResult) -> Chart:
    """Draw how often the forecasts of the test part, all N × H of them, missed by how much."""
    rows = result.origins[:, None] + np.arange(1, result.horizon + 1)
    missed = (result.truth[rows] - result.forecasts).ravel()
    missed = missed[np.isfinite(missed)]
    counts, edges = np.histogram(missed, bins=min(40, max(8, int(len(missed) ** 0.5))))
    drawn = figure("How often it missed by how much", measured("truth − forecast", result.unit), "forecasts")
    centres, widths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    drawn.add_trace(go.Bar(x=centres, y=counts, width=widths, marker={"color": MODEL, "line": {"width": 0}}))
    drawn.update_layout(bargap=0.04).add_vline(x=0, line={"color": GREY, "width": 1})
    half = float(np.median(np.abs(missed)))
    large = float(np.percentile(np.abs(missed), 90))
    sentence = (
        f"Half of the forecasts miss by less than {with_unit(half, result.unit)}, "
        f"nine in ten by less than {with_unit(large, result.unit)}."
    )
    return Chart(drawn, sentence, pd.DataFrame({"from": edges[:-1], "to": edges[1:], "forecasts": counts}))


def _bias(missed: np.ndarray, unit: str) -> str:
    mean, spread = float(np.nanmean(missed)), float(np.nanstd(missed))
    typical = f"Typically the forecast misses by {with_unit(float(np.nanmean(np.abs(missed))), unit)}"
    # Within a twentieth of the spread nobody would see a lean.
    if abs(mean) <= spread / 20:
        return f"{typical}, about as often above the truth as below."
    lean = "too low" if mean > 0 else "too high"
    return f"{typical}; on average it is {with_unit(abs(mean), unit)} {lean}."
