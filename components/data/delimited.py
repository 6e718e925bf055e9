"""Delimited text (CSV, TSV and the like) to a table, or one clear sentence on why it can't be."""

import csv
import io
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

import numpy as np
import pandas as pd

from components.data import extent
from components.data.cells import Cells, check_width, workbench
from components.data.encoding import CHUNK, is_plain, transcribe
from components.data.raw import Kind, Raw, noted, raw, tidy
from components.errors import DataError
from components.recipe import End

if TYPE_CHECKING:
    import duckdb

# What a column may be. Booleans and times of day count as text.
_TYPES = ["BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"]
_DELIMITERS = ",;\t|"  # those that DuckDB tries
_HEAD = 1 << 20  # letters at the beginning that show what the rows are like
_TAIL = 1 << 22  # bytes at the end, likewise
_SAMPLE = 20_000  # rows that show how all are written
_ALL = -1
# What numbers and times are to DuckDB.
_KINDS: dict[str, Kind] = {"BIGINT": "number", "DOUBLE": "number", "DATE": "time", "TIMESTAMP": "time"}
_READ_AS: dict[Kind, str] = {"number": "DOUBLE", "time": "TIMESTAMP"}
# How times are written that can be read in one way only.
_ISO = {
    re.compile(r"\d{4}-\d\d-\d\d"): "%Y-%m-%d",
    re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"): "%Y-%m-%d %H:%M",
    re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"): "%Y-%m-%d %H:%M:%S",
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"): "%Y-%m-%dT%H:%M",
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"): "%Y-%m-%dT%H:%M:%S",
}


def read(path: Path, name: str, keep: Sequence[End] = ()) -> Raw:
    """Read delimited text; DuckDB finds its quotes, and whether it has a header.

    What stands above and below the table is left out and noted.

    Args:
        path: of the file.
        name: what to call it in messages.
        keep: at which ends nothing is left out.

    Raises:
        DataError: naming the row where that applies. Rows are counted from 1, as a spreadsheet does, the
            header included.
    """
    with workbench(name) as (folder, base):
        text, notes = _text(path, folder / "table.csv", name)
        first = text.first_line
        check_width(name, max(map(first.count, _DELIMITERS)) + 1)
        delimiter = _delimiter(text)
        cut = _cut(text, delimiter, folder / "cut.csv", keep) if delimiter else _Cut(text)
        frame = _tidy(base, cut, delimiter, name) if delimiter else None
        if frame is not None:
            counted = _counted_from(cut.above + 2)
            return Raw(frame, counted, noted(notes, cut.cuts), cuts=cut.cuts)
        return raw(_cells(base, cut, delimiter, name), notes, cut.cuts)


def _text(path: Path, copy: Path, name: str) -> tuple["_Text", tuple[str, ...]]:
    """Give a file's text, and what was assumed of it; what isn't plain is written anew as a copy."""
    with path.open("rb") as source:
        if is_plain(source, name):
            return _Text.of(path, ours=False), ()
        with copy.open("wb") as target:
            notes = transcribe(source, target, name)
    return _Text.of(copy), notes


def _cells(base: "duckdb.DuckDBPyConnection", cut: "_Cut", delimiter: str | None, name: str) -> Cells:
    import duckdb  # noqa: PLC0415 - see `workbench`

    try:
        dialect = _dialect(base, cut.text, delimiter)
        source, parameters = _source(cut.text, dialect)
        base.execute(f"CREATE TABLE cells AS {source}", parameters)
    except duckdb.Error:
        raise _odd_row(cut, delimiter, name) or _unreadable(name) from None
    with cut.text.lines() as lines:
        if any(line.strip() for line in islice(lines, dialect.skip)):
            raise _odd_row(cut, delimiter, name) or _unreadable(name)
    records = int(base.execute("SELECT count(*) FROM cells").fetchall()[0][0])
    return Cells(name, dialect.names, base, _places(cut, dialect, records))


def _tidy(base: "duckdb.DuckDBPyConnection", cut: "_Cut", delimiter: str, name: str) -> pd.DataFrame | None:
    """Read at once what holds nothing but numbers and ISO times below its names; None where it is otherwise.

    The result is the same, but the cells needn't be kept as text, and it is enough to look at the first rows
    to tell how all are written: if they aren't, this ends, and all is read with more patience.
    """
    import duckdb  # noqa: PLC0415 - see `workbench`

    try:
        dialect = _sniff(base, cut.text.path, delimiter, sample=_SAMPLE)
        head = _head(cut.text, delimiter)
        plain = dialect.header and not dialect.skip and set(dialect.types) <= _KINDS.keys()
        names = head[0][2] if plain and head else []
        if not extent.has_names(names) or not _is_header(names, dialect):
            return None
        kinds = [_KINDS[kind] for kind in dialect.types]
        layout = _layout([cell for cell, kind in zip(head[1][2], kinds, strict=True) if kind == "time"])
        if layout is None:
            return None
        types = [_READ_AS[kind] for kind in kinds]
        source, parameters = _reading(cut.text, dialect, types, timestampformat=layout)
        return tidy(name, dialect.names, base, source, parameters, kinds, cut.text.count - 1)
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error:
        return None


def _layout(times: Sequence[str]) -> str | None:
    """Give the ISO format in which a row's times are written; None where it is another, or they differ."""
    layouts = {next((_ISO[form] for form in _ISO if form.fullmatch(time)), None) for time in times}
    if not times:
        return "%Y-%m-%d"
    return layouts.pop() if len(layouts) == 1 else None


def _counted_from(first: int) -> Callable[[int], str]:
    return lambda record: f"row {first + record}"


# --- The text --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Text:
    """A text in a file. It may be large: only its ends are in memory.

    Attributes:
        path: of the file, which is in UTF-8, with line feeds between its lines.
        ours: whether the file may be changed. Then no line feed stands after its last line, else one may.
        count: lines.
        head: its first lines, or all; of a first line that is very long, the beginning.
        tail: its last lines, or all, as far as they aren't very long.
    """

    path: Path
    ours: bool
    count: int
    head: str
    tail: tuple[str, ...]

    @classmethod
    def of(cls, path: Path, ours: bool = True) -> Self:
        """Look at a file; from one of ours, line feeds at its end are cut off."""
        ends = _without_last_line_feeds(path) if ours else _before_last_line_feed(path)
        with path.open("rb") as file:
            breaks = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK), b""))
            count = breaks + 1 - (ends < file.tell())
            start = max(0, ends - _TAIL)
            file.seek(start)
            last = file.read(ends - start).split(b"\n")
        tail = last if not start else last[1:]
        with path.open(encoding="utf-8", newline="\n") as text:
            head = text.read(_HEAD + 1)
        head = (head.rpartition("\n")[0] or head) if len(head) > _HEAD else head.removesuffix("\n")
        return cls(path, ours, count, head, tuple(line.decode() for line in tail[-extent.LOOKED_AT :]))

    def own(self, path: Path) -> Self:
        """Give the text in a file that may be changed: a copy at the path, where it isn't in one already."""
        if self.ours:
            return self
        shutil.copyfile(self.path, path)
        return self.of(path)

    @property
    def first_line(self) -> str:
        """Give the first line that isn't empty."""
        return self.head.lstrip("\n").split("\n", 1)[0]

    def lines(self) -> TextIO:
        """Open it; each line comes with its line feed."""
        return self.path.open(encoding="utf-8", newline="\n")


def _before_last_line_feed(path: Path) -> int:
    """Give a file's size without the line feed that may be its last byte."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return size - (file.read() == b"\n")


def _without_last_line_feeds(path: Path) -> int:
    """Cut off the line feeds at a file's end, and give its size."""
    size = path.stat().st_size
    with path.open("rb+") as file:
        start = size
        while size == start > 0:
            start = max(0, size - CHUNK)
            file.seek(start)
            size = start + len(file.read(size - start).rstrip(b"\n"))
        file.truncate(size)
    return size


@dataclass(frozen=True)
class _Cut:
    """The text of the table alone.

    Attributes:
        above: rows that were left out before it.
        cuts: what stands above and below it in the file.
    """

    text: _Text
    above: int = 0
    cuts: tuple[extent.Cut, ...] = ()


def _delimiter(text: _Text) -> str | None:
    """Find what parts the cells; None where nothing does, or nothing that is looked for."""
    shares = {delimiter: _even_share(text, delimiter) for delimiter in _DELIMITERS}
    # Commas come last, for they stand in numbers too.
    best = max(shares, key=lambda delimiter: (*shares[delimiter], delimiter != ","))
    return best if any(shares[best]) else None


def _even_share(text: _Text, delimiter: str) -> tuple[float, int]:
    """Give the share of the first rows that have as many cells as most of them, and how many these are.

    Nothing where that is one cell. A wrong delimiter may make a quote begin a cell that never ends: what is
    left then is even, but few.
    """
    widths = Counter(len(cells) for _, _, cells in _head(text, delimiter))
    width, often = widths.most_common(1)[0] if widths else (0, 0)
    return (often / widths.total(), often) if width > 1 else (0.0, 0)


def _head(text: _Text, delimiter: str) -> list[tuple[int, int, list[str]]]:
    """Give the first rows that aren't empty: the number of each, the lines before it, and its cells."""
    reader = csv.reader(io.StringIO(text.head), delimiter=delimiter)
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


def _cut(text: _Text, delimiter: str, path: Path, keep: Sequence[End]) -> _Cut:
    """Leave out what stands above and below the table; what is left may be written to the path.

    What is kept there instead gets as many cells as a row of the table.
    """
    head = _head(text, delimiter)
    rows = [cells for *_, cells in head]
    above = extent.above(rows)
    # Rows that are shorter than those after them are no title, unless a header follows.
    if above and not extent.has_names(rows[above]):
        above = 0
    before, lines, header = head[above]
    titles = [(number, cells) for number, _, cells in head[:above]]
    notes, lines_below = _below(text, delimiter, extent.usual_width(rows[above + 1 :]))
    if notes:
        text = text.own(path.with_name("table.csv"))
        last = text.tail[-lines_below:]
        os.truncate(text.path, text.path.stat().st_size - sum(len(line.encode()) + 1 for line in last))
        if "below" in keep:
            with text.path.open("a", encoding="utf-8", newline="") as target:
                target.write("\n")
                _write_evenly(target, notes, notes[0][0], len(header), delimiter)
    if titles:
        with text.path.open("rb") as source, path.open("wb") as target:
            if "above" in keep:
                whole = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
                _write_evenly(whole, titles, 1, len(header), delimiter)
                whole.write("\n" * (before - titles[-1][0] - 1))
                whole.detach()
            for _ in range(lines):
                source.readline()
            shutil.copyfileobj(source, target, CHUNK)
    if titles or notes:
        text = _Text.of(path if titles else text.path)
    left_out = before - 1 if titles and "above" not in keep else 0
    return _Cut(text, left_out, extent.cuts(titles, notes, keep))


def _write_evenly(target: TextIO, rows: extent.Numbered, first: int, width: int, delimiter: str) -> None:
    """Write rows with as many cells each as the table has, and with the numbers that they had.

    Args:
        target: takes them.
        rows: none of them empty.
        first: number of the first row that is written; in place of those between, an empty line is.
        width: cells of each; what stands in further ones is added to the last.
        delimiter: stands between them.
    """
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\n")
    for number, cells in rows:
        target.write("\n" * (number - first))
        fitting = [*cells[: width - 1], delimiter.join(cells[width - 1 :]).rstrip(delimiter)]
        writer.writerow([*fitting, *[""] * (width - len(fitting))])
        first = number + 1


def _below(text: _Text, delimiter: str, usual: float) -> tuple[list[tuple[int, list[str]]], int]:
    """Give the rows below the table, each with its number, and how many lines they take."""
    first = text.count + 1 - len(text.tail)
    rows: list[tuple[int, list[str]]] = []
    starts: list[int] = []
    reader = csv.reader((f"{line}\n" for line in text.tail), delimiter=delimiter)
    lines = 0  # more than rows where a cell holds several
    with suppress(csv.Error):
        for number, cells in enumerate(reader, first):
            if any(cells):
                rows.append((number, [cell.strip() for cell in cells]))
                starts.append(lines)
            lines = reader.line_num
    count = extent.below([cells for _, cells in rows], usual)
    return rows[len(rows) - count :], len(text.tail) - starts[-count] if count else 0


def _rows(text: _Text, delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    """Give the rows as a spreadsheet counts them, as far as they can be told apart."""
    with text.lines() as lines:
        if quote:
            reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
        else:
            reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        with suppress(csv.Error):  # such as a cell of more than 128 kB
            yield from enumerate(reader, 1)


def _odd_row(cut: _Cut, delimiter: str | None, name: str) -> DataError | None:
    """Find the first row that has another number of cells than the rows before it."""
    delimiter = delimiter or max(_DELIMITERS, key=cut.text.first_line.count)
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


def _dialect(base: "duckdb.DuckDBPyConnection", text: _Text, delimiter: str | None) -> _Dialect:
    found = _sniff(base, text.path, delimiter)
    if not found.header:
        return found
    _, first = next(islice(_rows(text, found.delimiter, found.quote), found.skip, None), (0, []))
    return found if _is_header(first, found) else _sniff(base, text.path, delimiter, header=False)


def _sniff(
    base: "duckdb.DuckDBPyConnection",
    path: Path,
    delimiter: str | None,
    header: bool | None = None,
    sample: int = _ALL,
) -> _Dialect:
    known = {"delim": delimiter, "header": header}
    known = {option: value for option, value in known.items() if value is not None}
    delimiter, quote, escape, has_header, skip, columns, date_format, timestamp_format = base.execute(
        "SELECT Delimiter, Quote, Escape, HasHeader, SkipRows, Columns, DateFormat, TimestampFormat "
        "FROM sniff_csv($path, sample_size=$sample, comment='', auto_type_candidates=$types"
        f"{''.join(f', {option}=${option}' for option in known)})",
        {"path": str(path), "types": _TYPES, "sample": sample, **known},
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


def _source(text: _Text, dialect: _Dialect) -> tuple[str, dict[str, Any]]:
    """Give SQL, and its parameters, for every cell as text; columns are c0, c1, …, an empty cell is NULL.

    As text, for then a cell that can't be what its column is can still be shown.
    """
    reading, parameters = _reading(text, dialect, ["VARCHAR"] * len(dialect.names))
    return f"SELECT nullif(trim(COLUMNS(*)), '') FROM ({reading})", parameters


def _reading(text: _Text, dialect: _Dialect, types: Sequence[str], **more: str) -> tuple[str, dict[str, Any]]:
    """Give SQL, and its parameters, for every cell as what its column is said to be: c0, c1, …"""
    options = {
        "delim": dialect.delimiter,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "header": dialect.header,
        "skip": dialect.skip,
        "comment": "",
        "auto_detect": False,
        "columns": {f"c{number}": kind for number, kind in enumerate(types)},
        **more,
    }
    given = ", ".join(f"{option}=${option}" for option in options)
    return f"SELECT * FROM read_csv($path, {given})", {"path": str(text.path), **options}


def _places(cut: _Cut, dialect: _Dialect, records: int) -> Callable[[int], str]:
    """Tell which row a record is. An empty line is a row, but a record only where there is one column."""
    before = cut.above + dialect.skip + dialect.header + 1
    if cut.text.count == records + dialect.skip + dialect.header:
        return _counted_from(before)

    rows = (
        number
        for number, cells in _rows(cut.text, dialect.delimiter, dialect.quote)
        if number > dialect.skip and (cells or len(dialect.names) == 1)
    )
    numbers = np.fromiter(islice(rows, int(dialect.header), None), dtype=np.int64)
    return lambda record: f"row {cut.above + numbers[record] if record < len(numbers) else before + record}"
