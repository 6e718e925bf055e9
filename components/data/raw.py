"""A file's cells as the data doctor wants to see them: nothing left out, nothing guessed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data.cells import Cells
from components.errors import DataError

_LONGEST_NAME = 200  # characters of a column's name; what the recipe allows
_NUMBER = "TRY_CAST({cell} AS DOUBLE)"
_TIME = "TRY_CAST({cell} AS TIMESTAMP)"
# What can only be read in one way; all other times are the doctor's.
_ISO = r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
_DECIMAL_COMMA = r"-?\d+,\d{1,2}|-?\d+,\d{4,}"
_MAYBE_THOUSANDS = r"-?[1-9]\d{0,2}(\.\d{3})+"


@dataclass(frozen=True, eq=False)
class Raw:
    """A table as it came.

    Attributes:
        frame: (records, columns), in the order of the file: float64 where all cells are numbers, datetime64
            where all are dates such as 2020-01-31, else text (dtype str), missing where a cell is empty.
        place: gives the words for a record of the file, counted from 0: "row 3".
        notes: plain sentences on what was done to the file until it was a table.
        sheet: which one of several it is.
    """

    frame: pd.DataFrame
    place: Callable[[int], str]
    notes: tuple[str, ...] = ()
    sheet: str | None = None


def raw(cells: Cells, notes: tuple[str, ...] = ()) -> Raw:
    """Take the cells of a file up. The database may be closed afterwards.

    Raises:
        DataError: if a column's name is too long for a recipe.
    """
    if max(map(len, cells.names)) > _LONGEST_NAME:
        raise DataError(
            f"A column's name has at most {_LONGEST_NAME} letters.",
            where=cells.name,
            remedy="Shorten it, then upload the file again.",
        )
    kinds = _kinds(cells)
    chosen = ", ".join(f"{kind.format(cell=f'c{n}')} AS c{n}" for n, kind in enumerate(kinds))
    frame = cells.base.sql(f"SELECT {chosen} FROM cells").to_arrow_table().to_pandas()
    texts = {f"c{n}": "str" for n, kind in enumerate(kinds) if kind == "{cell}"}
    frame = frame.astype(texts).set_axis(_own_names(cells.names), axis=1)
    return Raw(frame, cells.place, notes)


def _kinds(cells: Cells) -> list[str]:
    """Choose for each column the SQL that reads it."""
    columns = [f"c{n}" for n in range(len(cells.names))]
    wanted = [
        expression
        for cell in columns
        for expression in (
            f"count({cell})",
            f"count({_NUMBER.format(cell=cell)})",
            f"count(CASE WHEN regexp_full_match({cell}, '{_ISO}') THEN {_TIME.format(cell=cell)} END)",
            f"count(CASE WHEN regexp_full_match({cell}, '{_DECIMAL_COMMA}') THEN 1 END)",
            f"count(CASE WHEN regexp_full_match({cell}, '{_MAYBE_THOUSANDS}') THEN 1 END)",
        )
    ]
    counts = np.array(cells.base.execute(f"SELECT {', '.join(wanted)} FROM cells").fetchall()[0]).reshape(
        -1, 5
    )
    # Beside a column with decimal commas, 1.234 may be a thousand and more.
    commas = bool((2 * counts[:, 3] > counts[:, 0]).any())
    kinds = []
    for filled, numbers, times, _, thousands in counts.tolist():
        if filled and filled == times:
            kinds.append(_TIME)
        elif filled and filled == numbers and not (commas and thousands == filled):
            kinds.append(_NUMBER)
        else:
            kinds.append("{cell}")
    return kinds


def _own_names(names: Sequence[str]) -> list[str]:
    """Number the names that stand more than once."""
    own: list[str] = []
    for name in names:
        again = 1
        unique = name
        while unique in own:
            again += 1
            unique = f"{name} {again}".strip()
        own.append(unique)
    return own
