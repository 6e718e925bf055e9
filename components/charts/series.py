"""A dataset's columns over time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from tsdownsample import MinMaxDownsampler, MinMaxLTTBDownsampler

from components.charts.chart import Chart, axis_title, escape_html, figure, index_label, number
from components.charts.palette import GREY, PURPLE, SERIES, VERMILLION, with_opacity
from components.data.splits.time_split import TimeSplit

MOST_POINTS = 5000
"""More than a screen has columns of dots; longer series are thinned, their peaks kept."""


_PORTION = 1 << 20  # rows of a long series that are looked at together, so that it is nowhere copied whole
_PRESELECTED = 4  # times as many rows as are drawn: of these, their shape is made
_MOST_GAPS = 200  # that are shaded; more of them can't be told apart
_MARKERS = (("circle-open", VERMILLION), ("diamond-open", PURPLE))


@dataclass(frozen=True, eq=False)
class Marks:
    """Values that stand out in a drawing.

    Attributes:
        label: what they are, in a word or two.
        rows: positions of theirs, by column.
    """

    label: str
    rows: dict[str, np.ndarray]

    def count_in(self, columns: Sequence[str]) -> int:
        """Count those of some columns."""
        return sum(len(rows) for column, rows in self.rows.items() if column in columns)


def series(
    table: pd.DataFrame,
    columns: Sequence[str],
    *,
    unit: str = "",
    split: TimeSplit | None = None,
    marks: Sequence[Marks] = (),
) -> Chart:
    """Draw columns one above the other, over one axis of time.

    Args:
        table: rows in order, numeric columns. Where values are missing, lines are broken and gaps shaded.
        columns: which to draw, at least one.
        unit: of a single column; where there are several, each may have its own, which nobody knows.
        split: where given, the validation and the test set are shaded.
        marks: values to point out, in at most two ways.
    """
    several = len(columns) > 1
    unit = "" if several else unit
    drawn = figure(f"{len(columns)} columns" if several else columns[0], height=_height(len(columns)))
    drawn.set_subplots(rows=len(columns), cols=1, shared_xaxes=True, vertical_spacing=0.05)
    for row, name in enumerate(columns, start=1):
        values = table[name].to_numpy(np.float64)
        kept = with_gap_rows(downsampled_rows(values), values)
        line = {"color": SERIES[(row - 1) % len(SERIES)], "width": 1.5}
        trace = go.Scatter(
            x=table.index[kept],
            y=values[kept],
            name=escape_html(name),
            mode="lines",
            line=line,
            showlegend=False,
        )
        drawn.add_trace(trace, row=row, col=1)
        for mark, look in zip(marks, _MARKERS, strict=False):
            if name in mark.rows:
                first = not any(trace.legendgroup == mark.label for trace in drawn.data)
                drawn.add_trace(_mark_trace(table, name, mark, look, first), row=row, col=1)
        _shade_gaps(drawn, table.index, values, row)
        drawn.update_yaxes(title_text=escape_html(axis_title(name, unit)), row=row, col=1)
    drawn.update_xaxes(title_text=time_axis_title(table.index), row=len(columns), col=1)
    if split:
        _shade_split(drawn, table.index, split)
    shown = [mark for mark in marks if mark.count_in(columns)]
    drawn.update_layout(showlegend=bool(shown))
    sentence = (
        _sentence(table, columns, unit)
        + _gaps_sentence(table[list(columns)])
        + _marks_sentence(shown, columns)
    )
    return Chart(drawn, sentence, table[list(columns)])


def _height(columns: int) -> int:
    return 340 if columns == 1 else 100 + 150 * columns


def downsampled_rows(values: np.ndarray, most: int = MOST_POINTS) -> np.ndarray:
    """Choose the rows to draw: all finite ones, or `most` of them, at least 5, that keep the shape.

    MinMaxLTTB, Van Der Donckt et al. (2023), arXiv:2305.00332. That alone may lose the lowest and the highest
    value; they are kept here, so that an axis is the same however a line is thinned. Of a long series, the
    lowest and highest values are chosen portion by portion first.
    """
    finite = _finite_rows(values, most)
    if len(finite) <= most:
        return finite
    dense = np.ascontiguousarray(values[finite])
    chosen = MinMaxLTTBDownsampler().downsample(dense, n_out=most - 2)
    return finite[np.union1d(chosen, [dense.argmin(), dense.argmax()]).astype(np.intp)]


def _finite_rows(values: np.ndarray, most: int) -> np.ndarray:
    """Return the finite rows; of a long series, more than `most` of them, the extremes of each stretch."""
    portions = range(0, len(values), _PORTION)
    kept = max(2, 2 * (_PRESELECTED * most // (2 * max(1, len(portions)))))
    found = []
    for start in portions:
        portion = values[start : start + _PORTION]
        finite = np.flatnonzero(np.isfinite(portion))
        if len(portions) > 1 and len(finite) > kept:
            dense = np.ascontiguousarray(portion[finite])
            chosen = MinMaxDownsampler().downsample(dense, n_out=kept)
            always = np.array([0, dense.argmin(), dense.argmax(), len(dense) - 1], np.intp)
            finite = finite[np.union1d(chosen, always).astype(np.intp)]
        found.append(start + finite)
    return np.concatenate(found) if found else np.empty(0, np.intp)


def _has_gaps(values: np.ndarray) -> bool:
    portions = (values[at : at + _PORTION] for at in range(0, len(values), _PORTION))
    return not all(bool(np.isfinite(portion).all()) for portion in portions)


def with_gap_rows(kept: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Add the first row of each gap, whose missing value breaks the line."""
    if not _has_gaps(values):
        return kept
    missing = ~np.isfinite(values)
    starts = np.flatnonzero(missing & ~np.concatenate([[False], missing[:-1]]))
    return np.union1d(kept, starts[:MOST_POINTS])


def _shade_gaps(drawn: go.Figure, index: pd.Index, values: np.ndarray, row: int) -> None:
    if not _has_gaps(values):
        return
    missing = np.concatenate([[False], ~np.isfinite(values), [False]])
    edges = np.flatnonzero(np.diff(missing))
    for start, end in zip(edges[::2][:_MOST_GAPS], edges[1::2], strict=False):
        before, after = index[max(0, start - 1)], index[min(end, len(index) - 1)]
        colour = with_opacity(VERMILLION, 0.25)
        drawn.add_vrect(x0=before, x1=after, fillcolor=colour, line_width=0, layer="below", row=row, col=1)


def _mark_trace(
    table: pd.DataFrame, name: str, mark: Marks, style: tuple[str, str], first: bool
) -> go.Scatter:
    rows = mark.rows[name][:MOST_POINTS]
    symbol, colour = style
    return go.Scatter(
        x=table.index[rows],
        y=table[name].iloc[rows],
        name=escape_html(mark.label),
        legendgroup=mark.label,
        showlegend=first,
        mode="markers",
        marker={"symbol": symbol, "color": colour, "size": 8, "line": {"width": 1.5}},
    )


def _gaps_sentence(table: pd.DataFrame) -> str:
    missing = int(table.isna().to_numpy().sum())
    if not missing:
        return ""
    return f" {missing:,} value{' is' if missing == 1 else 's are'} missing (shaded)."


def _marks_sentence(marks: Sequence[Marks], columns: Sequence[str]) -> str:
    if not marks:
        return ""
    return f" Marked: {', '.join(f'{mark.count_in(columns):,} {mark.label}' for mark in marks)}."


def time_axis_title(index: pd.Index) -> str:
    """Return the title of the axis along a dataset's rows."""
    if isinstance(index, pd.DatetimeIndex):
        return str(index.name or "time")
    return "row"


def _shade_split(drawn: go.Figure, index: pd.Index, split: TimeSplit) -> None:
    # Their names point away from each other, so that they never meet.
    for name, rows, opacity, end in (
        ("validation", split.validation, 0.12, "right"),
        ("test", split.test, 0.24, "left"),
    ):
        part = index[rows]
        drawn.add_vrect(
            x0=part[0], x1=part[-1], fillcolor=with_opacity(GREY, opacity), line_width=0, layer="below"
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
    span = f"From {index_label(table.index[0])} to {index_label(table.index[-1])}"
    if len(columns) > 1:
        return f"{span}, {len(table):,} rows of {len(columns)} columns."
    values = table[columns[0]]
    reach = f"between {number(values.min())} and {number(values.max())} {unit}".rstrip()
    return f"{span}, “{columns[0]}” ranges {reach}; its mean is {number(values.mean())}."
