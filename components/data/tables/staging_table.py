"""The cells of any file as text, in a database that holds more of them than memory does."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from components.errors import DataError
from components.recipe import MOST_COLUMNS

if TYPE_CHECKING:
    import duckdb

MOST_CELLS = 50_000_000
_LONGEST_ROW = 1 << 25  # bytes; a workbook's cells hold 32 kB each
_MEMORY = "1GB"  # what DuckDB may take before it turns to its file


@dataclass(frozen=True)
class StagingTable:
    """Cells in the order of the file's rows. Records and columns are counted from 0.

    Attributes:
        name: what to call the file in messages.
        names: of the columns.
        database: holds the table `cells`, whose columns c0, c1, … are text; an empty cell is NULL.
        record_name: tells where a record stands, such as "row 3", also once the base is closed.
    """

    name: str
    names: tuple[str, ...]
    database: "duckdb.DuckDBPyConnection"
    record_name: Callable[[int], str]


# --- Filling the table of cells --------------------------------------------------------------------


@contextmanager
def staging_database(name: str) -> Iterator[tuple[Path, "duckdb.DuckDBPyConnection"]]:
    """Return a folder and a database in it, both gone afterwards.

    Raises:
        DataError: if the file of that name takes more memory than there is.
    """
    # Here and not above, for this takes 35 MB that a server without uploads can do without.
    import duckdb  # noqa: PLC0415

    with TemporaryDirectory() as folder:
        options: dict[str, Any] = {"memory_limit": _MEMORY, "temp_directory": folder}
        try:
            with duckdb.connect(Path(folder) / "cells.duckdb", config=options) as base:
                # Nobody opens it again, and putting its file in order takes as much memory as the cells.
                base.execute("PRAGMA disable_checkpoint_on_shutdown")
                base.execute("SET enable_progress_bar = false")  # it would write to the server's log
                yield Path(folder), base
        except duckdb.OutOfMemoryException:
            raise DataError(
                "This table is too large.", where=name, remedy="Upload a shorter part of it."
            ) from None


def write_numbered_rows(path: Path, rows: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Write numbered rows of equal length, for `load_staging_table` to take up."""
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerows([number, *(cell.replace("\0", "") for cell in cells)] for number, cells in rows)


def load_staging_table(
    name: str,
    names: Sequence[str],
    base: "duckdb.DuckDBPyConnection",
    path: Path,
    *,
    skip: int = 0,
    rows: int | None = None,
    word: str = "row",
) -> StagingTable:
    """Make the cells out of rows that `write_numbered_rows`, or what writes like it, has written.

    Args:
        name: what to call the file in messages.
        names: of the columns, without that of the row's number.
        base: an empty database.
        path: the rows.
        skip: how many of them come before the table.
        rows: how many the table has; None: all that follow.
        word: what people call a row of this kind of file.
    """
    check_width(name, len(names))
    columns = {"place": "BIGINT"} | {f"c{number}": "VARCHAR" for number in range(len(names))}
    most = "ALL" if rows is None else rows
    base.execute(
        "CREATE TABLE cells AS SELECT place, nullif(trim(COLUMNS(* EXCLUDE place)), '') "
        "FROM read_csv($path, columns=$columns, header=false, auto_detect=false, delim=',', quote='\"', "
        f"escape='\"', comment='', new_line='\\r\\n', max_line_size=$longest) LIMIT {most} OFFSET {skip}",
        {"path": str(path), "columns": columns, "longest": _LONGEST_ROW},
    )

    return StagingTable(name, tuple(names), base, _record_names(base, word))


def _record_names(base: "duckdb.DuckDBPyConnection", word: str) -> Callable[[int], str]:
    """Keep where each record stands: in one number, where they follow each other."""
    count, first, last = base.execute("SELECT count(*), min(place), max(place) FROM cells").fetchall()[0]
    if count and last - first + 1 == count:
        return lambda record: f"{word} {first + record}"
    rows = base.execute("SELECT place FROM cells").fetchnumpy()["place"]
    return lambda record: f"{word} {rows[record]}"


def check_width(name: str, columns: int) -> None:
    """Raise a DataError if a table is too wide, or has no columns at all."""
    if not columns:
        raise DataError("The table has no columns.", where=name, remedy="Choose another file.")
    if columns > MOST_COLUMNS:
        raise DataError(
            f"The table has {columns:,} columns; at most {MOST_COLUMNS} are allowed.",
            where=name,
            remedy="Keep only the columns that matter. Each row should be one time step.",
        )
