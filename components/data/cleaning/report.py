"""What was done to a table: each cleaning step's effect, and before and after cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from components.data.cleaning.steps import cleaning_stages
from components.data.cleaning.steps.step_description import describe_step
from components.errors import DataError
from components.recipe import CleaningStep, DropColumns, KeepColumns, Preparation, SetTime

CellChange = Literal["filled", "removed", "changed"]
MOST_CELLS = 5_000_000
"""Of a table that is compared before and after: each step takes a second or so."""
CELL_CHANGES: tuple[CellChange, ...] = ("filled", "removed", "changed")


@dataclass(frozen=True)
class StepEffect:
    """What a cleaning step did.

    Attributes:
        sentence: what it is.
        rows: before it and after it.
        cells: how many it filled, removed and changed, by column; none where it is about whole rows.
        left_out: columns that are gone.
        added: columns that are new.
    """

    sentence: str
    rows: tuple[int, int]
    cells: dict[CellChange, int]
    left_out: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def summary(self) -> str:
        """Return the effect in a few words; empty where nothing changed but what cells are read as."""
        before, after = self.rows
        parts = [
            f"{count:,} {'value' if count == 1 else 'values'} {change}"
            for change, count in self.cells.items()
        ]
        if before != after:
            parts.insert(0, f"{before:,} → {after:,} rows")
        for word, names in (("left out:", self.left_out), ("new:", self.added)):
            if names:
                shown = ", ".join(f"“{name}”" for name in names[:3])
                parts.append(f"{word} {shown}{f' and {len(names) - 3:,} more' if len(names) > 3 else ''}")
        return "; ".join(parts)


@dataclass(frozen=True, eq=False)
class CleaningReport:
    """What was done to a table.

    Attributes:
        effects: of the steps, in their order.
        before: the table as it came, (records, columns).
        after: the table after all steps.
        origin: for each row after them, the place of the record that it comes from, or −1, (rows,).
        changes: for each column that both have, how each cell was changed, (rows,) of "" or a `CellChange`.
    """

    effects: tuple[StepEffect, ...]
    before: pd.DataFrame
    after: pd.DataFrame
    origin: np.ndarray
    changes: dict[str, np.ndarray]

    @property
    def added_rows(self) -> int:
        """Number of rows that no record is behind."""
        return int((self.origin < 0).sum())

    @property
    def left_out_records(self) -> np.ndarray:
        """The places of records that no row comes from."""
        return np.setdiff1d(np.arange(len(self.before)), self.origin)

    def changed_rows(self) -> np.ndarray:
        """Return the places of rows that were added, or have a changed cell."""
        marked = self.origin < 0
        for kinds in self.changes.values():
            marked = marked | (kinds != "")
        return np.flatnonzero(marked)

    def count(self, change: CellChange) -> int:
        """Return how many cells were changed in a way."""
        return sum(int((kinds == change).sum()) for kinds in self.changes.values())


def report_cleaning(
    frame: pd.DataFrame, steps: Sequence[CleaningStep], preparation: Preparation
) -> CleaningReport:
    """Make cleaning steps again, one after the other, and note what each does to the finished table.

    Args:
        frame: the table as it came.
        steps: that were made.
        preparation: how the table will be divided.

    Raises:
        DataError: if one of them can't be made, or the table is too large.
    """
    if frame.size > MOST_CELLS:
        raise DataError(
            f"The table has {frame.size:,} cells; at most {MOST_CELLS:,} are compared before and after.",
            where="report",
            remedy="The cleaning steps are listed with the data doctor's findings.",
        )
    effects = []
    table, origin = frame, np.arange(len(frame))
    filled: dict[str, np.ndarray] = {}
    for step, after in zip(steps, cleaning_stages(frame, steps, preparation), strict=True):
        came_from = _match_rows(table, after)
        changes = _compare(table, after, came_from)
        cells: dict[CellChange, int] = {}
        for change in CELL_CHANGES:
            if count := sum(int((kinds == change).sum()) for kinds in changes.values()):
                cells[change] = count
        effects.append(
            StepEffect(
                describe_step(step),
                (len(table), len(after)),
                cells,
                _gone(step, table, after),
                tuple(str(name) for name in after.columns if name not in table.columns),
            )
        )
        filled = {
            name: (kinds == "filled") | _carry(filled.get(name), came_from) for name, kinds in changes.items()
        }
        origin = np.where(came_from < 0, -1, origin[came_from]) if len(origin) else came_from
        table = after
    changes = _compare(frame, table, origin)
    for name, kinds in changes.items():
        if name in filled:  # also what was no number before it was filled
            kinds[filled[name] & (kinds == "changed")] = "filled"
    return CleaningReport(tuple(effects), frame, table, origin, changes)


def _carry(marks: np.ndarray | None, came_from: np.ndarray) -> np.ndarray:
    """Return marks of rows as they stand after a step; rows without an origin have none."""
    if marks is None or not len(marks):
        return np.zeros(len(came_from), bool)
    return np.where(came_from < 0, False, marks[came_from])


def _gone(step: CleaningStep, before: pd.DataFrame, after: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns that a step left out, those apart that its own sentence speaks of."""
    if isinstance(step, KeepColumns):
        return ()
    named = step.columns if isinstance(step, SetTime | DropColumns) else ()
    left = {*after.columns, *named}
    return tuple(str(name) for name in before.columns if name not in left)


def _match_rows(before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """Return for each row after a step the place of the row before it; −1 where it is new.

    Rows keep their number or their time; of several with the same, the first stays the first.
    """
    if len(before) == len(after) and (
        type(before.index) is not type(after.index) or before.index.equals(after.index)
    ):
        return np.arange(len(before))
    if type(before.index) is not type(after.index):  # rows were left out while they got their times
        return np.full(len(after), -1)
    keys = [
        pd.MultiIndex.from_arrays(
            [table.index, table.index.to_series().groupby(level=0, dropna=False).cumcount()]
        )
        for table in (before, after)
    ]
    return keys[0].get_indexer(keys[1])


def _compare(before: pd.DataFrame, after: pd.DataFrame, origin: np.ndarray) -> dict[str, np.ndarray]:
    """Return for each column of both which cells differ, and how."""
    known = origin >= 0
    found = {}
    for name in after.columns:
        kinds = np.full(len(after), "", dtype="<U7")
        if name in before.columns and known.any():
            old, new = before[name].iloc[origin[known]], after[name][known]
            had, has = old.notna().to_numpy(), new.notna().to_numpy()
            kinds[known] = np.select(
                [~had & has, had & ~has, had & has & ~_same(old, new)], CELL_CHANGES, default=""
            )
            if not known.all():
                kinds[~known] = np.where(after[name][~known].notna(), "filled", "")
        elif name in before.columns:
            kinds[:] = np.where(after[name].notna(), "filled", "")
        found[str(name)] = kinds
    return {name: kinds for name, kinds in found.items() if name in before.columns}


def _same(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Return which values are the same, a number being the same however it is written."""
    if pd.api.types.is_numeric_dtype(new):
        read = old if pd.api.types.is_numeric_dtype(old) else pd.to_numeric(old, errors="coerce")
        return np.asarray(read.to_numpy(np.float64) == new.to_numpy(np.float64))
    if pd.api.types.is_datetime64_any_dtype(new):
        return np.asarray(pd.to_datetime(old, errors="coerce").to_numpy() == new.to_numpy())
    return np.asarray(old.astype("str").to_numpy() == new.astype("str").to_numpy())
