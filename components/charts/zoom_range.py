"""A stretch of a long series, for whoever zooms into it: every point of it, or as many as can be seen."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.charts.series import downsampled_rows, with_gap_rows

MOST_POINTS = 2000
"""of a line in a stretch: about as many as a wide screen has columns of dots"""

_MILLISECONDS = {"s": 1e-3, "ms": 1, "us": 1e3, "ns": 1e6}  # one of them, in an index's own unit


@dataclass(frozen=True, eq=False)
class ZoomRange:
    """Lines as far as a stretch of their axis reaches, and on to the next row at both ends.

    Attributes:
        rows: how many rows of the table it spans.
        exact: whether all values of these are there; if not, the lines are thinned.
        lines: x and y of each column. The y of a gap's first row is missing, which breaks the line.
    """

    rows: int
    exact: bool
    lines: tuple[tuple[pd.Index, np.ndarray], ...]


def can_zoom(table: pd.DataFrame) -> bool:
    """Return whether stretches of a table can be told: its rows are numbered, or timed and in order."""
    index = table.index
    if isinstance(index, pd.DatetimeIndex):
        return index.tz is None and not index.hasnans and index.is_monotonic_increasing
    return isinstance(index, pd.RangeIndex) and index.step > 0


def zoom_range(
    table: pd.DataFrame, columns: Sequence[str], start: float, end: float, most: int = MOST_POINTS
) -> ZoomRange:
    """Cut a stretch out of a table that `can_zoom`; columns with more than `most` values are thinned.

    Args:
        table: rows in order, numeric columns; it is neither copied nor changed.
        columns: which to cut, at least one.
        start, end: where it begins and ends, as the index is numbered: in milliseconds since 1970 where it
            has times. What lies beyond the table is left out.
        most: values that a column may keep, at least 5.
    """
    rows = _row_range(table.index, start, end)
    index = table.index[rows]
    exact, lines = True, []
    for name in columns:
        values = table[name].to_numpy(np.float64)[rows]
        kept = downsampled_rows(values, most)
        exact &= len(kept) == np.isfinite(values).sum()
        kept = with_gap_rows(kept, values)
        lines.append((index[kept], values[kept]))
    return ZoomRange(len(index), bool(exact), tuple(lines))


def _row_range(index: pd.Index, start: float, end: float) -> slice:
    """Find the rows from `start` to `end` with one more at each side, so that lines reach the edges."""
    if isinstance(index, pd.RangeIndex):
        last_row = len(index) - 1
        first, last = (min(max((place - index.start) / index.step, 0), last_row) for place in (start, end))
        return slice(max(math.ceil(first) - 1, 0), math.floor(last) + 2)
    if not isinstance(index, pd.DatetimeIndex):
        raise TypeError(f"no stretches along an index of type {type(index).__name__}")
    times = index.asi8
    # Kept within the index: numbers beyond what its type can hold would have it copied into another.
    first, last = (
        min(max(round(place * _MILLISECONDS[index.unit]), int(times[0])), int(times[-1]))
        for place in (start, end)
    )
    before, after = np.searchsorted(times, first, "left"), np.searchsorted(times, last, "right")
    return slice(max(int(before) - 1, 0), int(after) + 1)
