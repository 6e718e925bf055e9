"""The cells of any file as text: from them to a table, or to the one cell that is in the way."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from pandas.tseries.api import guess_datetime_format

from components.data.dataset import Reading
from components.errors import DataError

if TYPE_CHECKING:
    import duckdb

MOST_COLUMNS = 500
MOST_CELLS = 50_000_000
_LONGEST_NAME = 200  # characters of a column's name; what the recipe allows
_LONGEST_ROW = 1 << 25  # bytes; a workbook's cells hold 32 kB each
_MEMORY = "1GB"  # what DuckDB may take before it turns to its file
_MEND = "Mend the file, then upload it again."
_ZONE = re.compile(r":\d{2}(\.\d+)?\s*(Z|UTC|[+-]\d{2}(:?\d{2})?)$")


@dataclass(frozen=True)
class Cells:
    """Cells in the order of the file's rows. Records and columns are counted from 0.

    Attributes:
        name: what to call the file in messages.
        names: of the columns.
        base: holds the table `cells`, whose columns c0, c1, … are text; an empty cell is NULL.
        place: tells where a record stands, such as "row 3".
        layouts: how times are written, of the columns that are known to hold them; None: as may be.
    """

    name: str
    names: tuple[str, ...]
    base: "duckdb.DuckDBPyConnection"
    place: Callable[[int], str]
    layouts: Mapping[int, str | None] = field(default_factory=dict)

    @cached_property
    def numeric(self) -> tuple[int, ...]:
        """The columns that hold numbers.

        A column in which most cells are numbers is meant as one: its odd cell is a fault, not a text.
        """
        columns = range(len(self.names))
        wanted = [f"count({cell})" for n in columns for cell in (f"c{n}", f"TRY_CAST(c{n} AS DOUBLE)")]
        counts = [int(count[0]) for count in self._select(wanted)]
        return tuple(n for n in columns if 0 < counts[2 * n] <= 2 * counts[2 * n + 1])

    def numbers(self, columns: Sequence[int]) -> list[np.ndarray]:
        """Give columns as float64, NaN where no number stands."""
        return [
            cells.filled(np.nan) for cells in self._select([f"TRY_CAST(c{n} AS DOUBLE)" for n in columns])
        ]

    def texts(self, column: int) -> np.ndarray:
        """Give a column as it stands, None where nothing stands."""
        (cells,) = self._select([f"c{column}"])
        texts = cells.data.copy()
        texts[np.ma.getmaskarray(cells)] = None
        return texts

    def complain(self, record: int, column: int, what: str, remedy: str = _MEND) -> DataError:
        """Give the error about a cell; `{cell}` in `what` becomes what stands there."""
        cell = " ".join((self._cell(record, column) or "").split())
        return DataError(
            what.format(cell=f"“{cell[:40]}”"),
            where=f"{self.name}, {self.place(record)}, column “{self.names[column]}”",
            remedy=remedy,
        )

    def complain_unless(self, right: np.ndarray, column: int, kind: str) -> None:
        """Raise a DataError about the first record that isn't right: it is empty, or not of its kind."""
        if right.all():
            return
        record = int(np.argmin(right))
        empty = self._cell(record, column) is None
        raise self.complain(record, column, "This cell is empty." if empty else f"{{cell}} isn't a {kind}.")

    def _select(self, expressions: list[str]) -> list[np.ma.MaskedArray]:
        wanted = ", ".join(f"{expression} AS v{number}" for number, expression in enumerate(expressions))
        found = self.base.execute(f"SELECT {wanted} FROM cells").fetchnumpy()
        return [np.ma.asarray(values) for values in found.values()]

    def _cell(self, record: int, column: int) -> str | None:
        return self.base.execute(f"SELECT c{column} FROM cells LIMIT 1 OFFSET {record}").fetchall()[0][0]


# --- Filling the table of cells --------------------------------------------------------------------


@contextmanager
def workbench(name: str) -> Iterator[tuple[Path, "duckdb.DuckDBPyConnection"]]:
    """Give a folder and a database in it, both gone afterwards.

    Raises:
        DataError: if the file of that name takes more memory than there is.
    """
    # Here and not above, for this takes 35 MB that a server without uploads can do without.
    import duckdb  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        options: dict[str, Any] = {"memory_limit": _MEMORY, "temp_directory": folder}
        try:
            with duckdb.connect(Path(folder) / "cells.duckdb", config=options) as base:
                yield Path(folder), base
        except duckdb.OutOfMemoryException:
            raise DataError(
                "This table is too large.", where=name, remedy="Bring a shorter stretch of it."
            ) from None


def write_rows(path: Path, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Write numbered rows of equal length, for `fill` to take up."""
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([number, *(cell.replace("\0", "") for cell in cells)] for number, cells in rows)


def fill(
    name: str,
    names: Sequence[str],
    base: "duckdb.DuckDBPyConnection",
    path: Path,
    *,
    header: bool = False,
    word: str = "row",
) -> Cells:
    """Make the cells out of rows that `write_rows`, or what writes like it, has written.

    Args:
        name: what to call the file in messages.
        names: of the columns, without that of the row's number.
        base: an empty database.
        path: the rows.
        header: whether the first of them is none.
        word: what people call a row of this kind of file.
    """
    check_width(name, len(names))
    columns = {"place": "BIGINT"} | {f"c{number}": "VARCHAR" for number in range(len(names))}
    base.execute(
        "CREATE TABLE cells AS SELECT place, nullif(trim(COLUMNS(* EXCLUDE place)), '') "
        "FROM read_csv($path, columns=$columns, header=$header, auto_detect=false, delim=',', quote='\"', "
        "escape='\"', comment='', max_line_size=$longest)",
        {"path": str(path), "columns": columns, "header": header, "longest": _LONGEST_ROW},
    )

    def place(record: int) -> str:
        return f"{word} {base.execute(f'SELECT place FROM cells LIMIT 1 OFFSET {record}').fetchall()[0][0]}"

    return Cells(name, tuple(names), base, place)


def check_width(name: str, columns: int) -> None:
    """Raise a DataError if a table is too wide, or has no columns at all."""
    if not columns:
        raise DataError("It has no columns.", where=name, remedy="Choose another file.")
    if columns > MOST_COLUMNS:
        raise DataError(
            f"It has {columns:,} columns; at most {MOST_COLUMNS} fit.",
            where=name,
            remedy="Keep the columns that matter. Each row should be one moment in time.",
        )


def is_value(cell: str) -> bool:
    """Tell whether a cell is no name of a column: empty, a number or a date."""
    time = pd.to_datetime(cell, format="ISO8601", errors="coerce")
    return not cell or not pd.isna(pd.to_numeric(cell, errors="coerce")) or not pd.isna(time)


# --- The table -------------------------------------------------------------------------------------


def reading(cells: Cells) -> Reading:
    """Make the table: the first column of dates becomes its index, in order of time.

    Columns of text are left out and noted.

    Raises:
        DataError: if there are no numbers or a cell is in the way, naming row and column.
    """
    _check_names(cells)
    columns = cells.numeric
    if not columns:
        raise DataError(
            "No column holds numbers.",
            where=cells.name,
            remedy="Write numbers as 3.14: with a point, without spaces or units.",
        )
    values = cells.numbers(columns)
    for column, numbers in zip(columns, values, strict=True):
        cells.complain_unless(np.isfinite(numbers), column, "number")
    time = _time_column(cells, [n for n, _ in enumerate(cells.names) if n not in columns])
    table = pd.DataFrame({cells.names[n]: numbers for n, numbers in zip(columns, values, strict=True)})
    notes = [
        f"“{name}” was left out: it holds no numbers."
        for n, name in enumerate(cells.names)
        if n not in columns and not (time and n == time.column)
    ]
    if time is None:
        return Reading(table, tuple(notes))
    table.index = _index(time, cells)
    if not table.index.is_monotonic_increasing:
        table = table.sort_index()
        notes.append("The rows were put in order of time.")
    if time.zoned:
        notes.append("Its times are shown in UTC.")
    return Reading(table, tuple(notes))


def _check_names(cells: Cells) -> None:
    if max(map(len, cells.names)) > _LONGEST_NAME or len(set(cells.names)) < len(cells.names):
        raise DataError(
            f"Each column needs a name of its own, of at most {_LONGEST_NAME} letters.",
            where=cells.name,
            remedy=_MEND,
        )


# --- The times -------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Times:
    """The column that says when each row was: datetime64[us], NaT where it doesn't."""

    column: int
    values: np.ndarray
    layout: str
    zoned: bool


def _time_column(cells: Cells, candidates: list[int]) -> _Times | None:
    """Find the first column in which most cells are dates: those known to hold them go first."""
    known = [column for column in candidates if column in cells.layouts]
    return next(filter(None, (_times(cells, column) for column in known or candidates)), None)


def _times(cells: Cells, column: int) -> _Times | None:
    """Read a column as dates in the layout that fits most cells; None if it doesn't fit half of them."""
    texts = pd.Series(cells.texts(column), dtype=object)
    filled = texts.count()
    if not filled:
        return None
    first = texts.dropna().iloc[0]
    best, best_layout = pd.Series(pd.NaT, texts.index), ""
    for layout in _layouts(cells.layouts.get(column), first):
        times = pd.to_datetime(texts, format=layout, errors="coerce", utc=True).dt.tz_localize(None)
        if times.count() > best.count():
            best, best_layout = times, layout
        if best.count() == filled:
            break
    if 2 * best.count() < filled:
        return None
    return _Times(
        column, best.to_numpy().astype("datetime64[us]"), best_layout, _ZONE.search(first) is not None
    )


def _layouts(known: str | None, first: str) -> Iterator[str]:
    """Give the layouts that dates like the first cell may have, what is known before the others."""
    if known:
        yield known
    yield "ISO8601"
    # Beside what DuckDB knows there are 1995-01, Jan-1-1995, 31/12/2020 10:00 and the like.
    guess = guess_datetime_format(first, dayfirst=not first[:4].isdigit())
    if guess:
        yield guess
        if guess.startswith("%d"):
            yield guess.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")


def _index(time: _Times, cells: Cells) -> pd.DatetimeIndex:
    """Give the times as an index in the order of the file.

    Raises:
        DataError: if one is missing or stands twice, or day and month can't be told apart.
    """
    cells.complain_unless(~np.isnat(time.values), time.column, "date")
    index = pd.DatetimeIndex(time.values, name=cells.names[time.column])
    if _ambiguous(index, time.layout):
        raise cells.complain(
            int(np.argmax(index.day != index.month)),
            time.column,
            "{cell} can be read with the day or the month first, and so can every other date here.",
            remedy="Write dates as 2020-12-31.",
        )
    again = index.duplicated()
    if again.any():
        raise cells.complain(
            int(np.argmax(again)),
            time.column,
            "{cell} stands here for the second time.",
            remedy="Keep one row for each time.",
        )
    return index


def _ambiguous(index: pd.DatetimeIndex, layout: str) -> bool:
    """Tell whether dates such as 01/02/2020 could all as well be read the other way round."""
    # Where dots part them, the day stands first.
    unclear = layout.replace("-", "/").startswith(("%d/%m/", "%m/%d/"))
    return unclear and bool((index.day <= 12).all() and (index.day != index.month).any())
