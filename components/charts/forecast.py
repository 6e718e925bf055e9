"""Forecasts of the test set and of the future."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.baseline_lines import add_baselines
from components.charts.chart import Chart, axis_title, escape_html, figure, index_label, with_unit
from components.charts.palette import BAND, GREY, MODEL, TRUTH, baseline_line, with_opacity
from components.charts.series import downsampled_rows, time_axis_title
from components.tasks.forecasting.result import HALF, Band, Fan, ForecastResult


def forecast_on_test_set(result: ForecastResult, origin: int = 0, band: Band | None = None) -> Chart:
    """Draw the test set, forecast piece by piece: each a horizon long, each from the data before it.

    Args:
        origin: which of the N forecasts stands out; the other pieces lie before and after it.
        band: of the result's, the one to draw round them.
    """
    rows, forecasts = stitch_forecasts(result.origins, result.forecasts, origin)
    own = result.origins[origin] + np.arange(1, result.horizon + 1)
    pieces = {
        label: stitch_forecasts(result.origins, values, origin)[1]
        for label, values in result.baselines.items()
    }
    errors = {
        label: float(np.abs(values[origin] - result.truth[own]).mean())
        for label, values in result.baselines.items()
    }
    best = min(errors, key=errors.__getitem__)

    drawn = _figure(result, "Forecast of the test set")
    if band:
        fan = band.tested.each(lambda ends: stitch_forecasts(result.origins, ends, origin)[1])
        drawn.add_traces(_interval_traces(band, result.times[rows], fan))
    drawn.add_trace(_truth_trace(result, result.test_start - max(2 * result.horizon, len(rows) // 3)))
    lines = {
        label: _line_trace(label, result.times[rows], values, baseline_line(place))
        for place, (label, values) in enumerate(pieces.items())
    }
    # The strongest stands there from the first look on: without it, nobody can judge the model.
    add_baselines(drawn, lines, {best})
    drawn.add_trace(_line_trace("model", result.times[rows], forecasts, {"color": MODEL, "width": 1.5}))
    drawn.add_trace(_highlight_trace("selected forecast", result.times[own], result.forecasts[origin]))
    start = result.times[result.origins[origin]]
    drawn.add_vline(x=start, line={"color": GREY, "width": 1, "dash": "dash"})

    error = float(np.abs(result.forecasts[origin] - result.truth[own]).mean())
    sentence = (
        f"Over the {result.horizon} steps from {index_label(start)} on, the model's mean absolute error is "
        f"{with_unit(error, result.unit)}; that of the best baseline here, “{best}”, is "
        f"{with_unit(errors[best], result.unit)}."
    )
    columns = {"truth": result.truth[rows], "model": forecasts, **pieces}
    if band:
        columns |= _interval_columns(band, fan)
    return Chart(drawn, sentence, pd.DataFrame(columns, index=result.times[rows]))


def future_forecast(result: ForecastResult, history: int | None = None, band: Band | None = None) -> Chart:
    """Draw the forecast after the end of the data.

    Args:
        history: rows to draw before it; by default a few horizons.
        band: of the result's, the one to draw round it.
    """
    drawn = _figure(result, "Forecast beyond the data")
    first = len(result.truth) - (history or max(5 * result.horizon, 50))
    # Joined to the last known value, so that the eye doesn't have to leap.
    times = result.times[-1:].append(result.future_times)
    if band:
        joined = band.future.each(lambda ends: np.append(result.truth[-1:], ends))
        drawn.add_traces(_interval_traces(band, times, joined))
    drawn.add_trace(_truth_trace(result, first))
    drawn.add_trace(_highlight_trace("model", times, np.append(result.truth[-1:], result.future)))
    drawn.add_vline(x=result.times[-1], line={"color": GREY, "width": 1, "dash": "dash"})
    unit = result.unit
    sentence = (
        f"For {index_label(result.future_times[-1])} the model forecasts "
        f"{with_unit(result.future[-1], unit)}, after {with_unit(result.truth[-1], unit)} at the end of the "
        f"data; its mean absolute error on the test set is {with_unit(result.scores[0].mae, unit)}."
    )
    columns = {"forecast": result.future}
    if band:
        sentence += (
            f" The {band.level:.0%} prediction interval then ranges from "
            f"{with_unit(band.future.lower[-1], unit)} to {with_unit(band.future.upper[-1], unit)}; its "
            f"coverage on the test set is {band.coverage:.0%}."
        )
        columns |= _interval_columns(band, band.future)
    return Chart(drawn, sentence, pd.DataFrame(columns, index=result.future_times))


def stitch_forecasts(
    origins: np.ndarray, forecasts: np.ndarray, origin: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Lay forecasts end to end, so that every row is forecast once.

    Args:
        origins: (N,) row of the last value that each forecast knows.
        forecasts: (N, H).
        origin: number of one forecast that is among them.

    Returns:
        The rows, and the forecasts of them.
    """
    horizon = forecasts.shape[1]
    chosen = (origins - origins[origin]) % horizon == 0
    rows = origins[chosen, None] + np.arange(1, horizon + 1)
    return rows.ravel(), forecasts[chosen].ravel()


def _interval_columns(band: Band, fan: Fan) -> dict[str, np.ndarray]:
    """Return the bounds of a prediction interval, as columns of a table."""
    return {
        f"{level:.0%} interval, {which}": end
        for level, *ends in _interval_bounds(band, fan)
        for which, end in zip(("lower", "upper"), ends, strict=True)
    }


def _interval_traces(band: Band, times: pd.Index, fan: Fan) -> list[go.Scatter]:
    """Draw a prediction interval, and in it the 50 % interval."""
    drawn = []
    for (level, low, high), opacity in zip(_interval_bounds(band, fan), (0.26, 0.34), strict=False):
        name = f"{level:.0%} interval"
        nothing = {"width": 0, "color": MODEL}
        # The hover text shows the number of each bound.
        drawn += [
            _line_trace(f"{name}, lower bound", times, low, nothing).update(
                showlegend=False, legendgroup=name
            ),
            _line_trace(name, times, high, nothing).update(
                fill="tonexty", fillcolor=with_opacity(BAND, opacity), legendgroup=name
            ),
        ]
    return drawn


def _interval_bounds(band: Band, fan: Fan) -> list[tuple[float, np.ndarray, np.ndarray]]:
    """Return the levels and bounds of an interval and of the 50 % interval within it, if these are two."""
    pairs = [(band.level, fan.lower, fan.upper), (HALF, fan.half_lower, fan.half_upper)]
    return pairs[: 1 if band.level == HALF else 2]


def _figure(result: ForecastResult, title: str) -> go.Figure:
    return figure(title, time_axis_title(result.times), axis_title(result.target, result.unit), height=400)


def _truth_trace(result: ForecastResult, first: int) -> go.Scatter:
    rows = np.arange(max(0, first), len(result.truth))
    rows = rows[downsampled_rows(result.truth[rows])]
    return _line_trace("truth", result.times[rows], result.truth[rows], {"color": TRUTH, "width": 2})


def _line_trace(name: str, times: pd.Index, values: np.ndarray, line: dict[str, object]) -> go.Scatter:
    return go.Scatter(x=times, y=values, name=escape_html(name), mode="lines", line=line)


def _highlight_trace(name: str, times: pd.Index, values: np.ndarray) -> go.Scatter:
    drawn = _line_trace(name, times, values, {"color": MODEL, "width": 3})
    return drawn.update(mode="lines+markers", marker={"size": 6, "color": MODEL})
