"""JSON and JSON lines to a table, or one clear sentence on why it can't be."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from components.data.parsing.encoding import transcribe
from components.data.readers.json_tables import REMEDY, Number, RecordRows, Value, find_table, record_rows
from components.data.tables import staging_table
from components.data.tables.raw_table import RawTable, build_raw_table
from components.errors import DataError

_MOST_BYTES = 50 << 20  # of one value, for in memory it takes many times its size
# Escapes of JSON as they stand in the text: a backslash that is escaped itself begins none.
_ESCAPES = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def read_json(path: Path, name: str) -> RawTable:
    """Read JSON: records, columns, rows or series in any shape that programs write them, and JSON lines.

    What is nested in a record becomes columns with dotted names; a list in one becomes a text.

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


def _read_rows(path: Path, name: str, rows_of: Callable[[Path, str], RecordRows]) -> RawTable:
    with staging_table.staging_database(name) as (folder, base):
        text, written = folder / "text", folder / "rows.csv"
        with path.open("rb") as source, text.open("wb") as target:
            notes = transcribe(source, target, name)
        try:
            rows = rows_of(text, name)
            staging_table.check_width(name, len(rows.names))
            staging_table.write_numbered_rows(written, rows.rows, name, rows.word)
        except RecursionError:
            raise DataError("It is nested too deeply.", where=name, remedy=REMEDY) from None
        return build_raw_table(
            staging_table.load_staging_table(name, rows.names, base, written, word=rows.word),
            (*notes, *rows.notes),
        )


def _json_rows(text: Path, name: str) -> RecordRows:
    try:
        return find_table(_parse_json(text, name), name)
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":  # after the first value
            raise _invalid_json_error(name, error.lineno) from None
        return _line_rows(text, name)


def _parse_json(text: Path, name: str) -> Value:
    if text.stat().st_size > _MOST_BYTES:
        raise DataError(
            f"JSON files may have at most {_MOST_BYTES / 2**20:,.0f} MB.",
            where=name,
            remedy="Write one record per line (JSON Lines), or use CSV or Parquet.",
        )
    return _load_value(text.read_text(encoding="utf-8"), name)


def _load_value(text: str, name: str, line: int = 1) -> Value:
    """Load a value that begins in that line of the file."""
    if "\\ud" in text or "\\uD" in text:
        _check_surrogates(text, name, line)
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number)


def _check_surrogates(text: str, name: str, line: int) -> None:
    """Refuse half a character: JSON can write one, but no file of text can hold it."""
    for found in _ESCAPES.finditer(text):
        if found["lone"]:
            raise DataError(
                f"“\\{found['lone']}” is a lone surrogate, which is only half of a character.",
                where=f"{name}, line {line + text.count(chr(10), 0, found.start())}",
                remedy="Remove it, or save the file again.",
            )


def _invalid_json_error(name: str, line: int) -> DataError:
    return DataError("This isn't valid JSON.", where=f"{name}, line {line}", remedy="Save the file again.")


# --- JSON lines ------------------------------------------------------------------------------------


def _line_rows(text: Path, name: str) -> RecordRows:
    def records() -> Iterator[tuple[int, Value]]:
        with text.open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    try:
                        yield number, _load_value(line, name, number)
                    except json.JSONDecodeError:
                        raise _invalid_json_error(name, number) from None

    return record_rows(records, name, "line")
