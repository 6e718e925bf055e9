"""What makes a table as it came into numbers in order of time: the cleaning steps of a recipe, one after the
other.

A frame on its way holds columns of text (dtype str), float64 and datetime64. Its index is the number that
each row came with, and its time once that is set. No frame is changed in place.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from components.data.cleaning.steps import cell_steps, reshaping, row_steps
from components.data.cleaning.steps.imputation import fill_missing
from components.data.cleaning.steps.split_borders import NO_BORDERS, SplitBorders
from components.data.parsing.number_parsing import NumberFormat
from components.errors import DataError
from components.recipe import CleaningStep, FillMissing, Preparation, SpreadColumn

MOST_SECONDS = 15.0
"""Seconds of one core that the steps of a table may take together: a link may name a hundred of them."""

# What makes each kind of step. A new one is a part of the recipe, a function, and a line here.
STEP_FUNCTIONS: dict[str, Callable[[pd.DataFrame, Any], pd.DataFrame]] = {
    "set_time": cell_steps.set_time,
    "set_regular_times": cell_steps.set_regular_times,
    "standard_time": cell_steps.standard_time,
    "read_numbers": cell_steps.read_numbers,
    "read_flags": cell_steps.read_flags,
    "one_hot": reshaping.one_hot,
    "fill_down": reshaping.fill_down,
    "treat_as_missing": cell_steps.treat_as_missing,
    "unpivot": reshaping.unpivot,
    "spread_column": reshaping.spread_column,
    "drop_columns": cell_steps.drop_columns,
    "keep_columns": cell_steps.keep_columns,
    "drop_totals": row_steps.drop_totals,
    "drop_rows": row_steps.drop_rows,
    "drop_untimed": row_steps.drop_untimed,
    "sort_rows": row_steps.sort_rows,
    "drop_repeats": row_steps.drop_repeats,
    "round_times": row_steps.round_times,
    "add_missing_times": row_steps.add_missing_times,
    "resample": row_steps.resample,
}


def apply_step(frame: pd.DataFrame, step: CleaningStep, borders: SplitBorders = NO_BORDERS) -> pd.DataFrame:
    """Make one cleaning step.

    Args:
        frame: as said at the top of this module; not changed.
        step: what to do.
        borders: rows that filling must not look across.

    Raises:
        DataError: if the frame isn't one that this can be done to.
    """
    if isinstance(step, FillMissing):
        return fill_missing(frame, step, borders)
    return STEP_FUNCTIONS[step.kind](frame, step)


def clean_with_row_numbers(
    frame: pd.DataFrame, steps: Sequence[CleaningStep], preparation: Preparation
) -> pd.DataFrame:
    """Make cleaning steps in their order. A row without a time keeps the number that it came with.

    What lies before the validation set comes out the same whatever values lie in it and after it; likewise
    before the test set.

    Args:
        frame: as it came.
        steps: what to do; `preparation.mends` or the first of them.
        preparation: how the finished table will be divided.

    Raises:
        DataError: if one of them can't be done; it says which.
    """
    (cleaned,) = deque(chain([frame], cleaning_stages(frame, steps, preparation)), maxlen=1)
    return cleaned


def cleaning_stages(
    frame: pd.DataFrame, steps: Sequence[CleaningStep], preparation: Preparation
) -> Iterator[pd.DataFrame]:
    """Yield what a table is after each of its cleaning steps.

    Arguments and errors are those of `clean_with_row_numbers`. What is done with a stage takes from the time
    of the steps that follow.
    """
    until = time.thread_time() + MOST_SECONDS
    looks = next((at for at, step in enumerate(steps) if _looks_ahead(step)), len(steps))
    for number, step in enumerate(steps[:looks], 1):
        frame = _apply_numbered_step(number, frame, step, NO_BORDERS, until)
        yield frame
    borders = _find_borders(frame, steps[looks:], preparation, looks + 1, until)
    for number, step in enumerate(steps[looks:], looks + 1):
        frame = _apply_numbered_step(number, frame, step, borders, until)
        yield frame


def clean_table(frame: pd.DataFrame, steps: Sequence[CleaningStep], preparation: Preparation) -> pd.DataFrame:
    """Make cleaning steps in their order, and number the rows anew where they have no times.

    Arguments and errors are those of `clean_with_row_numbers`.

    Example:
        >>> from components.recipe import ReadNumbers
        >>> frame = pd.DataFrame({"x": ["1,5", "2,5"]}, dtype="str")
        >>> clean_table(frame, [ReadNumbers(columns=("x",), decimal=",")], Preparation())["x"].tolist()
        [1.5, 2.5]
    """
    frame = clean_with_row_numbers(frame, steps, preparation)
    return frame if isinstance(frame.index, pd.DatetimeIndex) else frame.reset_index(drop=True)


def forms_panel(table: pd.DataFrame, steps: Sequence[CleaningStep]) -> bool:
    """Return whether all columns of a cleaned table are series of one kind: they stood under each other
    once."""
    spread = {value for step in steps if isinstance(step, SpreadColumn) for value in step.values}
    return len(table.columns) > 1 and spread.issuperset(table.columns)


def static_features(table: pd.DataFrame, steps: Sequence[CleaningStep]) -> pd.DataFrame:
    """Return the static features of each series of a cleaned table, (series, traits) of float64 or str.

    There is something where its columns are series of one kind, and stood beside what says it.
    """
    features = pd.DataFrame(index=table.columns)
    if not forms_panel(table, steps):
        return features
    for step in (step for step in steps if isinstance(step, SpreadColumn)):
        for trait in step.traits:
            texts = pd.Series(trait.of, index=list(step.values), dtype="str").reindex(table.columns)
            numbers = NumberFormat().read(texts)
            features[trait.column] = numbers if np.isfinite(numbers).all() else texts
    return features


def _apply_numbered_step(
    step: int, frame: pd.DataFrame, cleaning_step: CleaningStep, borders: SplitBorders, until: float
) -> pd.DataFrame:
    if time.thread_time() > until:
        raise DataError(
            f"The cleaning steps take longer than {MOST_SECONDS:g} seconds.",
            where=f"step {step}",
            remedy="Remove steps that aren't needed, or use a smaller table.",
        )
    try:
        return apply_step(frame, cleaning_step, borders)
    except DataError as error:
        raise DataError(error.what, where=f"step {step}, {error.where}", remedy=error.remedy) from None


def _looks_ahead(step: CleaningStep) -> bool:
    return isinstance(step, FillMissing) and step.how == "interpolate"


def _find_borders(
    frame: pd.DataFrame, steps: Sequence[CleaningStep], preparation: Preparation, first: int, until: float
) -> SplitBorders:
    """Find where the parts of the finished table begin.

    That depends on which rows are left in the end, and filling forward leaves the same ones as interpolating.
    """
    if not steps:
        return NO_BORDERS
    for number, step in enumerate(steps, first):
        quick = step.model_copy(update={"how": "forward"}) if _looks_ahead(step) else step
        frame = _apply_numbered_step(number, frame, quick, NO_BORDERS, until)
    return SplitBorders.of(frame.index, preparation)
