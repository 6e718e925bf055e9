"""Parquet to a table, or one clear sentence on why it can't be."""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from components.data.tables import staging_table
from components.data.tables.raw_table import RawTable, build_raw_table
from components.data.tables.record_names import RecordNames
from components.errors import DataError

if TYPE_CHECKING:
    import duckdb

_ZONE = re.compile(r"[A-Za-z_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}|[+-]\d\d:\d\d")
_INDEX_NAMES = {"__index_level_0__": "index"}  # what pandas calls an index without a name


def read_parquet(path: Path, name: str) -> RawTable:
    """Read a Parquet file.

    Args:
        path: of the file.
        name: what to call it in messages.

    Raises:
        DataError: if it is damaged or too large.
    """
    with staging_table.staging_database(name) as (_, base):
        import duckdb  # noqa: PLC0415 - see `workbench`

        try:
            found = base.execute("DESCRIBE SELECT * FROM read_parquet($path)", {"path": str(path)}).fetchall()
            columns = [column for column, *_ in found]
            staging_table.check_width(name, len(columns))
            (rows,) = base.execute(
                "SELECT sum(num_rows) FROM parquet_file_metadata($path)", {"path": str(path)}
            ).fetchall()[0]
            staging_table.check_size(name, int(rows) * len(columns))
            _check_texts(base, path, name, columns)
            # As text, like the cells of any file.
            meanings = _meanings(path)
            cells = (meanings.get(column, "{}").format(_quote_identifier(column)) for column in columns)
            texts = ", ".join(
                f"nullif(trim(CAST({cell} AS VARCHAR)), '') AS c{n}" for n, cell in enumerate(cells)
            )
            base.execute("SET TimeZone = 'UTC'")
            base.execute(
                f"CREATE TABLE cells AS SELECT {texts} FROM read_parquet($path)", {"path": str(path)}
            )
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            raise DataError(
                "This isn't a complete Parquet file.", where=name, remedy="Save it again, then upload that."
            ) from None
        names = tuple(_INDEX_NAMES.get(column, column).strip() for column in columns)
        return build_raw_table(staging_table.StagingTable(name, names, base, RecordNames()))


# When periods of pandas begin that are counted since 1970, by the name of their frequency.
_PERIODS = {
    "Y": "make_date(1970 + {}::INT, 1, 1)",
    "A": "make_date(1970 + {}::INT, 1, 1)",
    "Q": "DATE '1970-01-01' + INTERVAL (3 * {}) MONTH",
    "M": "DATE '1970-01-01' + INTERVAL ({}) MONTH",
    "D": "DATE '1970-01-01' + INTERVAL ({}) DAY",
    "H": "TIMESTAMP '1970-01-01' + INTERVAL ({}) HOUR",
    "min": "TIMESTAMP '1970-01-01' + INTERVAL ({}) MINUTE",
    "T": "TIMESTAMP '1970-01-01' + INTERVAL ({}) MINUTE",
    "S": "TIMESTAMP '1970-01-01' + INTERVAL ({}) SECOND",
}
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def _meanings(path: Path) -> dict[str, str]:
    """Return SQL for the columns that hold more than their numbers say: times of a zone, and periods."""
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError):  # DuckDB reads some files that Arrow doesn't
        return {}
    found = {}
    for one in schema:
        zone = getattr(one.type, "tz", None)
        if zone and zone not in {"UTC", "Etc/UTC", "GMT", "+00:00"} and _ZONE.fullmatch(zone):
            found[one.name] = _local_time(zone)
        period = _period_expression(_period_frequency(one))
        if period is not None:
            found[one.name] = period
    return found


def _period_frequency(column: pa.Field) -> str:
    """Return the frequency of pandas' periods, such as M or W-SUN; empty for other columns."""
    frequency = getattr(column.type, "freq", "")  # of the type that pandas makes known to Arrow
    metadata = column.metadata or {}
    if metadata.get(b"ARROW:extension:name") == b"pandas.period":
        frequency = json.loads(metadata.get(b"ARROW:extension:metadata", b"{}")).get("freq", "")
    return str(frequency)


def _period_expression(frequency: str) -> str | None:
    """Return SQL for the time at which a period begins; None where its frequency is unknown."""
    name, _, anchor = frequency.partition("-")
    if name == "W" and anchor in _WEEKDAYS:
        # A week that ends on Wednesday begins on the Thursday before.
        return f"DATE '1969-12-29' + INTERVAL (7 * ({{}} - 1) + {(_WEEKDAYS.index(anchor) + 1) % 7}) DAY"
    return _PERIODS.get(name) or _PERIODS.get(name.upper())


def _local_time(zone: str) -> str:
    """Return SQL for a time as the clocks of its zone show it, with its offset: what was a day stays one."""
    local = f"({{0}} AT TIME ZONE '{zone}')"
    if zone[0] in "+-":  # an offset
        ahead = int(f"{zone[0]}1") * (60 * int(zone[1:3]) + int(zone[4:6]))
        local = f"({{0}} AT TIME ZONE 'UTC' + INTERVAL ({ahead}) MINUTE)"
    minutes = f"(epoch({local}) - epoch({{0}} AT TIME ZONE 'UTC'))::INT // 60"
    return (
        f"strftime({local}, '%Y-%m-%d %H:%M:%S.%f') || printf('%s%02d:%02d', "
        f"CASE WHEN {minutes} < 0 THEN '-' ELSE '+' END, abs({minutes}) // 60, abs({minutes}) % 60)"
    )


def _check_texts(base: "duckdb.DuckDBPyConnection", path: Path, name: str, columns: Sequence[str]) -> None:
    """Refuse what a few bytes can blow up to: Parquet writes what repeats but once."""
    lengths = [f"strlen(CAST({_quote_identifier(column)} AS VARCHAR))" for column in columns]
    asked = ", ".join(f"coalesce(sum({length}), 0), coalesce(max({length}), 0)" for length in lengths)
    found = base.execute(f"SELECT {asked} FROM read_parquet($path)", {"path": str(path)}).fetchall()[0]
    if max(found[1::2]) > staging_table.LONGEST_CELL:
        column = columns[int(np.argmax(found[1::2]))]
        raise staging_table.long_cell_error(f"{name}, column “{column[:40]}”")
    staging_table.check_size(name, 0, int(sum(found[::2])))


def _quote_identifier(column: str) -> str:
    """Write a column's name so that SQL takes it for nothing else."""
    return '"' + column.replace('"', '""') + '"'
