"""Reads one sheet of a workbook in a process of its own, whose memory and time are limited.

A workbook of 2 kB with a number in its last cell makes the reader ask for 500 GB, and then it takes the whole
process down. Run as a script; it uses nothing of Unroll, so it starts at once.

Arguments: the workbook; the file to write, or nothing to only name the sheets; the name of the sheet, or
nothing for the first that has a table. Writes rows as
`components.data.tables.staging_table.write_numbered_rows` does, and prints what it found as JSON.
"""

import csv
import datetime
import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    WorksheetNotFound,
    load_workbook,
)

MEMORY = 3 << 29  # bytes
SECONDS = 60

Value = str | bool | int | float | datetime.date | datetime.time | datetime.timedelta


def main(source: str, target: str, name: str) -> dict[str, object]:
    """Write the sheet's rows → what it is, or the fault that was found."""
    try:
        workbook = load_workbook(source)
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if not target:
            return {"sheets": names}
        sheet = _sheet(workbook, name) if name else _find_table_sheet(workbook, names)
        if sheet is None and name:
            return {"sheets": names, "fault": "no such sheet"}
        if sheet is None or not sheet.height:
            return {"sheets": names, "fault": "empty"}
        with Path(target).open("w", encoding="utf-8", errors="replace", newline="") as file:
            csv.writer(file, lineterminator="\r\n").writerows(_filled_rows(sheet))
    except PasswordError:
        return {"fault": "password"}
    except CalamineError:
        return {"fault": "unreadable"}
    return {"sheets": names, "sheet": sheet.name, "left": (sheet.start or (0, 0))[1]}


def _find_table_sheet(workbook: CalamineWorkbook, names: list[str]) -> CalamineSheet | None:
    """Find the first sheet that has two rows and a number; if none has a number, the first with two rows."""
    tables = [sheet for name in names if (sheet := _sheet(workbook, name)) and sheet.height > 1]
    for sheet in tables:
        if any(type(value) in {int, float} for row in sheet.iter_rows() for value in row):
            return sheet
    return next(iter(tables), None)


def _sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet | None:
    with suppress(WorksheetNotFound):
        return workbook.get_sheet_by_name(name)
    return None


def _filled_rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Yield the rows that aren't empty, each with the number that it has in the sheet."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [_cell_text(value) for value in row]
        if any(cells):
            yield [str(number), *cells]


def _cell_text(value: Value) -> str:
    match value:
        case str():
            return value.replace("\0", "").strip()
        case bool():
            return str(value).lower()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime.datetime():
            return value.isoformat(sep=" ")
        case datetime.date() | datetime.time():
            return value.isoformat()
    return str(value)


if __name__ == "__main__":
    with suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    print(json.dumps(main(*sys.argv[1:])))  # noqa: T201 - this is how it answers
