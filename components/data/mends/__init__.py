"""What makes a table as it came into numbers in order of time: the mends of a recipe, one after the other.

A frame on its way holds columns of text (dtype str), float64 and datetime64. Its index is the number that
each row came with, and its time once that is set. No frame is changed in place.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from components.data.mends import meaning, rows
from components.data.mends.fences import NO_FENCES, Fences
from components.data.mends.filling import fill_missing
from components.data.numerals import Style
from components.errors import DataError
from components.recipe import FillMissing, Mend, Preparation, SpreadColumn

# What makes each kind of mend. A new one is a part of the recipe, a function, and a line here.
MENDS: dict[str, Callable[[pd.DataFrame, Any], pd.DataFrame]] = {
    "set_time": meaning.set_time,
    "standard_time": meaning.standard_time,
    "read_numbers": meaning.read_numbers,
    "treat_as_missing": meaning.treat_as_missing,
    "spread_column": meaning.spread_column,
    "drop_columns": meaning.drop_columns,
    "drop_untimed": rows.drop_untimed,
    "sort_rows": rows.sort_rows,
    "drop_repeats": rows.drop_repeats,
    "round_times": rows.round_times,
    "add_missing_times": rows.add_missing_times,
    "resample": rows.resample,
}


def apply(frame: pd.DataFrame, mend: Mend, fences: Fences = NO_FENCES) -> pd.DataFrame:
    """Make one mend.

    Args:
        frame: as said at the top of this module; not changed.
        mend: what to do.
        fences: rows that filling must not look across.

    Raises:
        DataError: if the frame isn't one that this can be done to.
    """
    if isinstance(mend, FillMissing):
        return fill_missing(frame, mend, fences)
    return MENDS[mend.kind](frame, mend)


def labelled(frame: pd.DataFrame, mends: Sequence[Mend], preparation: Preparation) -> pd.DataFrame:
    """Make mends in their order. A row without a time keeps the number that it came with.

    What lies before the validation part comes out the same whatever values lie in it and after it; likewise
    before the test part.

    Args:
        frame: as it came.
        mends: what to do; `preparation.mends` or the first of them.
        preparation: how the finished table will be divided.

    Raises:
        DataError: if one of them can't be done; it says which.
    """
    looks = next((at for at, mend in enumerate(mends) if _looks_ahead(mend)), len(mends))
    for step, mend in enumerate(mends[:looks], 1):
        frame = _step(step, frame, mend, NO_FENCES)
    fences = _fences(frame, mends[looks:], preparation, looks + 1)
    for step, mend in enumerate(mends[looks:], looks + 1):
        frame = _step(step, frame, mend, fences)
    return frame


def mended(frame: pd.DataFrame, mends: Sequence[Mend], preparation: Preparation) -> pd.DataFrame:
    """Make mends in their order, and number the rows anew where they have no times.

    Arguments and errors are those of `labelled`.
    """
    frame = labelled(frame, mends, preparation)
    return frame if isinstance(frame.index, pd.DatetimeIndex) else frame.reset_index(drop=True)


def are_alike(table: pd.DataFrame, mends: Sequence[Mend]) -> bool:
    """Tell whether all columns of a mended table are series of one kind: they stood under each other once."""
    spread = {value for mend in mends if isinstance(mend, SpreadColumn) for value in mend.values}
    return len(table.columns) > 1 and spread.issuperset(table.columns)


def traits(table: pd.DataFrame, mends: Sequence[Mend]) -> pd.DataFrame:
    """Give what never changes in each series of a mended table, (series, traits) of float64 or str.

    There is something where its columns are series of one kind, and stood beside what says it.
    """
    told = pd.DataFrame(index=table.columns)
    if not are_alike(table, mends):
        return told
    for mend in (mend for mend in mends if isinstance(mend, SpreadColumn)):
        for trait in mend.traits:
            said = pd.Series(trait.of, index=list(mend.values), dtype="str").reindex(table.columns)
            numbers = Style().read(said)
            told[trait.column] = numbers if np.isfinite(numbers).all() else said
    return told


def _step(step: int, frame: pd.DataFrame, mend: Mend, fences: Fences) -> pd.DataFrame:
    try:
        return apply(frame, mend, fences)
    except DataError as error:
        raise DataError(error.what, where=f"step {step}, {error.where}", remedy=error.remedy) from None


def _looks_ahead(mend: Mend) -> bool:
    return isinstance(mend, FillMissing) and mend.how == "interpolate"


def _fences(frame: pd.DataFrame, mends: Sequence[Mend], preparation: Preparation, first: int) -> Fences:
    """Find where the parts of the finished table begin.

    That depends on which rows are left in the end, and filling forward leaves the same ones as interpolating.
    """
    if not mends:
        return NO_FENCES
    for step, mend in enumerate(mends, first):
        quick = mend.model_copy(update={"how": "forward"}) if _looks_ahead(mend) else mend
        frame = _step(step, frame, quick, NO_FENCES)
    return Fences.of(frame.index, preparation)
