"""Checks that columns are there and are as a cleaning step needs them."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from components.errors import DataError

SERIES_SEPARATOR = " · "
_UNDO_REMEDY = "Undo this step, or the earlier steps that changed the table."


def check_exist(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse columns that a table doesn't have.

    Raises:
        DataError: naming the first of them.
    """
    for column in columns:
        if column not in frame.columns:
            raise DataError("There is no such column.", where=f"column “{column}”", remedy=_UNDO_REMEDY)


def numeric_columns(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns that hold numbers."""
    return [column for column in frame.columns if frame[column].dtype == np.float64]


def check_numbers(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse columns that hold something else than numbers.

    Raises:
        DataError: naming the first of them.
    """
    for column in columns:
        if frame[column].dtype != np.float64:
            raise DataError(
                "This column doesn't hold numbers yet.",
                where=f"column “{column}”",
                remedy="Read it as numbers first, or leave it out.",
            )


def row_times(frame: pd.DataFrame, *, in_order: bool = False, once: bool = False) -> pd.DatetimeIndex:
    """Return the times of the rows.

    Raises:
        DataError: if there are none; where `in_order` is asked for, if one is missing or they aren't; where
            `once`, if a time appears more than once.
    """
    index = frame.index
    if not isinstance(index, pd.DatetimeIndex):
        raise DataError("The rows have no times.", where="time", remedy="Set the time first.")
    if in_order and (index.hasnans or not index.is_monotonic_increasing):
        raise DataError("The rows aren't sorted by time.", where="time", remedy="Sort them first.")
    if once and len(index) > 1 and not (np.diff(index.asi8) > 0).all():
        raise DataError("A time appears more than once.", where="time", remedy="Merge these rows first.")
    return index


def replace_columns(frame: pd.DataFrame, numbers: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Return a frame with other numbers in some columns; they are taken as they are, and not copied."""
    own = {name: pd.Series(values, index=frame.index, copy=False) for name, values in numbers.items()}
    return frame.assign(**own)


def folded(column: pd.Series) -> pd.Series:
    """Return the words of a column in lower case, without spaces around them."""
    return column.astype("str").str.strip().str.casefold()


def cell_texts(column: pd.Series) -> pd.Series:
    """Return a column's cells as text: numbers as short as possible, dates without a midnight."""
    if column.dtype == np.float64:
        texts = column.map(lambda value: f"{value:.17g}", na_action="ignore")
    elif column.dtype.kind == "M":
        texts = column.astype("str").str.removesuffix(" 00:00:00")
    else:
        texts = column
    return texts.astype("str")


def series_names(frame: pd.DataFrame, keys: Sequence[str]) -> pd.Series:
    """Return the name of each row's series: the cells of the columns that tell them apart, joined by “ · ”.

    An empty cell adds nothing; where all are empty, there is no name.
    """
    first, *others = (cell_texts(frame[key]) for key in keys)
    if not others:
        return first
    names = first.fillna("")
    for texts in (other.fillna("") for other in others):
        names = names + np.where((names != "") & (texts != ""), SERIES_SEPARATOR, "") + texts
    return names.mask(names == "").astype("str")
