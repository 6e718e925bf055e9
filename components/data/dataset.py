"""A dataset as every part of Unroll sees it: a clean table of numbers in order, and where it came from."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.data import time_axis
from components.errors import DataError
from components.recipe import DatasetReference


@dataclass(frozen=True)
class Provenance:
    """Who made the data, and on what terms others may use it."""

    source: str
    licence: str
    url: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of what there is to know about a dataset."""

    label: str
    value: str


@dataclass(frozen=True, eq=False)
class Dataset:
    """A table of numbers in order of time, never changed in place.

    Attributes:
        reference: what `components.data.load` made it from.
        table: (rows, columns) of finite float64. Its index is a DatetimeIndex without a time zone, strictly
            increasing, or a RangeIndex where rows are only numbered.
        season: rows after which the series usually repeats; None where it doesn't.
        unit: unit of the first column, which is the one to forecast unless people say otherwise.
        notes: plain sentences on what was done to the data on its way in.

    Raises:
        DataError: if the table is not as said above.
    """

    reference: DatasetReference
    title: str
    table: pd.DataFrame
    provenance: Provenance
    season: int | None = None
    unit: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check(self.table, self.title)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, first to last."""
        return tuple(self.table.columns)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.table)

    @property
    def frequency(self) -> str:
        """How far apart the rows are: "every day", "every 2 weeks", "unevenly", "numbered"."""
        return time_axis.frequency(self.table.index)

    def future(self, n: int) -> pd.Index:
        """Give the `n` index values that follow the last row."""
        return time_axis.future(self.table.index, n)

    def facts(self) -> tuple[Fact, ...]:
        """Say in short lines what this is, for a person to read."""
        facts = [Fact("Rows", f"{self.rows:,}"), Fact("Columns", ", ".join(self.columns))]
        if isinstance(self.table.index, pd.DatetimeIndex):
            facts += [
                Fact("From", _moment(self.table.index[0])),
                Fact("To", _moment(self.table.index[-1])),
                Fact("A row", self.frequency),
            ]
        if self.season:
            facts.append(Fact("Repeats after", f"{self.season:,} rows"))
        if self.unit:
            facts.append(Fact(f"Unit of {self.columns[0]}", self.unit))
        return (*facts, Fact("Source", self.provenance.source), Fact("Licence", self.provenance.licence))


def _moment(time: pd.Timestamp) -> str:
    return time.isoformat(sep=" ").removesuffix(" 00:00:00")


def check(table: pd.DataFrame, title: str) -> None:
    """Refuse a table that isn't as `Dataset` promises.

    Raises:
        DataError: naming what is wrong, in the dataset of this title.
    """
    index = table.index
    if not len(table) or not len(table.columns):
        raise DataError("There are no numbers in it.", where=title)
    if not table.columns.is_unique:
        raise DataError("Two columns have the same name.", where=title, remedy="Give each its own name.")
    if isinstance(index, pd.DatetimeIndex):
        if index.tz is not None or index.hasnans or not (index.is_monotonic_increasing and index.is_unique):
            raise DataError("Its times aren't in order, or one stands twice.", where=title)
    elif not isinstance(index, pd.RangeIndex):
        raise DataError("Its rows are neither timed nor numbered.", where=title)
    if not (table.dtypes == np.float64).all():
        raise DataError("A column holds something else than numbers.", where=title)
    for column in table.columns:
        if not np.isfinite(table[column].to_numpy()).all():
            raise DataError(
                f"A number is missing in “{column}”.", where=title, remedy="Fill or remove its row."
            )
