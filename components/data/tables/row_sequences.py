"""A table whose rows are sequences: their steps stand side by side, and their class before or after them."""

from itertools import pairwise

import numpy as np
import pandas as pd

from components.data.datasets import Classes, Provenance, Sequences, concatenate_sequences
from components.data.tables.division import cell_text, division, propose_division
from components.data.tables.long_format import is_categorical, require_column
from components.errors import DataError
from components.recipe import AsRows, Upload

MIN_STEPS = 8
"""Values of a row, from which on they may be the steps of a sequence."""
_MIN_ROWS = 4
_MOST_OTHERS = 4  # columns of words beside the steps
_LOOKED_AT = 400  # rows that show whether values follow each other along them
_CODE_NAMES = ("id", "index", "name", "nr", "no")


def read_rows(frame: pd.DataFrame, shape: AsRows, reference: Upload, provenance: Provenance) -> Sequences:
    """Read each row as a sequence: its cells from left to right, one step each.

    A row that ends in empty cells is a shorter sequence; what is missing between others is filled by a
    straight line between its neighbours, and that is noted.

    Args:
        frame: as it came, (records, columns).
        shape: which column holds the classes, and which are no steps.
        reference: of its file, whose name stands in messages.
        provenance: of the data.

    Raises:
        DataError: if a column is missing, or too few hold numbers.
    """
    name = reference.name
    for column in (*shape.left_out, *(() if shape.label is None else (shape.label,))):
        require_column(frame, column, name)
    steps = _steps(frame, shape)
    if not steps:
        raise DataError("No column holds numbers.", where=name, remedy="Read the rows as something else.")
    numbers = frame[steps].to_numpy(np.float64)
    known = np.isfinite(numbers)
    rows = known.any(axis=1)
    if shape.label is not None:
        rows &= frame[shape.label].notna().to_numpy()
    if not rows.any():
        raise DataError("No row is whole.", where=name, remedy="Read the rows as something else.")
    sequences, filled = [], 0
    for values in numbers[rows]:
        there = np.flatnonzero(np.isfinite(values))
        own = values[: there[-1] + 1]
        gaps = ~np.isfinite(own)
        if gaps.any():
            own = np.interp(np.arange(len(own)), there, own[there])
            filled += int(gaps.sum())
        sequences.append(own.astype(np.float32)[:, None])
    values, offsets = concatenate_sequences(sequences)
    answer = None
    if shape.label is not None:
        answer = Classes.of([cell_text(cell) for cell in frame[shape.label][rows]])
    notes = [f"Each row was read as a sequence of {len(steps):,} steps."]
    if left := len(frame) - int(rows.sum()):
        notes.append(
            f"{left:,} of {len(frame):,} rows were left out because the class or all values were missing."
        )
    if filled:
        notes.append(f"{filled:,} missing values are interpolated linearly.")
    return Sequences(
        reference,
        name,
        provenance,
        values,
        offsets,
        ("value",),
        answer=answer,
        notes=tuple(notes),
        **division(frame[rows], shape.group, shape.split, name),
    )


def propose_rows(frame: pd.DataFrame) -> AsRows | None:
    """Return how the rows of a table may be read as sequences; None where they can't."""
    names = [str(column) for column in frame.columns]
    numbers = [name for name in names if frame[name].dtype == np.float64]
    others = [name for name in names if name not in numbers]
    if len(numbers) < MIN_STEPS or len(frame) < _MIN_ROWS or len(others) > _MOST_OTHERS:
        return None
    group, split = propose_division(frame[others], ()) if others else (None, None)
    words = [name for name in others if name not in (group, split)]
    label = next((name for name in words if is_categorical(frame[name])), None)
    if label is None:
        ends = [name for name in (names[0], names[-1]) if name in numbers]
        label = next((name for name in ends if _may_be_class(frame[name])), None)
    left = [name for name in words if name != label]
    left += [name for name in numbers[:1] if name != label and name.casefold() in _CODE_NAMES]
    return AsRows(label=label, group=group, split=split, left_out=tuple(left))


def run_along_rows(frame: pd.DataFrame, shape: AsRows) -> bool:
    """Return whether the values of a table follow each other along its rows rather than down its columns."""
    rows = frame[_steps(frame, shape)].head(_LOOKED_AT).to_numpy(np.float64)
    return follow_along([row[np.isfinite(row)] for row in rows])


def follow_along(rows: list[np.ndarray]) -> bool:
    """Return whether values follow each other along rows: neighbours in a row are more alike than those above
    each other, or each row was standardised by itself.

    Args:
        rows: the values of each, finite.
    """
    if not rows or not all(len(row) > 1 for row in rows):
        return False
    means, spreads = np.array([(row.mean(), row.std()) for row in rows]).T
    if np.median(np.abs(means)) < 0.05 and np.median(np.abs(spreads - 1)) < 0.1:
        return True
    along = np.mean([np.abs(np.diff(row)).mean() for row in rows])
    across = [
        np.abs(above[: min(len(above), len(below))] - below[: min(len(above), len(below))]).mean()
        for above, below in pairwise(rows)
    ]
    return bool(across) and bool(along < np.mean(across))


def _steps(frame: pd.DataFrame, shape: AsRows) -> list[str]:
    beside = {*shape.left_out, shape.label, shape.group, shape.split}
    return [name for name in frame.columns if name not in beside and frame[name].dtype == np.float64]


def _may_be_class(column: pd.Series) -> bool:
    return bool(is_categorical(column) and not column.hasnans and (column == column.round()).all())
