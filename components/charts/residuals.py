"""Residuals of forecasts: over time, and their distribution."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, axis_title, figure, with_unit
from components.charts.forecast import stitch_forecasts
from components.charts.palette import GREY, MODEL
from components.charts.series import time_axis_title
from components.tasks.forecasting.result import ForecastResult


def residuals_over_time(result: ForecastResult) -> Chart:
    """Draw truth minus forecast along the test set, every row forecast once."""
    rows, forecasts, missed = _residuals(result)
    drawn = figure(
        "Residuals over time",
        time_axis_title(result.times),
        axis_title("truth − forecast", result.unit),
    )
    bars = go.Bar(x=result.times[rows], y=missed, marker={"color": MODEL, "line": {"width": 0}})
    drawn.add_trace(bars).add_hline(y=0, line={"color": GREY, "width": 1})
    table = pd.DataFrame(
        {"truth": result.truth[rows], "forecast": forecasts, "residual": missed}, result.times[rows]
    )
    return Chart(drawn, residuals_sentence(result), table)


def residuals_sentence(result: ForecastResult) -> str:
    """Return how large the residuals are, and which way they lean."""
    return _bias_sentence(_residuals(result)[2], result.unit)


def _residuals(result: ForecastResult) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rows of the test set, their forecasts, and what these missed."""
    rows, forecasts = stitch_forecasts(result.origins, result.forecasts)
    return rows, forecasts, result.truth[rows] - forecasts


def residual_histogram(result: ForecastResult) -> Chart:
    """Draw the distribution of the residuals of all N × H forecasts of the test set."""
    rows = result.origins[:, None] + np.arange(1, result.horizon + 1)
    return error_histogram((result.truth[rows] - result.forecasts).ravel(), "forecast", result.unit)


def error_histogram(residuals: np.ndarray, noun: str, unit: str = "", *, plural: str = "") -> Chart:
    """Draw the distribution of residuals.

    Args:
        residuals: (N,) truth minus prediction; what is no number is left out.
        noun: what a prediction is called, in the singular.
        unit: of both.
        plural: the plural, where it isn't made with an s.
    """
    plural = plural or f"{noun}s"
    residuals = residuals[np.isfinite(residuals)]
    # Residuals that are all the same would leave no room for bins.
    middle, spread = float(np.median(residuals)), float(np.ptp(residuals))
    ends = None if spread > 1e-9 * max(1.0, abs(middle)) else (middle - 0.5, middle + 0.5)
    counts, edges = np.histogram(residuals, bins=min(40, max(8, int(len(residuals) ** 0.5))), range=ends)
    drawn = figure("Distribution of residuals", axis_title(f"truth − {noun}", unit), plural)
    centres, widths = (edges[1:] + edges[:-1]) / 2, np.diff(edges)
    drawn.add_trace(go.Bar(x=centres, y=counts, width=widths, marker={"color": MODEL, "line": {"width": 0}}))
    drawn.update_layout(bargap=0.04).add_vline(x=0, line={"color": GREY, "width": 1})
    half = float(np.median(np.abs(residuals)))
    large = float(np.percentile(np.abs(residuals), 90))
    sentence = (
        f"Half of the {plural} have an error below {with_unit(half, unit)}, "
        f"nine in ten one below {with_unit(large, unit)}."
    )
    return Chart(drawn, sentence, pd.DataFrame({"from": edges[:-1], "to": edges[1:], plural: counts}))


def _bias_sentence(residuals: np.ndarray, unit: str) -> str:
    mean, spread = float(np.nanmean(residuals)), float(np.nanstd(residuals))
    typical = f"The mean absolute error is {with_unit(float(np.nanmean(np.abs(residuals))), unit)}"
    # Within a twentieth of the spread nobody would see a lean.
    if abs(mean) <= spread / 20:
        return f"{typical}; the forecasts show no bias."
    lean = "too low" if mean > 0 else "too high"
    return f"{typical}; on average, the forecast is {with_unit(abs(mean), unit)} {lean}."
