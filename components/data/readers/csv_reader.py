"""Delimited text (CSV, TSV and the like) to a table, or one clear sentence on why it can't be."""

import csv
import io
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

import numpy as np
import pandas as pd

from components.data.parsing.encoding import CHUNK, is_plain_utf8, transcribe
from components.data.readers.uneven_rows import EvenRows, is_comment, parse_whitespace, table_width
from components.data.tables import table_bounds
from components.data.tables.header_rows import Header, find_header, header_choice
from components.data.tables.import_choice import (
    ImportChoice,
    Uneven,
    comment_import,
    header_import,
    uneven_imports,
)
from components.data.tables.raw_table import (
    ColumnKind,
    RawTable,
    build_raw_table,
    read_typed_columns,
    with_margin_notes,
)
from components.data.tables.record_names import RecordNames
from components.data.tables.staging_table import (
    LONGEST_LINE,
    StagingTable,
    check_size,
    check_width,
    load_staging_table,
    staging_database,
    write_numbered_rows,
)
from components.errors import DataError
from components.recipe import TableEnd

if TYPE_CHECKING:
    import duckdb

# What a column may be. Booleans and times of day count as text.
_CANDIDATE_TYPES = ["BIGINT", "DOUBLE", "DATE", "TIMESTAMP", "TIMESTAMPTZ", "VARCHAR"]
_DELIMITERS = ",;\t|"  # those that DuckDB tries
_ENDS_CELL = np.isin(np.arange(256), [*f"{_DELIMITERS}\n".encode()])  # by byte
_BLOCK = 32  # bytes; a divisor of `CHUNK`, and each cell that is too long for a number fills one
_HEAD = 1 << 20  # letters at the beginning that show what the rows are like
_TAIL = 1 << 22  # bytes at the end, likewise
_SAMPLE = 20_000  # rows that show how all are written
_ALL = -1
_SPACES = " "  # that part columns, as many as there are
_SPACED_LINES = 200  # at the beginning, that show whether spaces do
_FEW_SPACED = 3
_SPACED_VALUES = 0.5  # of the cells that are numbers or times, at least
# What numbers and times are to DuckDB.
_KINDS: dict[str, ColumnKind] = {"BIGINT": "number", "DOUBLE": "number", "DATE": "time", "TIMESTAMP": "time"}
_SQL_TYPES: dict[ColumnKind, str] = {"number": "DOUBLE", "time": "TIMESTAMP"}
# How times are written that can be read in one way only.
_ISO_FORMATS = {
    re.compile(r"\d{4}-\d\d-\d\d"): "%Y-%m-%d",
    re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d"): "%Y-%m-%d %H:%M",
    re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"): "%Y-%m-%d %H:%M:%S",
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d"): "%Y-%m-%dT%H:%M",
    re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"): "%Y-%m-%dT%H:%M:%S",
}


def read_csv(
    path: Path,
    name: str,
    keep: Sequence[TableEnd] = (),
    header: int | None = None,
    uneven: Uneven | None = None,
) -> RawTable:
    """Read delimited text; DuckDB finds its quotes.

    What stands above and below the table is left out and noted, and so is what was guessed.

    Args:
        path: of the file.
        name: what to call it in messages.
        keep: at which ends nothing is left out.
        header: rows that name the columns, where a person said so.
        uneven: what becomes of rows with too few or too many cells, likewise.

    Raises:
        DataError: naming the row where that applies. Rows are counted from 1, as a spreadsheet does, the
            header included.
    """
    with staging_database(name) as (folder, base):
        text, notes = _open_text(path, folder / "table.csv", name)
        first = text.first_line
        check_width(name, max(map(first.count, _DELIMITERS)) + 1)
        if text.longest > LONGEST_LINE:
            raise _long_line_error(name)
        check_size(name, text.rows)
        delimiter = _find_delimiter(text)
        if delimiter is None and _has_spaced_columns(text):
            return _read_uneven(base, folder, _TableText(text), _SPACES, name, notes, header, uneven)
        if delimiter is None:
            return build_raw_table(_read_cells(base, _TableText(text), None, name), notes)
        cut = _remove_margins(text, delimiter, folder / "cut.csv", keep)
        if header is None and "above" in keep and cut.margins and cut.margins[0].end == "above":
            header = int(table_bounds.may_be_header(_first_rows(cut.text, delimiter)[0][2]))
        found = _find_header(cut, delimiter, header)
        plain = found.rows <= 1 and not found.below and found.names[:1] != ("#",)
        if plain and found.rows and found.sure and header is None:
            frame = _read_typed(base, cut, delimiter, name)
            if frame is not None:
                counted = RecordNames(cut.rows_above + 2)
                return RawTable(frame, counted, with_margin_notes(notes, cut.margins), margins=cut.margins)
        if plain:
            with suppress(_UnevenRowError):
                cells = _read_cells(base, cut, delimiter, name, header=found.rows == 1)
                choices = _header_choices(found, cut, delimiter)
                return build_raw_table(cells, notes, cut.margins, choices=choices)
        return _read_uneven(base, folder, cut, delimiter, name, notes, header, uneven)


class _UnevenRowError(Exception):
    """Not all rows have as many cells."""


def _find_header(cut: "_TableText", delimiter: str, chosen: int | None) -> Header:
    rows = [cells for *_, cells in _first_rows(cut.text, delimiter)]
    return find_header(_even(rows), chosen)


def _even(rows: list[list[str]]) -> list[list[str]]:
    """Return rows without comments, and without cells beyond the usual width; the header stays as it is."""
    kept = [row for number, row in enumerate(rows) if not number or not is_comment(row)]
    usual = Counter(map(len, kept[1:])).most_common(1)
    width = max(usual[0][0] if usual else 0, len(kept[0]) if kept else 0)
    return [row[:width] for row in kept]


def _header_choices(header: Header, cut: "_TableText", delimiter: str) -> tuple[ImportChoice, ...]:
    rows = [(cut.rows_above + number, cells) for number, _, cells in _first_rows(cut.text, delimiter)]
    choice = header_choice(header, [number for number, _ in rows], [cells for _, cells in rows])
    return () if choice is None else (header_import(choice),)


def _has_spaced_columns(text: "_TextFile") -> bool:
    """Return whether spaces part columns of numbers."""
    rows = [
        row
        for _, row in parse_whitespace(text.head.split("\n")[:_SPACED_LINES])
        if row and not is_comment(row)
    ]
    widths = Counter(map(len, rows)).most_common(1)
    if len(rows) < _FEW_SPACED or widths[0][0] < 2 or widths[0][1] < 0.9 * len(rows):
        return False
    cells = [cell for row in rows[1:] for cell in row]
    return bool(table_bounds.are_values(cells).mean() >= _SPACED_VALUES)


def _read_uneven(
    base: "duckdb.DuckDBPyConnection",
    folder: Path,
    cut: "_TableText",
    delimiter: str,
    name: str,
    notes: tuple[str, ...],
    header: int | None,
    uneven: Uneven | None,
) -> RawTable:
    """Read row by row what has several header rows, comments, or rows that aren't all as long."""
    with cut.text.lines() as lines:
        head = [(n, row) for n, row in islice(_numbered_rows(lines, delimiter), _SPACED_LINES) if any(row)]
    names_row = _commented_header(head) if header is None else None
    rows = [row for _, row in head if not is_comment(row)]
    if names_row is not None:
        rows.insert(0, names_row)
    found = find_header(_even([[cell.strip() for cell in row] for row in rows]), header)
    width, names = table_width(found, rows[found.rows + found.below :])
    made = EvenRows(width, uneven)
    skipped = found.rows + found.below - (names_row is not None)
    target = folder / "even.csv"
    with cut.text.lines() as lines:
        numbered = ((cut.rows_above + number, row) for number, row in _numbered_rows(lines, delimiter))
        below = made(_after_header(numbered, skipped))
        write_numbered_rows(target, ((number, [cell.strip() for cell in row]) for number, row in below), name)
    if not made.is_table:
        raise _uneven_row_error(cut, delimiter, name) or _no_table_error(name)
    named = [own or f"column{number}" for number, own in enumerate(names)]
    cells = load_staging_table(name, named, base, target)
    choice = None
    if names_row is None:
        numbers = [cut.rows_above + number for number, row in head if not is_comment(row)]
        choice = header_choice(found, numbers, rows)
    choices = (
        *(() if choice is None else (header_import(choice),)),
        *comment_import(made.comments),
        *uneven_imports(made.short, made.long, uneven),
    )
    return build_raw_table(cells, notes, cut.margins, choices=choices)


def _numbered_rows(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    if delimiter == _SPACES:
        yield from parse_whitespace(lines)
        return
    with suppress(csv.Error):
        yield from enumerate(csv.reader(lines, delimiter=delimiter), 1)


def _after_header(rows: Iterable[tuple[int, list[str]]], skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header; comments above it and in it don't count."""
    for number, row in rows:
        if skipped and any(row):
            skipped -= not is_comment(row)
            continue
        yield number, row


def _commented_header(head: Sequence[tuple[int, list[str]]]) -> list[str] | None:
    """Return the names in the last comment above a table, where they are as many as its columns."""
    above = list(takewhile(lambda row: is_comment(row[1]), head))
    rest = [row for _, row in head[len(above) :]]
    if not above or not rest or table_bounds.may_be_header(rest[0]):
        return None
    marked = [cell.strip() for cell in above[-1][1]]
    marked[0] = marked[0].lstrip("#/% ")
    names = marked if marked[0] else marked[1:]
    return names if len(names) == len(rest[0]) else None


def _open_text(path: Path, copy: Path, name: str) -> tuple["_TextFile", tuple[str, ...]]:
    """Return a file's text, and what was assumed of it; what isn't plain is written anew as a copy."""
    with path.open("rb") as source:
        if is_plain_utf8(source, name):
            return _TextFile.of(path, is_writable=False), ()
        with copy.open("wb") as target:
            notes = transcribe(source, target, name)
    return _TextFile.of(copy), notes


def _read_cells(
    base: "duckdb.DuckDBPyConnection",
    cut: "_TableText",
    delimiter: str | None,
    name: str,
    header: bool | None = None,
) -> StagingTable:
    import duckdb  # noqa: PLC0415 - see `staging_database`

    try:
        dialect = _find_dialect(base, cut.text, delimiter, header)
        check_size(name, cut.text.rows * len(dialect.names))
        source, parameters = _text_query(cut.text, dialect)
        base.execute(f"CREATE TABLE cells AS {source}", parameters)
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        raise
    except duckdb.Error as error:
        if "Maximum line size" in str(error):
            raise _long_line_error(name) from None
        if delimiter is not None:
            raise _UnevenRowError from None
        raise _uneven_row_error(cut, delimiter, name) or _no_table_error(name) from None
    with cut.text.lines() as lines:
        if any(line.strip() for line in islice(lines, dialect.skip)):
            if delimiter is not None:
                base.execute("DROP TABLE cells")
                raise _UnevenRowError
            raise _uneven_row_error(cut, delimiter, name) or _no_table_error(name)
    records = int(base.execute("SELECT count(*) FROM cells").fetchall()[0][0])
    return StagingTable(name, dialect.names, base, _record_names(cut, dialect, records))


def _read_typed(
    base: "duckdb.DuckDBPyConnection", cut: "_TableText", delimiter: str, name: str
) -> pd.DataFrame | None:
    """Read at once what holds nothing but numbers and ISO times below its names; None where it is otherwise.

    The result is the same, but the cells needn't be kept as text, and it is enough to look at the first rows
    to tell how all are written: if they aren't, this ends, and all is read with more patience.
    """
    import duckdb  # noqa: PLC0415 - see `staging_database`

    if cut.text.has_long_cell:
        return None
    try:
        dialect = _sniff(base, cut.text.path, delimiter, sample=_SAMPLE)
        head = _first_rows(cut.text, delimiter)
        even = len({len(cells) for *_, cells in head}) == 1
        plain = even and dialect.header and not dialect.skip and set(dialect.types) <= _KINDS.keys()
        names = head[0][2] if plain and head else []
        if not table_bounds.may_be_header(names) or not _is_header(names, dialect):
            return None
        kinds = [_KINDS[kind] for kind in dialect.types]
        check_size(name, cut.text.rows * len(kinds))
        layout = _iso_format([cell for cell, kind in zip(head[1][2], kinds, strict=True) if kind == "time"])
        if layout is None:
            return None
        types = [_SQL_TYPES[kind] for kind in kinds]
        source, parameters = _typed_query(cut.text, dialect, types, timestampformat=layout)
        return read_typed_columns(name, dialect.names, base, source, parameters, kinds, cut.text.count - 1)
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        raise
    except duckdb.Error:
        return None


def _iso_format(times: Sequence[str]) -> str | None:
    """Return the ISO format in which a row's times are written; None where it is another, or they differ."""
    layouts = {
        next((_ISO_FORMATS[form] for form in _ISO_FORMATS if form.fullmatch(time)), None) for time in times
    }
    if not times:
        return "%Y-%m-%d"
    return layouts.pop() if len(layouts) == 1 else None


# --- The text --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _TextFile:
    """A text in a file. It may be large: only its ends are in memory.

    Attributes:
        path: of the file, which is in UTF-8, with line feeds between its lines.
        is_writable: whether the file may be changed. Then no line feed stands after its last line, else one
            may.
        count: lines.
        rows: lines that don't end within quotes.
        head: its first lines, or all; of a first line that is very long, the beginning.
        tail: its last lines, or all, as far as they aren't very long.
        longest: bytes that a line has at least, counted in steps of `CHUNK`.
        has_long_cell: whether a cell may be too long for a number.
    """

    path: Path
    is_writable: bool
    count: int
    rows: int
    head: str
    tail: tuple[str, ...]
    longest: int
    has_long_cell: bool

    @classmethod
    def of(cls, path: Path, is_writable: bool = True) -> Self:
        """Look at a file; from one of ours, line feeds at its end are cut off."""
        ends = _strip_line_feeds(path) if is_writable else _size_without_line_feed(path)
        with path.open("rb") as file:
            breaks = longest = without = within_quotes = 0
            is_quoted = has_long_cell = False
            for chunk in iter(lambda: file.read(CHUNK), b""):
                found = chunk.count(b"\n")
                breaks += found
                without = 0 if found else without + len(chunk)
                longest = max(longest, without)
                has_long_cell = has_long_cell or _may_have_long_cell(chunk)
                if is_quoted or b'"' in chunk:
                    quoted, is_quoted = _count_quoted_breaks(chunk, is_quoted)
                    within_quotes += quoted
            count = breaks + 1 - (ends < file.tell())
            start = max(0, ends - _TAIL)
            file.seek(start)
            last = file.read(ends - start).split(b"\n")
        tail = last if not start else last[1:]
        with path.open(encoding="utf-8", newline="\n") as text:
            head = text.read(_HEAD + 1)
        head = (head.rpartition("\n")[0] or head) if len(head) > _HEAD else head.removesuffix("\n")
        lines = tuple(line.decode() for line in tail[-table_bounds.EDGE_ROWS :])
        return cls(path, is_writable, count, count - within_quotes, head, lines, longest, has_long_cell)

    def writable_copy(self, path: Path) -> Self:
        """Return the text in a file that may be changed: a copy at the path, where it isn't in one
        already."""
        if self.is_writable:
            return self
        shutil.copyfile(self.path, path)
        return self.of(path)

    @property
    def first_line(self) -> str:
        """Return the first line that isn't empty."""
        return self.head.lstrip("\n").split("\n", 1)[0]

    def lines(self) -> TextIO:
        """Open it; each line comes with its line feed."""
        return self.path.open(encoding="utf-8", newline="\n")


def _count_quoted_breaks(chunk: bytes, is_quoted: bool) -> tuple[int, bool]:
    """Return how many line feeds stand within quotes, and whether the next byte after these does.

    Args:
        chunk: some of a text.
        is_quoted: whether its first byte stands within quotes.
    """
    letters = np.frombuffer(chunk, np.uint8)
    # Beyond 255 the count begins again, which leaves odd odd and even even.
    quotes = np.cumsum(letters == ord('"'), dtype=np.uint8)
    within = ((quotes & 1) == 1) != is_quoted
    return int(np.count_nonzero(within & (letters == ord("\n")))), bool(within[-1])


def _may_have_long_cell(chunk: bytes) -> bool:
    """Return whether a text may hold a cell that is too long for a number; False is certain.

    Such a cell fills one of its blocks, at least; other text may, too.
    """
    ends = _ENDS_CELL[np.frombuffer(chunk, np.uint8)]
    return not bool(ends[: len(ends) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).any(axis=1).all())


def _size_without_line_feed(path: Path) -> int:
    """Return a file's size without the line feed that may be its last byte."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 1))
        return size - (file.read() == b"\n")


def _strip_line_feeds(path: Path) -> int:
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
class _TableText:
    """The text of the table alone.

    Attributes:
        rows_above: rows that were left out before it.
        margins: what stands above and below it in the file.
    """

    text: _TextFile
    rows_above: int = 0
    margins: tuple[table_bounds.MarginRows, ...] = ()


def _find_delimiter(text: _TextFile) -> str | None:
    """Find what parts the cells; None where nothing does, or nothing that is looked for."""
    shares = {delimiter: _width_agreement(text, delimiter) for delimiter in _DELIMITERS}
    # Commas come last, for they stand in numbers too.
    best = max(shares, key=lambda delimiter: (*shares[delimiter], delimiter != ","))
    return best if any(shares[best]) else None


def _width_agreement(text: _TextFile, delimiter: str) -> tuple[float, int]:
    """Return the share of the first rows that have as many cells as most of them, and how many these are.

    Nothing where that is one cell. A wrong delimiter may make a quote begin a cell that never ends: what is
    left then is even, but few.
    """
    widths = Counter(len(cells) for _, _, cells in _first_rows(text, delimiter))
    width, often = widths.most_common(1)[0] if widths else (0, 0)
    return (often / widths.total(), often) if width > 1 else (0.0, 0)


def _first_rows(text: _TextFile, delimiter: str) -> list[tuple[int, int, list[str]]]:
    """Return the first rows that aren't empty: the number of each, the lines before it, and its cells."""
    reader = csv.reader(io.StringIO(text.head), delimiter=delimiter)
    found: list[tuple[int, int, list[str]]] = []
    lines = number = 0
    with suppress(csv.Error):  # such as a cell of more than 128 kB
        for row in reader:
            number += 1
            cells = [cell.strip() for cell in row]
            if any(cells):
                found.append((number, lines, cells))
            if len(found) == table_bounds.EDGE_ROWS:
                break
            lines = reader.line_num
    return found


def _remove_margins(text: _TextFile, delimiter: str, path: Path, keep: Sequence[TableEnd]) -> _TableText:
    """Leave out what stands above and below the table; what is left may be written to the path.

    What is kept there instead gets as many cells as a row of the table.
    """
    head = _first_rows(text, delimiter)
    rows = [cells for *_, cells in head]
    above = table_bounds.count_title_rows(rows)
    # Rows that are shorter than those after them are no title, unless a header follows.
    if above and not table_bounds.may_be_header(rows[above]):
        above = 0
    before, lines, header = head[above]
    titles = [(number, cells) for number, _, cells in head[:above]]
    notes, lines_below = _note_rows(text, delimiter, table_bounds.typical_width(rows[above + 1 :]))
    if notes:
        text = text.writable_copy(path.with_name("table.csv"))
        last = text.tail[-lines_below:]
        os.truncate(text.path, text.path.stat().st_size - sum(len(line.encode()) + 1 for line in last))
        if "below" in keep:
            with text.path.open("a", encoding="utf-8", newline="") as target:
                target.write("\n")
                _write_margin(target, notes, notes[0][0], len(header), delimiter)
    if titles:
        with text.path.open("rb") as source, path.open("wb") as target:
            if "above" in keep:
                whole = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)
                _write_margin(whole, titles, 1, len(header), delimiter)
                whole.write("\n" * (before - titles[-1][0] - 1))
                whole.detach()
            for _ in range(lines):
                source.readline()
            shutil.copyfileobj(source, target, CHUNK)
    if titles or notes:
        text = _TextFile.of(path if titles else text.path)
    left_out = before - 1 if titles and "above" not in keep else 0
    return _TableText(text, left_out, table_bounds.margin_rows(titles, notes, keep))


def _write_margin(
    target: TextIO, rows: table_bounds.NumberedRows, first: int, width: int, delimiter: str
) -> None:
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


def _note_rows(text: _TextFile, delimiter: str, usual: float) -> tuple[list[tuple[int, list[str]]], int]:
    """Return the rows below the table, each with its number, and how many lines they take."""
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
    count = table_bounds.count_note_rows([cells for _, cells in rows], usual)
    return rows[len(rows) - count :], len(text.tail) - starts[-count] if count else 0


def _parse_rows(text: _TextFile, delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows as a spreadsheet counts them, as far as they can be told apart."""
    with text.lines() as lines:
        if quote:
            reader = csv.reader(lines, delimiter=delimiter, quotechar=quote)
        else:
            reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        with suppress(csv.Error):  # such as a cell of more than 128 kB
            yield from enumerate(reader, 1)


def _uneven_row_error(cut: _TableText, delimiter: str | None, name: str) -> DataError | None:
    """Find the first row that has another number of cells than the rows before it."""
    delimiter = delimiter or max(_DELIMITERS, key=cut.text.first_line.count)
    rows = (
        (cut.rows_above + number, len(cells))
        for number, cells in _parse_rows(cut.text, delimiter, '"')
        if cells
    )
    start, wanted = next(rows, (0, 0))
    for number, found in rows:
        if found != wanted:
            return DataError(
                f"This row has {found} cell{'s' * (found > 1)}, but row {start} has {wanted}.",
                where=f"{name}, row {number}",
                remedy="Give every row one cell per column.",
            )
    return None


def _long_line_error(name: str) -> DataError:
    return DataError(
        f"A line has more than {LONGEST_LINE:,} bytes.",
        where=name,
        remedy="Write one row per line, or save the table as Parquet.",
    )


def _no_table_error(name: str) -> DataError:
    return DataError(
        "The file holds no table.",
        where=name,
        remedy="Write one row per line, each with the same number of cells, separated by commas.",
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
        """Return how times of a type are written, if that was found."""
        return {"DATE": self.date_format, "TIMESTAMP": self.timestamp_format}.get(kind)


def _find_dialect(
    base: "duckdb.DuckDBPyConnection", text: _TextFile, delimiter: str | None, header: bool | None = None
) -> _Dialect:
    if header is not None:
        return _sniff(base, text.path, delimiter, header=header)
    found = _sniff(base, text.path, delimiter)
    if not found.header:
        return found
    _, first = next(islice(_parse_rows(text, found.delimiter, found.quote), found.skip, None), (0, []))
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
        {"path": str(path), "types": _CANDIDATE_TYPES, "sample": sample, **known},
    ).fetchall()[0]
    return _Dialect(
        delimiter=delimiter,
        quote=_dialect_character(quote),
        escape=_dialect_character(escape),
        header=has_header,
        skip=skip,
        names=tuple(column["name"].strip() for column in columns),
        types=tuple(column["type"] for column in columns),
        date_format=date_format,
        timestamp_format=timestamp_format,
    )


def _dialect_character(text: str) -> str:
    return "" if text == "(empty)" else text


def _is_header(cells: list[str], dialect: _Dialect) -> bool:
    """Return whether a supposed header is one, not just a row: “1.5” over whole numbers, or a date."""

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
        return table_bounds.may_be_header(cells)
    return not all(map(fits, cells, kinds))


def _is_time(kind: str) -> bool:
    return kind.startswith(("DATE", "TIMESTAMP"))


def _text_query(text: _TextFile, dialect: _Dialect) -> tuple[str, dict[str, Any]]:
    """Return SQL, and its parameters, for every cell as text; columns are c0, c1, …, an empty cell is NULL.

    As text, for then a cell that can't be what its column is can still be shown.
    """
    reading, parameters = _typed_query(text, dialect, ["VARCHAR"] * len(dialect.names))
    return f"SELECT nullif(trim(COLUMNS(*)), '') FROM ({reading})", parameters


def _typed_query(
    text: _TextFile, dialect: _Dialect, types: Sequence[str], **more: str
) -> tuple[str, dict[str, Any]]:
    """Return SQL, and its parameters, for every cell as what its column is said to be: c0, c1, …"""
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


def _record_names(cut: _TableText, dialect: _Dialect, records: int) -> RecordNames:
    """Return which row a record is. An empty line is a row, but a record only where there is one column."""
    before = cut.rows_above + dialect.skip + dialect.header + 1
    if cut.text.count == records + dialect.skip + dialect.header:
        return RecordNames(before)

    rows = (
        number
        for number, cells in _parse_rows(cut.text, dialect.delimiter, dialect.quote)
        if number > dialect.skip and (cells or len(dialect.names) == 1)
    )
    numbers = np.fromiter(islice(rows, int(dialect.header), None), dtype=np.int64)
    return RecordNames(before, numbers=cut.rows_above + numbers)
