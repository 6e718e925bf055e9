"""The cleaning step that fills what is missing, with nothing from a later part of the split."""

import numpy as np
import pandas as pd

from components.data.cleaning.steps import columns
from components.data.cleaning.steps.split_borders import SplitBorders
from components.errors import DataError
from components.recipe import FillMissing


def fill_missing(frame: pd.DataFrame, step: FillMissing, borders: SplitBorders) -> pd.DataFrame:
    """Fill NaN and infinity; rows before the first value of a column are left out, unless it may be late.

    After the last value of one that may end early, nothing is filled.
    """
    names = list(step.columns) if step.columns is not None else columns.numeric_columns(frame)
    columns.check_exist(frame, names)
    columns.check_numbers(frame, names)
    gaps = {name: missing for name in names if (missing := ~np.isfinite(frame[name].to_numpy())).any()}
    if not gaps:
        return frame
    if step.how == "drop":
        return frame[~np.logical_or.reduce(list(gaps.values()))]
    if isinstance(frame.index, pd.DatetimeIndex):
        columns.row_times(frame, in_order=True, once=True)
    if step.begins == "first":
        begun = {}
        for name, missing in gaps.items():
            values, first = frame[name].to_numpy().copy(), _first_value(name, missing)
            values[:first] = values[first]
            begun[name] = values
        return columns.replace_columns(frame, begun)
    rows = slice(max(_first_value(name, missing) for name, missing in gaps.items()), None)
    ends = {name: len(frame) - _first_value(name, gap[::-1]) for name, gap in gaps.items()}
    if step.begins == "own":
        rows = slice(0, min(ends.values()))
    elif step.begins == "unequal":
        rows = slice(0, len(frame))
    # What is left out may hold the last value before a gap in what is kept.
    filled = {
        name: _fill_column(frame[name].to_numpy(), missing, frame.index, borders, step.how == "interpolate")[
            rows
        ]
        for name, missing in gaps.items()
    }
    if step.begins == "unequal":
        for name, end in ends.items():
            filled[name][end:] = np.nan
    return columns.replace_columns(frame.iloc[rows], filled)


def _first_value(name: str, missing: np.ndarray) -> int:
    if missing.all():
        raise DataError(
            "All its values are missing.", where=f"column “{name}”", remedy="Leave this column out."
        )
    return int(np.argmin(missing))


def _fill_column(
    values: np.ndarray, missing: np.ndarray, index: pd.Index, borders: SplitBorders, interpolate: bool
) -> np.ndarray:
    """Fill the gaps of one column after its first value; there is one."""
    there, holes = np.flatnonzero(~missing), np.flatnonzero(missing)
    holes = holes[holes > there[0]]
    following = np.searchsorted(there, holes)
    before = there[following - 1]
    filled = values.copy()
    filled[holes] = values[before]
    if interpolate:
        inside = following < len(there)
        holes, before, after = holes[inside], before[inside], there[following[inside]]
        same = borders.set_numbers(index, before) == borders.set_numbers(index, after)
        holes, before, after = holes[same], before[same], after[same]
        way = _distance(index, before, holes) / _distance(index, before, after)
        filled[holes] = values[before] + (values[after] - values[before]) * way
    return filled


def _distance(index: pd.Index, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Measure from row to row: in time where rows have one, else in rows."""
    if isinstance(index, pd.DatetimeIndex):
        times = index.asi8
        return (times[end] - times[start]).astype(np.float64)
    return (end - start).astype(np.float64)
