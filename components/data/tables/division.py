"""Columns that say how a table's examples are divided: which set each is for, and what must stay together."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from components.data.datasets import Classes
from components.data.datasets.given_split import GivenSplit, names_sets
from components.errors import DataError

_MOST_SET_NAMES = 6  # different words of a column that names the sets
_FEWEST_GROUPS = 5  # of which some can be kept for validation and test
_FEWEST_IN_GROUP = 1.5  # examples on average; else nothing belongs together
# What examples may come from, as columns are called that say so.
_GROUP_NAME = re.compile(
    r"(?i)\A(?:[a-z]+[ _.-])?(?:speaker|voice|subject|patient|person|participant|customer|client|user|author"
    r"|writer|reviewer|student|driver|rider|household|session|conversation|dialog(?:ue)?|thread|document|doc"
    r"|article|book|group)s?(?:[ _.-]?(?:id|no|nr|number|name|code|key))?\Z"
)


def division(frame: pd.DataFrame, group: str | None, split: str | None, name: str) -> dict[str, Any]:
    """Return the groups and the given split of a dataset's examples, as its class takes them.

    Args:
        frame: a row for each example.
        group: the column of what an example is from; None: of nothing.
        split: the column of the set that it is for; None: of none.
        name: of the file, which stands in messages.

    Raises:
        DataError: if there is no such column, a cell of it is empty, or names no set.
    """
    found: dict[str, Any] = {}
    if group is not None:
        found["groups"] = Classes.of(_filled(frame, group, name))
    if split is not None:
        found["given_split"] = GivenSplit.of(_filled(frame, split, name))
    return found


def propose_division(frame: pd.DataFrame, taken: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the columns that seem to tell groups and sets apart; None where none does.

    Args:
        frame: the first rows of a table.
        taken: columns that are something else.
    """
    free = [column for column in frame.columns if column not in taken and not frame[column].isna().any()]
    split = next((column for column in free if _names_sets(frame[column])), None)
    group = next((column for column in free if column != split and _names_groups(frame[column])), None)
    return group, split


def cell_text(cell: Any) -> str:
    """Write a cell: whole numbers without a point, nothing for a missing one."""
    if pd.isna(cell):
        return ""
    return f"{cell:.10g}" if isinstance(cell, float) else str(cell).strip()


def _filled(frame: pd.DataFrame, column: str, name: str) -> list[str]:
    if column not in frame.columns:
        raise DataError(
            f"There is no column “{column}”.", where=name, remedy="Choose one of the table's columns."
        )
    cells = [cell_text(cell) for cell in frame[column]]
    if not all(cells):
        raise DataError(
            f"A row has no “{column}”.", where=name, remedy="Fill the column, or choose another one."
        )
    return cells


def _names_sets(column: pd.Series) -> bool:
    if not pd.api.types.is_string_dtype(column):
        return False
    words = column.unique()
    return len(words) <= _MOST_SET_NAMES and names_sets(list(words))


def _names_groups(column: pd.Series) -> bool:
    many = column.nunique()
    return bool(
        _GROUP_NAME.match(str(column.name))
        and many >= _FEWEST_GROUPS
        and len(column) >= _FEWEST_IN_GROUP * many
    )
