"""A what-if scenario: moved points, and the forecast that follows from them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, axis_title, escape_html, figure, index_label, with_unit
from components.charts.palette import GREY, MODEL, TRUTH
from components.charts.series import time_axis_title

_MAX_ROWS = 60  # rows before the forecast, at most: more are too near to each other to be taken hold of
MAX_HANDLES = 24
_PADDING = 0.3  # of the height, above and below


@dataclass(frozen=True, eq=False)
class ScenarioLine:
    """A line over time, as it is in the data and as it was changed.

    Attributes:
        index: (rows,) its times.
        original, edited: (rows,) values.
    """

    index: pd.Index
    original: np.ndarray
    edited: np.ndarray

    @property
    def is_changed(self) -> bool:
        """Whether anything was moved."""
        return not np.array_equal(self.original, self.edited)


def what_if_chart(column: str, unit: str, past: ScenarioLine, forecast: ScenarioLine) -> Chart:
    """Draw the newest rows of the target, the forecast that follows, and what both were before any change.

    The first line of the figure is that of the newest rows, as changed.

    Args:
        column: the target.
        unit: of it.
        past: the newest rows.
        forecast: what the model says: of the data, and of what was changed.
    """
    drawn = _figure(f"{column}: what if?", past.index, column, unit)
    first = max(0, len(past.index) - _MAX_ROWS)
    drawn.add_trace(_line_trace("newest rows", past.index[first:], past.edited[first:], TRUTH))
    joined = past.index[-1:].append(forecast.index)
    drawn.add_trace(
        _line_trace("forecast", joined, np.append(past.edited[-1:], forecast.edited), MODEL, width=3)
    )
    moved = past.is_changed or forecast.is_changed
    if moved:
        drawn.add_trace(
            _line_trace("original data", past.index[first:], past.original[first:], GREY, dash="dot")
        )
        before = np.append(past.original[-1:], forecast.original)
        drawn.add_trace(_line_trace("original forecast", joined, before, MODEL, dash="dot"))
    _pad_y_axis(drawn, past.edited[first:], past.original[first:], forecast.edited, forecast.original)
    drawn.add_vline(x=past.index[-1], line={"color": GREY, "width": 1, "dash": "dash"})
    table = pd.DataFrame(
        {"forecast": forecast.edited, "original data": forecast.original}, index=forecast.index
    )
    return Chart(drawn, _sentence(forecast, unit, moved), table)


def covariate_chart(column: str, unit: str, line: ScenarioLine, known_from: int) -> Chart:
    """Draw a covariate: its past and, if it's known in advance, its future.

    Args:
        column: its name.
        unit: of it.
        line: its newest rows and the steps to come, if it is known ahead.
        known_from: number of the first step to come.
    """
    drawn = _figure(column, line.index, column, unit)
    first = max(0, known_from - _MAX_ROWS)
    drawn.add_trace(_line_trace(column, line.index[first:], line.edited[first:], TRUTH))
    if line.is_changed:
        drawn.add_trace(
            _line_trace("original data", line.index[first:], line.original[first:], GREY, dash="dot")
        )
    _pad_y_axis(drawn, line.edited[first:], line.original[first:])
    drawn.add_vline(x=line.index[known_from - 1], line={"color": GREY, "width": 1, "dash": "dash"})
    changed = int((line.original != line.edited).sum())
    points = "point was" if changed == 1 else "points were"
    sentence = f"{changed} {points} moved." if changed else "No point has been moved yet."
    table = pd.DataFrame({column: line.edited, "original data": line.original}, index=line.index)
    return Chart(drawn, sentence, table)


def handle_positions(rows: int, known_from: int) -> list[int]:
    """Return which points of the first line can be moved: the newest rows, and all steps to come.

    Args:
        rows: of the whole line.
        known_from: number of the first step to come.
    """
    first = max(0, known_from - _MAX_ROWS)
    return [row - first for row in range(max(first, known_from - MAX_HANDLES), rows)]


def first_drawn_row(known_from: int) -> int:
    """Return the row that the first line of a figure begins with."""
    return max(0, known_from - _MAX_ROWS)


def _sentence(forecast: ScenarioLine, unit: str, moved: bool) -> str:
    at = int(np.abs(forecast.edited - forecast.original).argmax())
    last = f"For {index_label(forecast.index[-1])} the model forecasts {with_unit(forecast.edited[-1], unit)}"
    if not moved:
        return f"{last}. Move a point up or down to see how the forecast changes."
    change = forecast.edited[at] - forecast.original[at]
    way = "more" if change > 0 else "less"
    return (
        f"{last}, compared with {with_unit(forecast.original[-1], unit)} for the original data. The change "
        f"is largest at {index_label(forecast.index[at])}: {with_unit(abs(change), unit)} {way}."
    )


def _figure(title: str, index: pd.Index, column: str, unit: str) -> go.Figure:
    return figure(title, time_axis_title(index), axis_title(column, unit), height=380)


def _pad_y_axis(drawn: go.Figure, *lines: np.ndarray) -> None:
    """Leave room above and below, so that the highest and the lowest point can be moved further out."""
    values = np.concatenate(lines)
    low, high = float(values.min()), float(values.max())
    room = _PADDING * (high - low) or max(1.0, abs(high))
    drawn.update_yaxes(range=[low - room, high + room])


def _line_trace(
    name: str, index: pd.Index, values: np.ndarray, colour: str, *, width: float = 2, dash: str = "solid"
) -> go.Scatter:
    line = {"color": colour, "width": width, "dash": dash}
    return go.Scatter(x=index, y=values, name=escape_html(name), mode="lines", line=line)
