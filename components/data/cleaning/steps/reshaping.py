"""Cleaning steps that give a table another shape: wide or long, series side by side, words as columns."""

from math import gcd

import numpy as np
import pandas as pd

from components.data import time_axis
from components.data.cleaning.steps import columns
from components.data.parsing.number_parsing import is_missing
from components.data.tables import wide_format
from components.errors import DataError
from components.recipe import LONGEST_NAME, FillDown, OneHot, SpreadColumn, Unpivot


def unpivot(frame: pd.DataFrame, step: Unpivot) -> pd.DataFrame:
    """Row by row, in the order of the columns; an empty cell gives no row."""
    columns.check_exist(frame, (*step.ids, *step.left_out))
    kept = frame.drop(columns=list(step.left_out))
    times = [column for column in kept.columns if column not in step.ids]
    if not times:
        raise DataError("No column is left for the times.", where="wide table", remedy="Undo this step.")
    cells = kept[times]
    if not (cells.dtypes == np.float64).all():
        cells = cells.apply(columns.cell_texts)
    time_axis.check_rows(cells.size)
    labels = np.tile(np.array(wide_format.time_labels(times), dtype=object), len(frame))
    values = pd.Series(cells.to_numpy().reshape(-1))
    values = values.astype(np.float64 if cells.dtypes.iloc[0] == np.float64 else "str")
    rows = np.repeat(np.arange(len(frame)), len(times))
    filled = values.notna().to_numpy() if values.dtype == np.float64 else ~is_missing(values)
    long = kept[list(step.ids)].iloc[rows[filled]].reset_index(drop=True)
    names = pd.Series(labels[filled], dtype="str")
    numbers = pd.to_numeric(names, errors="coerce")
    long[step.time] = numbers.astype(np.float64) if numbers.notna().all() else names
    return long.assign(**{step.number: values[filled].to_numpy() if values.dtype == np.float64 else
                          pd.Series(values[filled].array, dtype="str")})  # fmt: skip


def spread_column(frame: pd.DataFrame, step: SpreadColumn) -> pd.DataFrame:
    """Rows of the same time come together; where a series has none of that time, its cells are missing."""
    keys = (step.column, *step.others)
    gone = [*keys, *(trait.column for trait in step.traits if trait.column not in keys)]
    columns.check_exist(
        frame, [*gone, *(column for column in (step.steps, step.number) if column is not None)]
    )
    kinds = columns.series_names(frame, keys)
    if step.steps is None:
        columns.row_times(frame)
    else:
        frame = frame.set_axis(_step_numbers(frame[step.steps]), axis=0)
        kinds.index = frame.index
        gone.append(step.steps)
    rest = frame.drop(columns=gone) if step.number is None else frame[[step.number]]
    by_kind = rest.groupby(kinds.to_numpy(), sort=False).indices
    series = []
    for value in step.values:
        chosen = rest.iloc[by_kind.get(value, [])]
        again = chosen.index.duplicated()
        if again.any():
            raise DataError(
                f"The time {chosen.index[again][0]} appears twice in the rows of “{value}”.",
                where=f"column “{step.column}”",
                remedy="Upload a table with one row per time in each series.",
            )
        names = [value] if len(rest.columns) == 1 else [f"{column} {value}" for column in rest.columns]
        series.append(chosen.set_axis([name[:LONGEST_NAME] for name in names], axis=1))
    spread = pd.concat(series, axis=1, sort=True)
    if not spread.columns.is_unique:
        raise DataError(
            "Side by side, two of the series would have the same name.",
            where=f"column “{step.column}”",
            remedy="Undo this step.",
        )
    if step.steps is None:
        return spread.set_axis(spread.index.rename(frame.index.name), axis=0)
    return spread.reindex(_every_step(spread.index))


def _step_numbers(column: pd.Series) -> pd.Index:
    columns.check_numbers(column.to_frame(), [str(column.name)])
    if not (np.isfinite(column) & (column == np.floor(column)) & (column.abs() < 2**53)).all():
        raise DataError(
            "This column doesn't count steps: it holds something other than whole numbers.",
            where=f"column “{column.name}”",
            remedy="Undo this step.",
        )
    return pd.Index(column.astype(np.int64))


def _every_step(steps: pd.Index) -> pd.RangeIndex:
    apart = gcd(*np.diff(steps.to_numpy()).tolist()) or 1
    time_axis.check_rows((int(steps[-1]) - int(steps[0])) // apart + 1)
    return pd.RangeIndex(int(steps[0]), int(steps[-1]) + 1, apart)


def one_hot(frame: pd.DataFrame, step: OneHot) -> pd.DataFrame:
    """The new columns stand where the old one stood."""
    columns.check_exist(frame, [step.column])
    at = frame.columns.get_loc(step.column)
    texts = columns.cell_texts(frame[step.column]).str.strip()
    made = {
        f"{step.column}: {value}"[:LONGEST_NAME]: (texts == value).to_numpy(np.float64)
        for value in step.values
    }
    rest = frame.drop(columns=[step.column])
    if len(made) < len(step.values) or not rest.columns.intersection(list(made)).empty:
        raise DataError(
            "Two columns would have the same name.",
            where=f"column “{step.column}”",
            remedy="Undo this step.",
        )
    new = pd.DataFrame(made, index=frame.index)
    return pd.concat([rest.iloc[:, :at], new, rest.iloc[:, at:]], axis=1)


def fill_down(frame: pd.DataFrame, step: FillDown) -> pd.DataFrame:
    """Cells above the first filled one stay empty."""
    columns.check_exist(frame, step.columns)
    return frame.assign(**{column: frame[column].ffill() for column in step.columns})
