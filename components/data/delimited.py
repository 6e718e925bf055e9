"""Delimited text (CSV, TSV and the like) to a table, or one clear sentence on why it can't be."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from components.data.cells import Cells, check_width, reading, workbench
from components.data.dataset import Reading
from components.data.encoding import decode
from components.errors import DataError

if TYPE_CHECKING:
    import duckdb

# What a column may be. Booleans and times of day count as text.
_TYPES = ["BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"]
_DELIMITERS = ",;\t|"  # those that DuckDB tries


def read(content: bytes, name: str) -> Reading:
    """Read delimited text; DuckDB finds its delimiter, its quotes and whether it has a header.

    The first column of dates becomes the index, in order of time. Columns of text are left out and noted.

    Args:
        content: the file, byte for byte.
        name: what to call it in messages; never used as a path.

    Raises:
        DataError: naming row and column where that applies. Rows are counted from 1, as a spreadsheet
            does, the header included.
    """
    text, notes = decode(content, name)
    text = text.rstrip("\n")
    check_width(name, max(map(_first_line(text).count, _DELIMITERS)) + 1)
    with workbench(name) as (folder, base):
        cells = _cells(base, folder / "table.csv", text, name)
        found = reading(cells)
    return replace(found, notes=(*notes, *found.notes))


def _cells(base: "duckdb.DuckDBPyConnection", path: Path, text: str, name: str) -> Cells:
    import duckdb  # noqa: PLC0415 - see `workbench`

    path.write_text(text, encoding="utf-8", newline="\n")
    try:
        dialect = _dialect(base, path, text)
        _keep_cells(base, path, dialect)
    except duckdb.Error:
        raise _odd_row(text, name) or _unreadable(name) from None
    if any(line.strip() for line in text.split("\n", dialect.skip)[: dialect.skip]):
        raise _odd_row(text, name) or _unreadable(name)
    layouts = {n: dialect.layout(kind) for n, kind in enumerate(dialect.types) if _is_time(kind)}
    cells = Cells(name, dialect.names, base, partial(_place, text, dialect), layouts)
    if not cells.numeric and (odd := _odd_row(text, name)):
        raise odd
    return cells


# --- The text --------------------------------------------------------------------------------------


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

    def layout(self, kind: str) -> str | None:
        """Give how times of a type are written, if that was found."""
        return {"DATE": self.date_format, "TIMESTAMP": self.timestamp_format}.get(kind)


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
            layout = dialect.layout(kind) or "ISO8601"
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


def _place(text: str, dialect: _Dialect, record: int) -> str:
    """Find the row of a record. An empty line is a row, but a record only where there is one column."""
    rows = (
        number
        for number, cells in _rows(text, dialect.delimiter, dialect.quote)
        if number > dialect.skip and (cells or len(dialect.names) == 1)
    )
    passed = record + dialect.header
    return f"row {next(islice(rows, passed, None), dialect.skip + passed + 1)}"
