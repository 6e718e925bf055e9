"""Names of several columns that stand in one, joined by commas, as Eurostat's own files have them."""

import re
from dataclasses import replace

import pandas as pd

from components.data.tables.raw_table import RawTable

_JOINED = re.compile(r"\A(?P<names>[\w .-]+(?:,[\w .-]+)*)\\(?P<header>[\w .-]+)")
_FEW = 20  # columns that one may hold


def split_joined_names(table: RawTable) -> RawTable:
    """Return a table whose first column, such as “freq,unit,geo\\TIME_PERIOD”, is parted into its own.

    What stands behind the backslash names what the other columns' names are. A table without such a column
    stays as it is, and so does one whose cells don't hold as many parts as its name says.
    """
    frame = table.frame
    name = str(frame.columns[0])
    match = _JOINED.fullmatch(name.strip())
    if match is None or frame[name].dtype != "str":
        return table
    names = [part.strip() for part in match["names"].split(",")]
    cells = frame[name].str.split(",")
    fits = cells.map(len, na_action="ignore").eq(len(names)).all()
    if not fits or len(names) > _FEW or len(set(names)) < len(names) or set(names) & set(frame.columns[1:]):
        return table
    parts = pd.DataFrame(
        {own: cells.str[place].str.strip().astype("str") for place, own in enumerate(names)},
        index=frame.index,
    )
    note = (
        f"“{name}” was split into {', '.join(f'“{own}”' for own in names)}."
        if len(names) > 1
        else f"“{name}” was renamed “{names[0]}”."
    )
    split = pd.concat([parts, frame.iloc[:, 1:]], axis=1)
    return replace(table, frame=split, notes=(*table.notes, note))
