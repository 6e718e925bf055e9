"""The cells of any file as text, in a database that holds more of them than memory does."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from components.data.tables.record_names import RecordNames
from components.errors import DataError
from components.recipe import MOST_NAMED_COLUMNS

if TYPE_CHECKING:
    import duckdb

MOST_CELLS = 50_000_000
MOST_CHARACTERS = 500_000_000
"""In all cells of a table together."""
LONGEST_CELL = 1 << 20
"""Characters that a cell may have."""
LONGEST_ROW = 1 << 22
"""Characters that all cells of a row may have."""
LONGEST_LINE = 2_000_000
"""Bytes that a line of delimited text may have."""
_LONGEST_WRITTEN = 8 * LONGEST_ROW  # bytes that a row may take where it is written
_MOST_SPILLED = "2GB"  # what DuckDB may put into files
csv.field_size_limit(LONGEST_CELL)  # the library's own is an eighth of it
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
    record_name: RecordNames


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
        options: dict[str, Any] = {
            "memory_limit": _MEMORY,
            "temp_directory": folder,
            "max_temp_directory_size": _MOST_SPILLED,
        }
        try:
            with duckdb.connect(Path(folder) / "cells.duckdb", config=options) as base:
                # Nobody opens it again, and putting its file in order takes as much memory as the cells.
                base.execute("PRAGMA disable_checkpoint_on_shutdown")
                base.execute("SET enable_progress_bar = false")  # it would write to the server's log
                yield Path(folder), base
        except (duckdb.OutOfMemoryException, duckdb.IOException):  # the latter, where a file grew too large
            raise DataError(
                "This table is too large.", where=name, remedy="Upload a shorter part of it."
            ) from None


def write_numbered_rows(
    path: Path, rows: Iterable[tuple[int, Sequence[str]]], name: str, word: str = "row"
) -> None:
    """Write numbered rows of equal length, for `load_staging_table` to take up.

    Args:
        path: takes them.
        rows: each with its number.
        name: what to call the file in messages.
        word: what people call a row of this kind of file.

    Raises:
        DataError: if a cell is too long, or there are too many of them.
    """
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        count = size = 0
        for number, cells in rows:
            lengths = [*map(len, cells)]
            if max(lengths, default=0) > LONGEST_CELL:
                raise long_cell_error(f"{name}, {word} {number}")
            if sum(lengths) > LONGEST_ROW:
                raise DataError(
                    f"This {word} has too many characters; at most {LONGEST_ROW:,} are allowed.",
                    where=f"{name}, {word} {number}",
                    remedy="Keep only the columns that matter.",
                )
            count, size = count + len(cells), size + sum(lengths)
            check_size(name, count, size)
            writer.writerow([number, *(cell.replace("\0", "") for cell in cells)])


def check_size(name: str, cells: int, characters: int = 0) -> None:
    """Raise a DataError if a table has too many cells, or too much stands in them."""
    if cells > MOST_CELLS:
        raise DataError(
            f"The table has too many cells; at most {MOST_CELLS:,} are allowed.",
            where=name,
            remedy="Keep only the columns that matter, or fewer rows.",
        )
    if characters > MOST_CHARACTERS:
        raise DataError(
            f"The table holds too much text; at most {MOST_CHARACTERS / 1e6:,.0f} million characters are "
            "allowed.",
            where=name,
            remedy="Keep only the columns that matter, or fewer rows.",
        )


def long_cell_error(where: str) -> DataError:
    """Return what is said of a cell that is too long."""
    return DataError(
        f"A cell has too many characters; at most {LONGEST_CELL:,} are allowed.",
        where=where,
        remedy="Shorten it, then upload the file again.",
    )


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
        {"path": str(path), "columns": columns, "longest": _LONGEST_WRITTEN},
    )

    return StagingTable(name, tuple(names), base, _record_names(base, word))


def _record_names(base: "duckdb.DuckDBPyConnection", word: str) -> RecordNames:
    """Keep where each record stands: in one number, where they follow each other."""
    count, first, last = base.execute("SELECT count(*), min(place), max(place) FROM cells").fetchall()[0]
    if count and last - first + 1 == count:
        return RecordNames(int(first), word)
    places = base.execute("SELECT place FROM cells").fetchnumpy()["place"]
    return RecordNames(0, word, np.asarray(places))


def check_width(name: str, columns: int) -> None:
    """Raise a DataError if a table is too wide, or has no columns at all."""
    if not columns:
        raise DataError("The table has no columns.", where=name, remedy="Choose another file.")
    if columns > MOST_NAMED_COLUMNS:
        raise DataError(
            f"The table has {columns:,} columns; at most {MOST_NAMED_COLUMNS:,} are allowed.",
            where=name,
            remedy="Keep only the columns that matter. Each row should be one time step.",
        )
