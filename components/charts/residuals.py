"""What the forecasts missed: over time, and how often by how much."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, figure, measured, with_unit
from components.charts.forecast import stitched
from components.charts.palette import GREY, MODEL
from components.charts.series import time_axis
from components.tasks.forecasting.result import ForecastResult


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
    return how_often((result.truth[rows] - result.forecasts).ravel(), "forecast", result.unit)


def how_often(missed: np.ndarray, what: str, unit: str = "", *, many: str = "") -> Chart:
    """Draw how often something was missed by how much.

    Args:
        missed: (N,) truth minus what was said; what is no number is left out.
        what: was said, in the singular.
        unit: of both.
        many: the plural, where it isn't made with an s.
    """
    many = many or f"{what}s"
    missed = missed[np.isfinite(missed)]
    # Who always misses by the same would leave no room for bins.
    middle, spread = float(np.median(missed)), float(np.ptp(missed))
    ends = None if spread > 1e-9 * max(1.0, abs(middle)) else (middle - 0.5, middle + 0.5)
    counts, edges = np.histogram(missed, bins=min(40, max(8, int(len(missed) ** 0.5))), range=ends)
    drawn = figure("How often it missed by how much", measured(f"truth − {what}", unit), many)
    centres, widths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    drawn.add_trace(go.Bar(x=centres, y=counts, width=widths, marker={"color": MODEL, "line": {"width": 0}}))
    drawn.update_layout(bargap=0.04).add_vline(x=0, line={"color": GREY, "width": 1})
    half = float(np.median(np.abs(missed)))
    large = float(np.percentile(np.abs(missed), 90))
    sentence = (
        f"Half of the {many} miss by less than {with_unit(half, unit)}, "
        f"nine in ten by less than {with_unit(large, unit)}."
    )
    return Chart(drawn, sentence, pd.DataFrame({"from": edges[:-1], "to": edges[1:], many: counts}))


def _bias(missed: np.ndarray, unit: str) -> str:
    mean, spread = float(np.nanmean(missed)), float(np.nanstd(missed))
    typical = f"Typically the forecast misses by {with_unit(float(np.nanmean(np.abs(missed))), unit)}"
    # Within a twentieth of the spread nobody would see a lean.
    if abs(mean) <= spread / 20:
        return f"{typical}, about as often above the truth as below."
    lean = "too low" if mean > 0 else "too high"
    return f"{typical}; on average it is {with_unit(abs(mean), unit)} {lean}."
