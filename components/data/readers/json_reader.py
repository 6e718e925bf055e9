"""JSON and JSON lines to a table, or one clear sentence on why it can't be."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from components.data.parsing.encoding import transcribe
from components.data.tables import staging_table
from components.data.tables.raw_table import RawTable, build_raw_table
from components.data.tables.table_bounds import may_be_header
from components.errors import DataError

_MOST_BYTES = 50 << 20  # of one value, for in memory it takes many times its size
_REMEDY = "Write a list of records with the same names, such as [{“day”: “2020-12-31”, “price”: 1.5}, …]."


_Scalar = str | bool | None  # numbers stay as they are written
_Value = Any  # of JSON


def read_json(path: Path, name: str) -> RawTable:
    """Read JSON: a list of records, an object of columns, or an object that holds one of these.

    JSON lines too, where there are several. What is nested deeper becomes a text.

    Args:
        path: of the file.
        name: what to call it in messages.

    Raises:
        DataError: naming record or line where that applies, both counted from 1.
    """
    return _read_rows(path, name, _json_rows)


def read_json_lines(path: Path, name: str) -> RawTable:
    """Read JSON lines: an object a line, of which each is a row.

    Raises:
        DataError: naming the line where that applies; lines are counted from 1.
    """
    return _read_rows(path, name, _line_rows)


@dataclass(frozen=True)
class _RecordRows:
    """Numbered rows, all as long as the names, and what people call one of them."""

    names: Sequence[str]
    rows: Iterable[tuple[int, list[str]]]
    word: str = "record"


def _read_rows(path: Path, name: str, rows_of: Callable[[Path, str], _RecordRows]) -> RawTable:
    with staging_table.staging_database(name) as (folder, base):
        text, written = folder / "text", folder / "rows.csv"
        with path.open("rb") as source, text.open("wb") as target:
            notes = transcribe(source, target, name)
        rows = rows_of(text, name)
        staging_table.check_width(name, len(rows.names))
        staging_table.write_numbered_rows(written, rows.rows, name, rows.word)
        return build_raw_table(
            staging_table.load_staging_table(name, rows.names, base, written, word=rows.word), notes
        )


def _json_rows(text: Path, name: str) -> _RecordRows:
    try:
        return _find_table(_parse_json(text, name), name)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":  # after the first value
            raise _invalid_json_error(name, error.lineno) from None
        return _line_rows(text, name)


def _parse_json(text: Path, name: str) -> _Value:
    if text.stat().st_size > _MOST_BYTES:
        raise DataError(
            f"JSON files may have at most {_MOST_BYTES / 2**20:,.0f} MB.",
            where=name,
            remedy="Write one record per line (JSON Lines), or use CSV or Parquet.",
        )
    return _load_value(text.read_text(encoding="utf-8"), name)


def _load_value(text: str, name: str) -> _Value:
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        raise DataError("It is nested too deeply.", where=name, remedy=_REMEDY) from None


def _invalid_json_error(name: str, line: int) -> DataError:
    return DataError("This isn't valid JSON.", where=f"{name}, line {line}", remedy="Save the file again.")


# --- JSON lines ------------------------------------------------------------------------------------


def _line_rows(text: Path, name: str) -> _RecordRows:
    def records() -> Iterator[tuple[int, _Value]]:
        with text.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        yield number, _load_value(line, name)
                    except json.JSONDecodeError:
                        raise _invalid_json_error(name, number) from None

    return _record_rows(records, name, "line")


# --- The shapes that tables take -------------------------------------------------------------------


def _find_table(value: _Value, name: str) -> _RecordRows:
    """Find the table in a value.

    Raises:
        DataError: if there is none, or more than one.
    """
    match value:
        case [dict(), *_]:
            return _record_rows(lambda: enumerate(value, 1), name)
        case [list(), *_]:
            return _list_rows(value, name)
        case [_, *_]:
            return _column_rows({"value": value}, name)
        case dict() if value:
            return _find_table_in_object(value, name)
    raise _no_table_error(name)


def _find_table_in_object(parts: Mapping[str, _Value], name: str) -> _RecordRows:
    """Find the table in an object: it is one, by columns, or one of its parts is."""
    match parts:
        case {"columns": [*names], "data": [list(), *_] as rows}:
            return _list_rows([names, *rows], name)
    if all(map(_is_column, parts.values())):
        return _column_rows(parts, name)
    if all(isinstance(part, dict) for part in parts.values()):
        return _keyed_column_rows(parts)
    tables = [part for part in parts.values() if _may_be_table(part)]
    if len(tables) == 1:
        return _find_table(tables[0], name)
    raise _no_table_error(name)


def _no_table_error(name: str) -> DataError:
    return DataError("The file holds no table.", where=name, remedy=_REMEDY)


def _record_rows(
    records: Callable[[], Iterable[tuple[int, _Value]]], name: str, word: str = "record"
) -> _RecordRows:
    """Make rows of objects; each name that one of them has is a column."""
    names: dict[str, None] = {}
    for number, record in records():
        if not isinstance(record, dict):
            raise DataError(
                "This record isn't an object with names and values.",
                where=f"{name}, {word} {number}",
                remedy=_REMEDY,
            )
        names.update(dict.fromkeys(record))
    rows = ((number, [_cell_text(record.get(key)) for key in names]) for number, record in records())
    return _RecordRows(list(names), rows, word)


def _list_rows(lists: list[_Value], name: str) -> _RecordRows:
    """Make rows of lists; the first may hold the names."""
    width = len(lists[0])
    for number, row in enumerate(lists, 1):
        if not isinstance(row, list) or len(row) != width:
            raise DataError(
                f"This isn't a list of {width} values like the first one.",
                where=f"{name}, record {number}",
                remedy=_REMEDY,
            )
    first = [_cell_text(cell) for cell in lists[0]]
    rows = ((number, [_cell_text(cell) for cell in row]) for number, row in enumerate(lists, 1))
    if not may_be_header(first):
        return _RecordRows([f"column {number}" for number in range(1, width + 1)], rows)
    return _RecordRows(first, islice(rows, 1, None))


def _column_rows(columns: Mapping[str, list[_Scalar]], name: str) -> _RecordRows:
    first, length = next((key, len(column)) for key, column in columns.items())
    for key, column in columns.items():
        if len(column) != length:
            raise DataError(
                f"“{key[:40]}” has {len(column):,} values, but “{first[:40]}” has {length:,}.",
                where=name,
                remedy=_REMEDY,
            )
    rows = enumerate(zip(*columns.values(), strict=True), 1)
    return _RecordRows(list(columns), ((number, [_cell_text(cell) for cell in row]) for number, row in rows))


def _keyed_column_rows(columns: Mapping[str, Mapping[str, _Value]]) -> _RecordRows:
    """Make rows of columns that give each value with the name of its row, as pandas writes them."""
    keys = list(dict.fromkeys(key for column in columns.values() for key in column))
    rows = ([_cell_text(column.get(key)) for column in columns.values()] for key in keys)
    if keys == [str(number) for number in range(len(keys))]:
        return _RecordRows(list(columns), enumerate(rows, 1))
    named = ([key, *row] for key, row in zip(keys, rows, strict=True))
    return _RecordRows(["index", *columns], enumerate(named, 1))


def _is_column(value: _Value) -> bool:
    return isinstance(value, list) and not any(isinstance(cell, dict | list) for cell in value)


def _may_be_table(value: _Value) -> bool:
    match value:
        case [dict() | list(), *_]:
            return True
        case dict():
            return bool(value) and all(map(_is_column, value.values()))
    return False


def _cell_text(value: _Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).lower()
    return json.dumps(value, ensure_ascii=False)
