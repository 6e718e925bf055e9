"""A series: a clean table of numbers in order of time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

import numpy as np
import pandas as pd

from components.data import time_axis
from components.data.datasets.base import Dataset, Fact, Kind
from components.errors import DataError
from components.recipe import MOST_COLUMNS


@dataclass(frozen=True, eq=False)
class Series(Dataset):
    """A table of numbers in order of time, never changed in place.

    Attributes:
        table: (rows, columns) of finite float64; series of one kind may be of unequal lengths, and what is
            before their first value and after their last is NaN. Its index is a DatetimeIndex without a time
            zone, strictly increasing, or a RangeIndex where rows are only numbered.
        season: rows after which the series usually repeats; None where it doesn't.
        unit: unit of the first column, which is the one to forecast unless people say otherwise.
        is_panel: whether its columns are series of one kind, a panel, all of them in the same unit.
        static_features: what never changes in each of these, (series, traits) of float64 or str; no columns
            where nothing is known. Its index is the names of the series.

    Raises:
        DataError: if the table is not as said above.
    """

    kind: ClassVar[Kind] = "series"
    kind_phrase: ClassVar[str] = "a time series"

    table: pd.DataFrame
    season: int | None = None
    unit: str = ""
    is_panel: bool = False
    static_features: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        check_table(self.table, self.title, allow_unequal=self.is_panel)

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, first to last."""
        return tuple(self.table.columns)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.table)

    def column_unit(self, column: str) -> str:
        """Return the unit of a column; empty where it isn't known."""
        return self.unit if self.is_panel or column == self.columns[0] else ""

    def complete_rows(self, columns: Sequence[str]) -> slice:
        """Return the rows in which all of some columns have begun and none has ended."""
        if not self.is_panel:
            return slice(0, self.rows)
        there = np.isfinite(self.table[list(columns)].to_numpy()).all(axis=1)
        if not there.any():
            return slice(self.rows, self.rows)
        return slice(int(np.argmax(there)), self.rows - int(np.argmax(there[::-1])))

    def trim(self, columns: Sequence[str]) -> Self:
        """Return the rows in which all of some columns have begun and none has ended."""
        rows = self.complete_rows(columns)
        whole = rows == slice(0, self.rows)
        return self if whole else replace(self, table=self.table.iloc[rows])

    @property
    def size(self) -> int:
        """Number of rows."""
        return self.rows

    @property
    def memory(self) -> int:
        """Bytes that the data takes in memory, about."""
        return int(self.table.memory_usage().sum())

    @property
    def frequency(self) -> str:
        """How far apart the rows are: "every day", "every 2 weeks", "unevenly", "numbered"."""
        return time_axis.frequency(self.table.index)

    def future(self, n: int) -> pd.Index:
        """Return the `n` index values that follow the last row."""
        return time_axis.future_index(self.table.index, n)

    def kind_facts(self) -> tuple[Fact, ...]:
        """Return its rows, columns, times, season and unit."""
        facts = [Fact("Rows", f"{self.rows:,}"), Fact("Columns", ", ".join(self.columns))]
        if isinstance(self.table.index, pd.DatetimeIndex):
            facts += [
                Fact("From", _format_time(self.table.index[0])),
                Fact("To", _format_time(self.table.index[-1])),
                Fact("Interval", self.frequency),
            ]
        if len(self.static_features.columns):
            facts.append(Fact("Static features", ", ".join(self.static_features.columns)))
        if self.season:
            facts.append(Fact("Season", f"{self.season:,} rows"))
        if self.unit:
            facts.append(Fact("Unit" if self.is_panel else f"Unit of {self.columns[0]}", self.unit))
        return tuple(facts)


def require_series(dataset: Dataset) -> Series:
    """Take a dataset that is a series.

    Raises:
        DataError: if it is of another kind.
    """
    if isinstance(dataset, Series):
        return dataset
    raise DataError(
        f"Forecasting needs a time series, and this is {dataset.kind_phrase}.",
        where=dataset.title,
        remedy="Choose a series.",
    )


def _format_time(time: pd.Timestamp) -> str:
    return time.isoformat(sep=" ").removesuffix(" 00:00:00")


def check_table(table: pd.DataFrame, title: str, allow_unequal: bool = False) -> None:
    """Refuse a table that isn't as `Series` promises.

    Args:
        table: to look at.
        title: of its dataset.
        allow_unequal: whether columns may lack what is before their first value and after their last.

    Raises:
        DataError: naming what is wrong, in the dataset of this title.
    """
    index = table.index
    if not len(table) or not len(table.columns):
        raise DataError("The table holds no numbers.", where=title)
    if len(table.columns) > MOST_COLUMNS:
        raise DataError(
            f"The table has {len(table.columns):,} columns; at most {MOST_COLUMNS} can be learnt from.",
            where=title,
            remedy="Keep only the columns that matter. Each row should be one time step.",
        )
    if not table.columns.is_unique:
        raise DataError("Two columns have the same name.", where=title, remedy="Give each its own name.")
    if isinstance(index, pd.DatetimeIndex):
        if index.tz is not None or index.hasnans or not (index.is_monotonic_increasing and index.is_unique):
            raise DataError("The times aren't sorted, or one appears twice.", where=title)
    elif not isinstance(index, pd.RangeIndex):
        raise DataError("The rows are neither timed nor numbered.", where=title)
    if not (table.dtypes == np.float64).all():
        raise DataError("A column holds values that aren't numbers.", where=title)
    for column in table.columns:
        values = table[column].to_numpy()
        there = np.isfinite(values)
        if allow_unequal and there.any():
            there = there[np.argmax(there) : len(there) - np.argmax(there[::-1])]
        if not there.all() and not (allow_unequal and np.isnan(values).all()):
            raise DataError(
                f"A number is missing in “{column}”.",
                where=title,
                remedy="Fill the value, or remove its row.",
            )
