"""Delimited text (CSV, TSV and the like) to a table, or one clear sentence on why it can't be."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from pandas.tseries.api import guess_datetime_format

from components.data.dataset import Reading
from components.errors import DataError

if TYPE_CHECKING:
    import duckdb

# What a column may be. Booleans and times of day count as text.
_TYPES = ["BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"]
_DELIMITERS = ",;\t|"  # those that DuckDB tries
_MOST_COLUMNS = 500
_LONGEST_NAME = 200  # characters of a column's name; what the recipe allows
_MEND = "Mend the file, then upload it again."


def read(content: bytes, name: str) -> Reading:
    """Read delimited text in UTF-8; DuckDB finds its delimiter, its quotes and whether it has a header.

    The first column of dates becomes the index, in order of time. Columns of text are left out and noted.

    Args:
        content: the file, byte for byte.
        name: what to call it in messages; never used as a path.

    Raises:
        DataError: naming row and column where that applies. Rows are counted from 1, as a spreadsheet
            does, the header included.
    """
    # Here and not above, for this takes 35 MB that a server without uploads can do without.
    import duckdb  # noqa: PLC0415

    text = _decode(content, name)
    with TemporaryDirectory() as folder, duckdb.connect(Path(folder) / "cells.duckdb") as base:
        path = Path(folder) / "table.csv"
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            dialect = _dialect(base, path, text)
            _keep_cells(base, path, dialect)
        except duckdb.Error:
            raise _odd_row(text, name) or _unreadable(name) from None
        return _table(_File(name, text, dialect, base))


# --- The text --------------------------------------------------------------------------------------


def _decode(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            "This isn't text in UTF-8.",
            where=f"{name}, row {row}",
            remedy="Save it as “CSV UTF-8”, then upload it again.",
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    if "\0" in text:
        raise DataError("This isn't a text file.", where=name, remedy="Save it as “CSV UTF-8”.")
    if not text.strip():
        raise DataError("This file is empty.", where=name, remedy="Choose another one.")
    columns = max(map(_first_line(text).count, _DELIMITERS)) + 1
    if columns > _MOST_COLUMNS:
        raise DataError(
            f"It has {columns:,} columns; at most {_MOST_COLUMNS} fit.",
            where=name,
            remedy="Keep the columns that matter. Each row should be one moment in time.",
        )
    return text


def _first_line(text: str) -> str:
    return text.lstrip("\n").split("\n", 1)[0]


@dataclass(frozen=True)
class _Dialect:
    delimiter: str
    quote: str
    escape: str
    header: bool
    skip: int
    names: tuple[str, ...]
    types: tuple[str, ...]
    date_format: str | None
    timestamp_format: str | None


def _rows(text: str, delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows as a spreadsheet counts them, as far as they can be told apart."""
    lines = io.StringIO(text)
    if quote:
        reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    with suppress(csv.Error):  # such as a cell of more than 128 kB
        yield from enumerate(reader, 1)


def _odd_row(text: str, name: str) -> DataError | None:
    """Find the first row that has another number of cells than the rows before it."""
    delimiter = max(_DELIMITERS, key=_first_line(text).count)
    rows = ((number, len(cells)) for number, cells in _rows(text, delimiter, '"') if cells)
    start, wanted = next(rows, (0, 0))
    for number, found in rows:
        if found != wanted:
            return DataError(
                f"This row has {found} cell{'s' * (found > 1)}, but row {start} has {wanted}.",
                where=f"{name}, row {number}",
                remedy="Every row needs one cell for each column, and nothing may stand above the header.",
            )
    return None


def _unreadable(name: str) -> DataError:
    return DataError(
        "No table can be found in it.",
        where=name,
        remedy="Write one row a line, with the same number of cells in each, parted by commas.",
    )


# --- What DuckDB finds -----------------------------------------------------------------------------


def _dialect(base: "duckdb.DuckDBPyConnection", path: Path, text: str) -> _Dialect:
    found = _sniff(base, path)
    if not found.header:
        return found
    _, first = next(islice(_rows(text, found.delimiter, found.quote), found.skip, None), (0, []))
    return _sniff(base, path, header=False) if _fits(first, found) else found


def _sniff(base: "duckdb.DuckDBPyConnection", path: Path, header: bool | None = None) -> _Dialect:
    known = "" if header is None else f", header={header}"
    delimiter, quote, escape, has_header, skip, columns, date_format, timestamp_format = base.execute(
        "SELECT Delimiter, Quote, Escape, HasHeader, SkipRows, Columns, DateFormat, TimestampFormat "
        f"FROM sniff_csv($path, sample_size=-1, comment='', auto_type_candidates=$types{known})",
        {"path": str(path), "types": _TYPES},
    ).fetchall()[0]
    return _Dialect(
        delimiter=delimiter,
        quote=_sign(quote),
        escape=_sign(escape),
        header=has_header,
        skip=skip,
        names=tuple(column["name"].strip() for column in columns),
        types=tuple(column["type"] for column in columns),
        date_format=date_format,
        timestamp_format=timestamp_format,
    )


def _sign(text: str) -> str:
    return "" if text == "(empty)" else text


def _fits(cells: list[str], dialect: _Dialect) -> bool:
    """Tell whether a supposed header is just a row: “1.5” over whole numbers, or the first date."""

    def fits(cell: str, kind: str) -> bool:
        if kind == "VARCHAR":
            return True
        if _is_time(kind):
            layout = (dialect.date_format if kind == "DATE" else dialect.timestamp_format) or "ISO8601"
            return not pd.isna(pd.to_datetime(cell, format=layout, errors="coerce", utc=True))
        return not pd.isna(pd.to_numeric(cell, errors="coerce"))

    kinds = dialect.types
    return len(cells) == len(kinds) and set(kinds) != {"VARCHAR"} and all(map(fits, cells, kinds))


def _is_time(kind: str) -> bool:
    return kind.startswith(("DATE", "TIMESTAMP"))


def _keep_cells(base: "duckdb.DuckDBPyConnection", path: Path, dialect: _Dialect) -> None:
    """Put every cell as text into the table `cells`, whose columns are c0, c1, …; an empty cell is NULL.

    As text, for then a cell that can't be what its column is can still be shown.
    """
    options = {
        "delim": dialect.delimiter,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "header": dialect.header,
        "skip": dialect.skip,
        "comment": "",
        "auto_detect": False,
        "columns": {f"c{number}": "VARCHAR" for number in range(len(dialect.names))},
    }
    given = ", ".join(f"{option}=${option}" for option in options)
    base.execute(
        f"CREATE TABLE cells AS SELECT nullif(trim(COLUMNS(*)), '') FROM read_csv($path, {given})",
        {"path": str(path), **options},
    )


@dataclass(frozen=True)
class _File:
    """The file's cells, in the order of its rows; records and columns are counted from 0."""

    name: str
    text: str
    dialect: _Dialect
    base: "duckdb.DuckDBPyConnection"

    def counts(self) -> list[tuple[int, int]]:
        """Count, in each column, the cells that aren't empty and those of them that are numbers."""
        columns = range(len(self.dialect.names))
        wanted = [f"count({cell})" for n in columns for cell in (f"c{n}", f"TRY_CAST(c{n} AS DOUBLE)")]
        found = [int(count[0]) for count in self._select(wanted)]
        return list(zip(found[::2], found[1::2], strict=True))

    def numbers(self, columns: list[int]) -> list[np.ndarray]:
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
            where=f"{self.name}, row {self._row(record)}, column “{self.dialect.names[column]}”",
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

    def _row(self, record: int) -> int:
        """Find the row of a record. An empty line is a row, but a record only where there is one column."""
        rows = (
            number
            for number, cells in _rows(self.text, self.dialect.delimiter, self.dialect.quote)
            if number > self.dialect.skip and (cells or len(self.dialect.names) == 1)
        )
        passed = record + self.dialect.header
        return next(islice(rows, passed, None), self.dialect.skip + passed + 1)


# --- The table -------------------------------------------------------------------------------------


def _table(file: _File) -> Reading:
    _check_layout(file)
    counts = file.counts()
    # A column in which most cells are numbers is meant as one: its odd cell is a fault, not a text.
    numeric = [n for n, (filled, numbers) in enumerate(counts) if 0 < filled <= 2 * numbers]
    if not numeric:
        raise _odd_row(file.text, file.name) or DataError(
            "No column holds numbers.",
            where=file.name,
            remedy="Write numbers as 3.14: with a point, without spaces or units.",
        )
    values = file.numbers(numeric)
    for column, numbers in zip(numeric, values, strict=True):
        file.complain_unless(np.isfinite(numbers), column, "number")
    time = _time_column(file, [n for n, (filled, _) in enumerate(counts) if filled and n not in numeric])
    table = pd.DataFrame({file.dialect.names[n]: numbers for n, numbers in zip(numeric, values, strict=True)})
    notes = [
        f"“{name}” was left out: it holds no numbers."
        for n, name in enumerate(file.dialect.names)
        if n not in numeric and not (time and n == time.column)
    ]
    if time is None:
        return Reading(table, tuple(notes))
    table.index = _index(time, file)
    if not table.index.is_monotonic_increasing:
        table = table.sort_index()
        notes.append("The rows were put in order of time.")
    if time.zoned:
        notes.append("Its times are shown in UTC.")
    return Reading(table, tuple(notes))


def _check_layout(file: _File) -> None:
    names = file.dialect.names
    if any(line.strip() for line in file.text.split("\n", file.dialect.skip)[: file.dialect.skip]):
        raise _odd_row(file.text, file.name) or _unreadable(file.name)
    if max(map(len, names)) > _LONGEST_NAME or len(set(names)) < len(names):
        raise DataError(
            f"Each column needs a name of its own, of at most {_LONGEST_NAME} letters.",
            where=file.name,
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


def _time_column(file: _File, candidates: list[int]) -> _Times | None:
    """Find the first column in which most cells are dates: those that DuckDB took for dates go first."""
    known = [column for column in candidates if _is_time(file.dialect.types[column])]
    return next(filter(None, (_times(file, column) for column in known or candidates)), None)


def _times(file: _File, column: int) -> _Times | None:
    """Read a column as dates in the layout that fits most cells; None if it doesn't fit half of them."""
    cells = pd.Series(file.texts(column))
    filled = cells.count()
    best, best_layout = pd.Series(pd.NaT, cells.index), ""
    for layout in _layouts(file.dialect, column, cells.dropna().iloc[0]):
        times = pd.to_datetime(cells, format=layout, errors="coerce", utc=True).dt.tz_localize(None)
        if times.count() > best.count():
            best, best_layout = times, layout
        if best.count() == filled:
            break
    if 2 * best.count() < filled:
        return None
    zoned = "ZONE" in file.dialect.types[column]
    return _Times(column, best.to_numpy().astype("datetime64[us]"), best_layout, zoned)


def _layouts(dialect: _Dialect, column: int, first: str) -> Iterator[str]:
    """Give the layouts that dates like the first cell may have, what DuckDB found before the others."""
    known = {"DATE": dialect.date_format, "TIMESTAMP": dialect.timestamp_format}.get(dialect.types[column])
    if known:
        yield known
    yield "ISO8601"
    # Beside what DuckDB knows there are 1995-01, Jan-1-1995, 31/12/2020 10:00 and the like.
    guess = guess_datetime_format(first, dayfirst=not first[:4].isdigit())
    if guess:
        yield guess
        if guess.startswith("%d"):
            yield guess.replace("%d", "%?").replace("%m", "%d").replace("%?", "%m")


def _index(time: _Times, file: _File) -> pd.DatetimeIndex:
    """Give the times as an index in the order of the file.

    Raises:
        DataError: if one is missing or stands twice, or day and month can't be told apart.
    """
    file.complain_unless(~np.isnat(time.values), time.column, "date")
    index = pd.DatetimeIndex(time.values, name=file.dialect.names[time.column])
    if _ambiguous(index, time.layout):
        raise file.complain(
            int(np.argmax(index.day != index.month)),
            time.column,
            "{cell} can be read with the day or the month first, and so can every other date here.",
            remedy="Write dates as 2020-12-31.",
        )
    again = index.duplicated()
    if again.any():
        raise file.complain(
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
