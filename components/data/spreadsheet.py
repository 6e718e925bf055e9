"""Workbooks (.xlsx, .xls, .xlsb, .ods) to a table, or one clear sentence on why it can't be."""

import csv
import json
import subprocess
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase
from tempfile import TemporaryDirectory

from components.data import cells, extent, packed
from components.data.raw import Raw, raw
from components.errors import DataError
from components.recipe import End

_READER = Path(__file__).with_name("sheet_process.py")
_SECONDS = 60
_MOST_UNPACKED = 1 << 30  # bytes; workbooks are zipped
_NAMED = 5  # other sheets that a note names


def read(path: Path, name: str, sheet: str | None = None, keep: Sequence[End] = ()) -> Raw:
    """Read one sheet: what stands above and below its table is left out and noted.

    Of formulas, what they gave when the workbook was saved is read.

    Args:
        path: of the file.
        name: what to call it in messages.
        sheet: which one; by default the first that has a table.
        keep: at which ends nothing is left out.

    Raises:
        DataError: naming the sheet where that applies.
    """
    with cells.workbench(name) as (folder, base):
        rows = folder / "rows.csv"
        found = _ask(path, name, folder, rows.name, sheet or "")
        place = f"{name}, sheet “{found.sheet}”" if len(found.sheets) > 1 else name
        table = _table(rows, found.left, keep)
        filled = cells.fill(place, table.names, base, rows, skip=table.skip, rows=table.rows)
        named = found.sheet if len(found.sheets) > 1 else None
        return raw(filled, _other_sheets(found), table.cuts, named)


def sheets(path: Path, name: str) -> tuple[str, ...]:
    """Give the names of a workbook's sheets, those apart that are hidden.

    Raises:
        DataError: if it can't be read.
    """
    with TemporaryDirectory() as folder:
        return tuple(_ask(path, name, Path(folder)).sheets)


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


def _ask(path: Path, name: str, folder: Path, target: str = "", sheet: str = "") -> _Found:
    """Have the sheets named, and one written if there is a target, where memory and time are limited."""
    _check_size(path, name)
    try:
        process = subprocess.run(
            [sys.executable, "-I", str(_READER), str(path.resolve()), target, sheet],
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


def _check_size(path: Path, name: str) -> None:
    """Refuse what says that it is too large; what lies about its size is stopped by the reader's limits."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return  # .xls isn't packed
    size = sum(file.file_size for file in packed.entries(path, name))
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


# --- The table -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    """Where the table is among the rows that were written.

    Attributes:
        names: of its columns.
        skip: rows before its first one, the header included.
        rows: how many it has.
        cuts: what stands above and below it.
    """

    names: list[str]
    skip: int
    rows: int
    cuts: tuple[extent.Cut, ...]


def _table(path: Path, left: int, keep: Sequence[End]) -> _Table:
    head, tail, total = _ends(path)
    above = extent.above([row for _, row in head])
    header = extent.has_names(head[above][1])
    usual = extent.usual_width([row for _, row in head[above + header :]])
    below = min(extent.below([row for _, row in tail], usual), max(0, total - above - header - 1))
    cuts = extent.cuts(head[:above], tail[len(tail) - below :], keep)
    start = 0 if "above" in keep else above
    end = total if "below" in keep else total - below
    first = head[start][1]
    header = extent.has_names(first)
    letters = [f"column {_letters(left + n)}" for n in range(len(first))]
    names = [name or letter for name, letter in zip(first, letters, strict=True)] if header else letters
    return _Table(names, start + header, end - start - header, cuts)


_Numbered = list[tuple[int, list[str]]]


def _ends(path: Path) -> tuple[_Numbered, _Numbered, int]:
    """Give the first and the last rows with their numbers in the sheet, and how many there are in all."""
    total = 0
    head: _Numbered = []
    tail: deque[tuple[int, list[str]]] = deque(maxlen=extent.LOOKED_AT)
    with path.open(encoding="utf-8", newline="") as file:
        for number, *row in csv.reader(file):
            total += 1
            tail.append((int(number), row))
            if total <= extent.LOOKED_AT:
                head.append((int(number), row))
    return head, list(tail), total


def _letters(column: int) -> str:
    """Name a column as spreadsheets do: A to Z, AA, AB, …"""
    letters = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        letters, column = ascii_uppercase[letter] + letters, column - 1
    return letters
