"""A dataset's columns over time."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from tsdownsample import MinMaxLTTBDownsampler

from components.charts.chart import Chart, figure, measured, moment, number, safe
from components.charts.palette import GREY, SERIES, faded
from components.data.split import Split

MOST_POINTS = 5000
"""More than a screen has columns of dots; longer series are thinned, their peaks kept."""


def series(
    table: pd.DataFrame, columns: Sequence[str], *, unit: str = "", split: Split | None = None
) -> Chart:
    """Draw columns one above the other, over one axis of time.

    Args:
        table: the dataset's: rows in order, numeric columns.
        columns: which to draw, at least one.
        unit: of a single column; where there are several, each may have its own, which nobody knows.
        split: where given, the validation and the test part are shaded.
    """
    several = len(columns) > 1
    unit = "" if several else unit
    drawn = figure(f"{len(columns)} columns" if several else columns[0], height=_height(len(columns)))
    drawn.set_subplots(rows=len(columns), cols=1, shared_xaxes=True, vertical_spacing=0.05)
    for row, name in enumerate(columns, start=1):
        kept = thinned(table[name].to_numpy(np.float64))
        line = {"color": SERIES[(row - 1) % len(SERIES)], "width": 1.5}
        trace = go.Scatter(
            x=table.index[kept], y=table[name].iloc[kept], name=safe(name), mode="lines", line=line
        )
        drawn.add_trace(trace, row=row, col=1)
        drawn.update_yaxes(title_text=safe(measured(name, unit)), row=row, col=1)
    drawn.update_xaxes(title_text=time_axis(table.index), row=len(columns), col=1)
    if split:
        _shade(drawn, table.index, split)
    drawn.update_layout(showlegend=False)
    return Chart(drawn, _sentence(table, columns, unit), table[list(columns)])


def _height(columns: int) -> int:
    return 340 if columns == 1 else 100 + 150 * columns


def thinned(values: np.ndarray, most: int = MOST_POINTS) -> np.ndarray:
    """Choose the rows to draw: all finite ones, or `most` of them that keep the shape.

    MinMaxLTTB, Van Der Donckt et al. (2023), arXiv:2305.00332.
    """
    finite = np.flatnonzero(np.isfinite(values))
    if len(finite) <= most:
        return finite
    chosen = MinMaxLTTBDownsampler().downsample(np.ascontiguousarray(values[finite]), n_out=most)
    return finite[chosen]


def time_axis(index: pd.Index) -> str:
    """Name the axis along a dataset's rows."""
    if isinstance(index, pd.DatetimeIndex):
        return str(index.name or "time")
    return "row"


def _shade(drawn: go.Figure, index: pd.Index, split: Split) -> None:
    # Their names point away from each other, so that they never meet.
    for name, rows, opacity, end in (
        ("validation", split.validation, 0.12, "right"),
        ("test", split.test, 0.24, "left"),
    ):
        part = index[rows]
        drawn.add_vrect(
            x0=part[0], x1=part[-1], fillcolor=faded(GREY, opacity), line_width=0, layer="below"
        ).add_annotation(
            x=part[-1] if end == "right" else part[0],
            y=1,
            yref="paper",
            yanchor="bottom",
            xanchor=end,
            xshift=-4 if end == "right" else 4,
            text=name,
            showarrow=False,
        )


def _sentence(table: pd.DataFrame, columns: Sequence[str], unit: str) -> str:
    span = f"From {moment(table.index[0])} to {moment(table.index[-1])}"
    if len(columns) > 1:
        return f"{span}, {len(table):,} rows of {len(columns)} columns."
    values = table[columns[0]]
    reach = f"between {number(values.min())} and {number(values.max())} {unit}".rstrip()
    return f"{span}, “{columns[0]}” moves {reach}; its mean is {number(values.mean())}."
