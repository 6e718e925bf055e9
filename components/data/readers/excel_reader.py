"""Workbooks (.xlsx, .xls, .xlsb, .ods) to a table, or one clear sentence on why it can't be."""

import csv
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

from components.data.readers import archives, workbook_sheets
from components.data.readers.workbook_sheets import SheetRows
from components.data.tables import staging_table, table_bounds
from components.data.tables.header_rows import find_header, header_choice
from components.data.tables.import_choice import ImportChoice, header_import
from components.data.tables.raw_table import RawTable, build_raw_table
from components.errors import DataError
from components.recipe import TableEnd

_MOST_UNPACKED = 1 << 30  # bytes; workbooks are zipped
_MAX_NAMES = 5  # other sheets that a note names


def read_excel(
    path: Path,
    name: str,
    sheet: str | None = None,
    keep: Sequence[TableEnd] = (),
    header: int | None = None,
) -> RawTable:
    """Read one sheet: what stands above and below its table is left out and noted.

    Of formulas, what they gave when the workbook was saved is read.

    Args:
        path: of the file.
        name: what to call it in messages.
        sheet: which one; by default the one with the longest table of numbers.
        keep: at which ends nothing is left out.
        header: rows that name the columns, where a person said so.

    Raises:
        DataError: naming the sheet where that applies.
    """
    _check_size(path, name)
    with staging_table.staging_database(name) as (folder, base):
        rows = folder / "rows.csv"
        found = workbook_sheets.write_sheet(path, rows, name, sheet)
        place = f"{name}, sheet “{found.sheet}”" if len(found.sheets) > 1 else name
        table = _find_table(rows, found.left, keep, header)
        filled = staging_table.load_staging_table(
            place, table.names, base, rows, skip=table.skip, rows=table.rows
        )
        named = found.sheet if len(found.sheets) > 1 else None
        return build_raw_table(filled, _other_sheets_note(found), table.margins, named, table.choices)


def sheet_names(path: Path, name: str) -> tuple[str, ...]:
    """Return the names of a workbook's sheets, those apart that are hidden.

    Raises:
        DataError: if it can't be read.
    """
    _check_size(path, name)
    return workbook_sheets.sheet_names(path, name)


# --- The sheets -----------------------------------------------------------------------------------


def _check_size(path: Path, name: str) -> None:
    """Refuse what says that it is too large; what lies about its size is stopped by its process' limits."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return  # .xls isn't packed
    size = sum(file.file_size for file in archives.list_entries(path, name))
    if size > _MOST_UNPACKED:
        raise DataError(
            f"Unpacked, it takes {size / 2**20:,.0f} MB; at most {_MOST_UNPACKED / 2**20:,.0f} MB are "
            "allowed.",
            where=name,
            remedy="Save the table alone as CSV, then upload that.",
        )


def _other_sheets_note(found: SheetRows) -> tuple[str, ...]:
    others = [sheet for sheet in found.sheets if sheet != found.sheet]
    if not others:
        return ()
    names = ", ".join(f"“{sheet}”" for sheet in others[:_MAX_NAMES]) + ", …" * (len(others) > _MAX_NAMES)
    return (f"This is the sheet “{found.sheet}”. Other sheets: {names}.",)


# --- The table -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _TableBounds:
    """Where the table is among the rows that were written.

    Attributes:
        names: of its columns.
        skip: rows before its first one, the header included.
        rows: how many it has.
        margins: what stands above and below it.
        choices: what was guessed of its header.
    """

    names: list[str]
    skip: int
    rows: int
    margins: tuple[table_bounds.MarginRows, ...]
    choices: tuple[ImportChoice, ...]


def _find_table(path: Path, left: int, keep: Sequence[TableEnd], chosen: int | None) -> _TableBounds:
    head, tail, total = _edge_rows(path)
    above = table_bounds.count_title_rows([row for _, row in head])
    header = find_header([row for _, row in head[above:]], chosen)
    top = above + header.rows + header.below
    usual = table_bounds.typical_width([row for _, row in head[top:]])
    below = min(table_bounds.count_note_rows([row for _, row in tail], usual), max(0, total - top - 1))
    cuts = table_bounds.margin_rows(head[:above], tail[len(tail) - below :], keep)
    start = 0 if "above" in keep else above
    end = total if "below" in keep else total - below
    if start < above:
        header = find_header([row for _, row in head], chosen or int(table_bounds.may_be_header(head[0][1])))
    first = head[start][1]
    letters = [f"column {_column_letters(left + n)}" for n in range(len(first))]
    names = [name or letter for name, letter in zip(header.names, letters, strict=True)]
    skip = start + header.rows + header.below
    choice = header_choice(header, [number for number, _ in head[start:]], [row for _, row in head[start:]])
    choices = () if choice is None else (header_import(choice),)
    return _TableBounds(names, skip, end - skip, cuts, choices)


_NumberedRows = list[tuple[int, list[str]]]


def _edge_rows(path: Path) -> tuple[_NumberedRows, _NumberedRows, int]:
    """Return the first and the last rows with their numbers in the sheet, and how many there are in all."""
    total = 0
    head: _NumberedRows = []
    tail: deque[tuple[int, list[str]]] = deque(maxlen=table_bounds.EDGE_ROWS)
    with path.open(encoding="utf-8", newline="") as file:
        for number, *row in csv.reader(file):
            total += 1
            tail.append((int(number), row))
            if total <= table_bounds.EDGE_ROWS:
                head.append((int(number), row))
    return head, list(tail), total


def _column_letters(column: int) -> str:
    """Name a column as spreadsheets do: A to Z, AA, AB, …"""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters, column = ascii_uppercase[letter] + letters, column - 1
    return letters
