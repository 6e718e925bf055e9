"""Delimited text (CSV, TSV and the like) to a table, or one clear sentence on why it can't be."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from components.data import extent
from components.data.cells import Cells, check_width, workbench
from components.data.encoding import decode
from components.data.raw import Raw, raw
from components.errors import DataError

if TYPE_CHECKING:
    import duckdb

# What a column may be. Booleans and times of day count as text.
_TYPES = ["BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"]
_DELIMITERS = ",;\t|"  # those that DuckDB tries
_HEAD = 1 << 20  # letters at the beginning that show what the rows are like


def read(content: bytes, name: str) -> Raw:
    """Read delimited text; DuckDB finds its quotes, and whether it has a header.

    What stands above and below the table is left out and noted.

    Args:
        content: the file, byte for byte.
        name: what to call it in messages; never used as a path.

    Raises:
        DataError: naming the row where that applies. Rows are counted from 1, as a spreadsheet does, the
            header included.
    """
    text, notes = decode(content, name)
    text = text.rstrip("\n")
    check_width(name, max(map(_first_line(text).count, _DELIMITERS)) + 1)
    delimiter = _delimiter(text)
    cut = _cut(text, delimiter) if delimiter else _Cut(text)
    with workbench(name) as (folder, base):
        cells = _cells(base, folder / "table.csv", cut, delimiter, name)
        return raw(cells, (*notes, *cut.notes))


def _cells(
    base: "duckdb.DuckDBPyConnection", path: Path, cut: "_Cut", delimiter: str | None, name: str
) -> Cells:
    import duckdb  # noqa: PLC0415 - see `workbench`

    path.write_text(cut.text, encoding="utf-8", newline="\n")
    try:
        dialect = _dialect(base, path, cut.text, delimiter)
        _keep_cells(base, path, dialect)
    except duckdb.Error:
        raise _odd_row(cut, delimiter, name) or _unreadable(name) from None
    if any(line.strip() for line in cut.text.split("\n", dialect.skip)[: dialect.skip]):
        raise _odd_row(cut, delimiter, name) or _unreadable(name)
    records = int(base.execute("SELECT count(*) FROM cells").fetchall()[0][0])
    return Cells(name, dialect.names, base, _places(cut, dialect, records))


# --- The text --------------------------------------------------------------------------------------


def _first_line(text: str) -> str:
    return text.lstrip("\n").split("\n", 1)[0]


@dataclass(frozen=True)
class _Cut:
    """The text of the table alone.

    Attributes:
        above: rows that were left out before it.
        notes: on what was left out.
    """

    text: str
    above: int = 0
    notes: tuple[str, ...] = ()


def _delimiter(text: str) -> str | None:
    """Find what parts the cells; None where nothing does, or nothing that is looked for."""
    shares = {delimiter: _even_share(text, delimiter) for delimiter in _DELIMITERS}
    # Commas come last, for they stand in numbers too.
    best = max(shares, key=lambda delimiter: (shares[delimiter], delimiter != ","))
    return best if shares[best] else None


def _even_share(text: str, delimiter: str) -> float:
    """Give the share of the first rows that have as many cells as most of them; 0 where that is one cell."""
    widths = Counter(len(cells) for _, _, cells in _head(text, delimiter))
    width, often = widths.most_common(1)[0] if widths else (0, 0)
    return often / widths.total() if width > 1 else 0.0


def _head(text: str, delimiter: str) -> list[tuple[int, int, list[str]]]:
    """Give the first rows that aren't empty: the number of each, the lines before it, and its cells."""
    start = text[:_HEAD]
    if len(text) > _HEAD:
        start = start.rpartition("\n")[0]
    reader = csv.reader(io.StringIO(start), delimiter=delimiter)
    found: list[tuple[int, int, list[str]]] = []
    lines = number = 0
    with suppress(csv.Error):  # such as a cell of more than 128 kB
        for row in reader:
            number += 1
            cells = [cell.strip() for cell in row]
            if any(cells):
                found.append((number, lines, cells))
            if len(found) == extent.LOOKED_AT:
                break
            lines = reader.line_num
    return found


def _cut(text: str, delimiter: str) -> _Cut:
    """Leave out what stands above and below the table."""
    head = _head(text, delimiter)
    rows = [cells for *_, cells in head]
    above = extent.above(rows)
    # Rows that are shorter than those after them are no title, unless a header follows.
    if above and not extent.has_names(rows[above]):
        above = 0
    before, lines, _ = head[above]
    below = _below(text, delimiter, extent.usual_width(rows[above + 1 :]))
    notes = [
        extent.say(where, [number for number, _ in left_out], [cells for _, cells in left_out])
        for where, left_out in (("above", [(n, cells) for n, _, cells in head[:above]]), ("below", below))
        if left_out
    ]
    if below:
        text = text.rsplit("\n", text.count("\n") + 2 - below[0][0])[0]
    if not above:
        return _Cut(text, notes=tuple(notes))
    return _Cut(text.split("\n", lines)[lines], before - 1, tuple(notes))


def _below(text: str, delimiter: str, usual: float) -> list[tuple[int, list[str]]]:
    """Give the rows below the table, each with its line."""
    tail = text.rsplit("\n", extent.LOOKED_AT)[-extent.LOOKED_AT :]
    first = text.count("\n") + 2 - len(tail)
    rows: list[tuple[int, list[str]]] = []
    with suppress(csv.Error):
        for line, cells in enumerate(csv.reader(tail, delimiter=delimiter), first):
            if any(cells):
                rows.append((line, [cell.strip() for cell in cells]))
    return rows[len(rows) - extent.below([cells for _, cells in rows], usual) :]


def _rows(text: str, delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows as a spreadsheet counts them, as far as they can be told apart."""
    lines = io.StringIO(text)
    if quote:
        reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    with suppress(csv.Error):  # such as a cell of more than 128 kB
        yield from enumerate(reader, 1)


def _odd_row(cut: _Cut, delimiter: str | None, name: str) -> DataError | None:
    """Find the first row that has another number of cells than the rows before it."""
    delimiter = delimiter or max(_DELIMITERS, key=_first_line(cut.text).count)
    rows = ((cut.above + number, len(cells)) for number, cells in _rows(cut.text, delimiter, '"') if cells)
    start, wanted = next(rows, (0, 0))
    for number, found in rows:
        if found != wanted:
            return DataError(
                f"This row has {found} cell{'s' * (found > 1)}, but row {start} has {wanted}.",
                where=f"{name}, row {number}",
                remedy="Every row needs one cell for each column.",
            )
    return None


def _unreadable(name: str) -> DataError:
    return DataError(
        "No table can be found in it.",
        where=name,
        remedy="Write one row a line, with the same number of cells in each, parted by commas.",
    )


# --- What DuckDB finds -----------------------------------------------------------------------------


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


def _dialect(base: "duckdb.DuckDBPyConnection", path: Path, text: str, delimiter: str | None) -> _Dialect:
    found = _sniff(base, path, delimiter)
    if not found.header:
        return found
    _, first = next(islice(_rows(text, found.delimiter, found.quote), found.skip, None), (0, []))
    return found if _is_header(first, found) else _sniff(base, path, delimiter, header=False)


def _sniff(
    base: "duckdb.DuckDBPyConnection", path: Path, delimiter: str | None, header: bool | None = None
) -> _Dialect:
    known = {"delim": delimiter, "header": header}
    known = {option: value for option, value in known.items() if value is not None}
    delimiter, quote, escape, has_header, skip, columns, date_format, timestamp_format = base.execute(
        "SELECT Delimiter, Quote, Escape, HasHeader, SkipRows, Columns, DateFormat, TimestampFormat "
        "FROM sniff_csv($path, sample_size=-1, comment='', auto_type_candidates=$types"
        f"{''.join(f', {option}=${option}' for option in known)})",
        {"path": str(path), "types": _TYPES, **known},
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


def _is_header(cells: list[str], dialect: _Dialect) -> bool:
    """Tell whether a supposed header is one, not just a row: “1.5” over whole numbers, or a date."""

    def fits(cell: str, kind: str) -> bool:
        if kind == "VARCHAR":
            return True
        if _is_time(kind):
            layout = dialect.layout(kind) or "ISO8601"
            return not pd.isna(pd.to_datetime(cell, format=layout, errors="coerce", utc=True))
        return not pd.isna(pd.to_numeric(cell, errors="coerce"))

    kinds = dialect.types
    if len(cells) != len(kinds):
        return True
    if set(kinds) == {"VARCHAR"}:
        return extent.has_names(cells)
    return not all(map(fits, cells, kinds))


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


def _places(cut: _Cut, dialect: _Dialect, records: int) -> Callable[[int], str]:
    """Tell which row a record is. An empty line is a row, but a record only where there is one column."""
    before = cut.above + dialect.skip + dialect.header + 1
    if cut.text.count("\n") + 1 == records + dialect.skip + dialect.header:
        return lambda record: f"row {before + record}"

    rows = [
        number
        for number, cells in _rows(cut.text, dialect.delimiter, dialect.quote)
        if number > dialect.skip and (cells or len(dialect.names) == 1)
    ][dialect.header :]
    numbers = np.array(rows)
    return lambda record: f"row {cut.above + numbers[record] if record < len(numbers) else before + record}"
