"""Workbooks (.xlsx, .xls, .xlsb, .ods) to a table, or one clear sentence on why it can't be."""

import csv
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from string import ascii_uppercase
from tempfile import TemporaryDirectory

from components.data import cells, packed
from components.data.dataset import Reading
from components.errors import DataError

_READER = Path(__file__).with_name("sheet_process.py")
_SECONDS = 60
_MOST_UNPACKED = 1 << 30  # bytes; workbooks are zipped
_NAMED = 5  # other sheets that a note names


def read(content: bytes, name: str, sheet: str = "") -> Reading:
    """Read one sheet: its first row that isn't empty names the columns.

    The first column of dates becomes the index, in order of time. Columns of text are left out and noted.
    Of formulas, what they gave when the workbook was saved is read.

    Args:
        content: the file, byte for byte.
        name: what to call it in messages; never used as a path.
        sheet: which one; by default the first that has a table.

    Raises:
        DataError: naming sheet, row and column where that applies; rows and columns as in the sheet.
    """
    with cells.workbench(name) as (folder, base):
        rows = folder / "rows.csv"
        found = _ask(content, name, folder, rows.name, sheet)
        place = f"{name}, sheet “{found.sheet}”" if len(found.sheets) > 1 else name
        names, header = _names(rows, place, found.left)
        table = cells.reading(cells.fill(place, names, base, rows, header=header))
    return replace(table, notes=(*_other_sheets(found), *table.notes))


def sheets(content: bytes, name: str) -> tuple[str, ...]:
    """Give the names of a workbook's sheets, those apart that are hidden.

    Raises:
        DataError: if it can't be read.
    """
    with TemporaryDirectory() as folder:
        return tuple(_ask(content, name, Path(folder)).sheets)


# --- What the reader finds -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Found:
    """What the reader found: the sheets, the one that it read, and the columns left of that one's first."""

    sheets: list[str]
    sheet: str = ""
    left: int = 0


_FAULTS = {
    "password": ("This workbook is locked by a password.", "Save it without one."),
    "unreadable": (
        "This isn't a workbook that can be read.",
        "Save it anew as .xlsx or CSV, then upload that.",
    ),
    "no such sheet": ("There is no such sheet.", "Choose another one."),
    "empty": ("There is no table in it.", "A table needs a header and a row below."),
}


def _ask(content: bytes, name: str, folder: Path, target: str = "", sheet: str = "") -> _Found:
    """Have the sheets named, and one written if there is a target, where memory and time are limited."""
    _check_size(content, name)
    (folder / "book").write_bytes(content)
    try:
        process = subprocess.run(
            [sys.executable, "-I", str(_READER), "book", target, sheet],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise DataError(
            "This workbook is damaged, or too large to be read.",
            where=name,
            remedy="Save the table alone as CSV, then upload that.",
        ) from None
    answer = json.loads(process.stdout)
    if fault := answer.get("fault"):
        what, remedy = _FAULTS[fault]
        place = f"{name}, sheet “{sheet[:40]}”" if sheet else name
        raise DataError(what, where=place, remedy=remedy)
    return _Found(**answer)


def _check_size(content: bytes, name: str) -> None:
    """Refuse what says that it is too large; what lies about its size is stopped by the reader's limits."""
    if not content.startswith(b"PK"):
        return  # .xls isn't packed
    size = sum(file.file_size for file in packed.entries(content, name))
    if size > _MOST_UNPACKED:
        raise DataError(
            f"Unpacked it takes {size / 2**20:,.0f} MB; at most {_MOST_UNPACKED / 2**20:,.0f} MB fit.",
            where=name,
            remedy="Save the table alone as CSV, then upload that.",
        )


def _other_sheets(found: _Found) -> tuple[str, ...]:
    others = [sheet for sheet in found.sheets if sheet != found.sheet]
    if not others:
        return ()
    names = ", ".join(f"“{sheet}”" for sheet in others[:_NAMED]) + ", …" * (len(others) > _NAMED)
    return (f"This is the sheet “{found.sheet}”. Not read: {names}.",)


# --- The header ------------------------------------------------------------------------------------


def _names(rows: Path, place: str, left: int) -> tuple[list[str], bool]:
    """Give the columns' names, and whether they stand in the first row."""
    with rows.open(encoding="utf-8", newline="") as file:
        number, *first = next(csv.reader(file))
    unnamed = [f"column {_letters(left + n)}" for n in range(len(first))]
    if all(map(cells.is_value, first)):
        return unnamed, False
    filled = sum(map(bool, first))
    if len(first) > 1 and 2 * filled <= len(first) and all(first[:filled]):
        raise DataError(
            f"Row {number} names {filled} of {len(first)} columns.",
            where=place,
            remedy="Name each column, and delete what stands above the table.",
        )
    return [name or letters for name, letters in zip(first, unnamed, strict=True)], True


def _letters(column: int) -> str:
    """Name a column as spreadsheets do: A to Z, AA, AB, …"""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters, column = ascii_uppercase[letter] + letters, column - 1
    return letters
