"""Mends that say which rows there are: one for each time, in order, evenly apart."""

import numpy as np
import pandas as pd

from components.data import time_axis
from components.data.cleaning.steps import columns
from components.data.parsing import periods
from components.recipe import (
    AddMissingTimes,
    DropRepeats,
    DropRows,
    DropTotals,
    DropUntimed,
    Resample,
    RoundTimes,
    SortRows,
)
from components.recipe.cleaning import TimeUnit


def drop_untimed(frame: pd.DataFrame, _: DropUntimed) -> pd.DataFrame:
    """Keep the rows that have a time."""
    times = columns.row_times(frame)
    return frame[times.notna()] if times.hasnans else frame


def drop_totals(frame: pd.DataFrame, step: DropTotals) -> pd.DataFrame:
    """Rows whose time can't be read stay."""
    columns.check_exist(frame, [step.column])
    return frame[~np.isin(periods.named_periods(frame[step.column]), step.periods)]


def drop_rows(frame: pd.DataFrame, step: DropRows) -> pd.DataFrame:
    """Upper and lower case don't matter."""
    columns.check_exist(frame, [step.column])
    texts = columns.folded(columns.cell_texts(frame[step.column]))
    return frame[~texts.isin([value.strip().casefold() for value in step.values]).to_numpy()]


def sort_rows(frame: pd.DataFrame, _: SortRows) -> pd.DataFrame:
    """Sort by time, stably; the newest first is only turned round, and then so are rows of the same time."""
    times = columns.row_times(frame)
    if times.is_monotonic_increasing:
        return frame
    return frame.iloc[::-1] if times.is_monotonic_decreasing else frame.sort_index(kind="stable")


def drop_repeats(frame: pd.DataFrame, step: DropRepeats) -> pd.DataFrame:
    """The rows that are left stay where the first (or the last) of each time stood."""
    times = columns.row_times(frame)
    if step.how in {"first", "last"}:
        again = times.duplicated(keep=step.how)
        return frame[~again] if again.any() else frame
    times = columns.row_times(frame, in_order=True)
    return _aggregate(frame, times.to_numpy(), step.how)


def round_times(frame: pd.DataFrame, step: RoundTimes) -> pd.DataFrame:
    """A time halfway between two moves to the even one."""
    times = columns.row_times(frame)
    return frame.set_axis(times.round(f"{step.count}{_PANDAS_UNITS[step.unit]}"), axis=0)


def add_missing_times(frame: pd.DataFrame, step: AddMissingTimes) -> pd.DataFrame:
    """Rows beside the rhythm stay too."""
    times = columns.row_times(frame, in_order=True)
    if not len(times):
        return frame
    missing = time_axis.time_grid(times, step.count, step.unit).difference(times)
    time_axis.check_rows(len(times) + len(missing))
    if not len(missing):
        return frame
    empty = frame.iloc[:0].reindex(missing)
    whole = pd.concat([frame, empty]).sort_index(kind="stable")
    return whole.set_axis(whole.index.rename(times.name), axis=0)


def resample(frame: pd.DataFrame, step: Resample) -> pd.DataFrame:
    """Stretches that hold no rows get one that is missing all."""
    times = columns.row_times(frame, in_order=True)
    if not len(times):
        return frame
    units = count_units(times.to_numpy(), step.unit)
    start = _first_unit(times.to_numpy()[0], step.unit) if step.count > 1 else int(units[0])
    stretch = (units - start) // step.count
    rows = int(stretch[-1] - stretch[0]) + 1
    time_axis.check_rows(rows)
    table = _aggregate(frame, stretch, step.how)
    begin = _unit_starts(start + step.count * np.arange(stretch[0], stretch[0] + rows), step.unit)
    table = table.set_axis(table.index - stretch[0], axis=0).reindex(pd.RangeIndex(rows))
    return table.set_axis(pd.DatetimeIndex(begin, name=times.name).as_unit(times.unit), axis=0)


# --- Making one row of several ---------------------------------------------------------------------


def _aggregate(frame: pd.DataFrame, keys: np.ndarray, how: str) -> pd.DataFrame:
    """Make one row of those with the same key, which follow each other; the keys become the index.

    Missing values are passed over; where there are no others, one is the result.
    """
    columns.check_numbers(frame, frame.columns)
    infinite = [name for name in frame.columns if np.isinf(frame[name].to_numpy()).any()]
    if infinite:
        frame = columns.replace_columns(frame, {name: _without_infinity(frame[name]) for name in infinite})
    groups = frame.groupby(pd.Index(keys, name=frame.index.name), sort=False)
    return groups.sum(min_count=1) if how == "sum" else groups.agg(how)


def _without_infinity(values: pd.Series) -> np.ndarray:
    return np.where(np.isinf(values), np.nan, values)


# --- Stretches of time -----------------------------------------------------------------------------

_NUMPY_UNITS: dict[TimeUnit, str] = {
    "millisecond": "ms",
    "second": "s",
    "minute": "m",
    "hour": "h",
    "day": "D",
    "month": "M",
    "year": "Y",
}
_PANDAS_UNITS = {"millisecond": "ms", "second": "s", "minute": "min", "hour": "h", "day": "D"}
_MONDAY = np.datetime64("1969-12-29", "D")


def count_units(times: np.ndarray, unit: TimeUnit) -> np.ndarray:
    """Count the units from a fixed day to each time: int64 of the times' shape."""
    if unit == "week":
        return (times.astype("datetime64[D]") - _MONDAY).astype(np.int64) // 7
    if unit == "business_day":
        # A weekend belongs to its Friday.
        friday = np.busday_offset(times.astype("datetime64[D]"), 0, roll="backward")
        return np.busday_count(_MONDAY, friday)
    return times.astype(f"datetime64[{_NUMPY_UNITS[unit]}]").astype(np.int64)


def _unit_starts(ticks: np.ndarray, unit: TimeUnit) -> np.ndarray:
    if unit == "week":
        return _MONDAY + 7 * ticks
    if unit == "business_day":
        return np.busday_offset(_MONDAY, ticks)
    return ticks.astype(f"datetime64[{_NUMPY_UNITS[unit]}]")


def _first_unit(first: np.datetime64, unit: TimeUnit) -> int:
    """Return the tick from which stretches of several units are counted: midnight, January, the first day."""
    whole = {"month": "Y", "year": "Y"}.get(unit, "D")
    return int(count_units(np.array([first]).astype(f"datetime64[{whole}]"), unit)[0])
