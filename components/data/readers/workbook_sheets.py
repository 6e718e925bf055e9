"""The sheets of a workbook (.xlsx, .xls, .xlsb, .ods), and the rows of one of them as text.

A workbook of 2 kB with a number in its last cell makes the library ask for 500 GB: whoever may be given such
a one calls this where memory is limited (`components.data.isolation`).
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from components.data.tables.staging_table import write_numbered_rows
from components.errors import DataError

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_Value = str | bool | int | float | datetime.date | datetime.time | datetime.timedelta


@dataclass(frozen=True)
class SheetRows:
    """Which sheet's rows were written.

    Attributes:
        sheets: names of all that aren't hidden.
        sheet: name of the one.
        left: empty columns at its left.
    """

    sheets: tuple[str, ...]
    sheet: str
    left: int


def sheet_names(path: Path, name: str) -> tuple[str, ...]:
    """Return the names of a workbook's sheets, those apart that are hidden.

    Raises:
        DataError: if it can't be read.
    """
    with _opened(path, name) as workbook:
        return _visible_names(workbook)


def write_sheet(path: Path, target: Path, name: str, sheet: str | None = None) -> SheetRows:
    """Write a sheet's rows as `write_numbered_rows` does.

    Args:
        path: of the workbook.
        target: takes the rows.
        name: what to call the file in messages.
        sheet: which one; by default the first that has a table.

    Raises:
        DataError: if the workbook can't be read, or there is no such sheet or nothing in it.
    """
    place = f"{name}, sheet “{sheet[:40]}”" if sheet else name
    with _opened(path, name) as workbook:
        names = _visible_names(workbook)
        found = _sheet(workbook, sheet) if sheet else _find_table_sheet(workbook, names)
        if found is None and sheet:
            raise DataError("There is no such sheet.", where=place, remedy="Choose another one.")
        if found is None or not found.height:
            raise DataError(
                "There is no table in it.",
                where=place,
                remedy="A table needs a header and at least one row below it.",
            )
        write_numbered_rows(target, _filled_rows(found), name)
        return SheetRows(names, found.name, (found.start or (0, 0))[1])


@contextmanager
def _opened(path: Path, name: str) -> "Iterator[CalamineWorkbook]":
    # Here and not above, for a server without workbooks can do without.
    from python_calamine import CalamineError, PasswordError, load_workbook  # noqa: PLC0415

    try:
        yield load_workbook(str(path))
    except PasswordError:
        raise DataError(
            "This workbook is locked by a password.",
            where=name,
            remedy="Save it without a password, then upload it again.",
        ) from None
    except BaseException as failure:  # an OSError where what is packed is damaged
        if not (isinstance(failure, CalamineError | OSError) or _is_panic(failure)):
            raise
        raise DataError(
            "This workbook can't be read.",
            where=name,
            remedy="Save it again as .xlsx or CSV, then upload that.",
        ) from None


def _is_panic(failure: BaseException) -> bool:
    """Return whether calamine's Rust code gave up, as it does where a part of a workbook is missing.

    Such a failure is no `Exception`, and its class can't be imported.
    """
    return type(failure).__name__ == "PanicException"


def _visible_names(workbook: "CalamineWorkbook") -> tuple[str, ...]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    return tuple(
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    )


def _find_table_sheet(workbook: "CalamineWorkbook", names: tuple[str, ...]) -> "CalamineSheet | None":
    """Find the sheet with the most rows of numbers; if none has a number, the first with two rows."""
    tables = [sheet for name in names if (sheet := _sheet(workbook, name)) and sheet.height > 1]
    lengths = [_number_rows(sheet) for sheet in tables]
    return tables[lengths.index(max(lengths))] if tables else None


def _number_rows(sheet: "CalamineSheet") -> int:
    """Return how many rows of a sheet hold a number."""
    return sum(any(type(value) in {int, float} for value in row) for row in sheet.iter_rows())


def _sheet(workbook: "CalamineWorkbook", name: str) -> "CalamineSheet | None":
    from python_calamine import WorksheetNotFound  # noqa: PLC0415

    with suppress(WorksheetNotFound):
        return workbook.get_sheet_by_name(name)
    return None


def _filled_rows(sheet: "CalamineSheet") -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that aren't empty, each with the number that it has in the sheet.

    What stands in the first of cells that are merged downwards stands in all of them.
    """
    merged = _merged_downwards(sheet)
    held: dict[int, tuple[str, int]] = {}
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell_text(value) for value in row]
        for column, (text, last) in held.items():
            if number <= last and column < len(cells):
                cells[column] = cells[column] or text
        for column, last in merged.get(number, ()):
            if column < len(cells):
                held[column] = (cells[column], last)
        if any(cells):
            yield number, cells


def _merged_downwards(sheet: "CalamineSheet") -> dict[int, list[tuple[int, int]]]:
    """Return the columns whose cells are merged downwards and their last rows, by the first one's number."""
    left = (sheet.start or (0, 0))[1]
    found: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, end) in sheet.merged_cell_ranges or ():
        if column == end and last > first and column >= left:
            found.setdefault(first + 1, []).append((column - left, last + 1))
    return found


def _cell_text(value: _Value) -> str:
    match value:
        case str():
            return value.strip()
        case bool():
            return str(value).lower()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime.datetime():
            return value.isoformat(sep=" ")
        case datetime.date() | datetime.time():
            return value.isoformat()
    return str(value)
