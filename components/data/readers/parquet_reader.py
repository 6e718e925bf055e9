"""Parquet to a table, or one clear sentence on why it can't be."""

from pathlib import Path

from components.data.tables import staging_table
from components.data.tables.raw_table import RawTable, build_raw_table
from components.data.tables.record_names import RecordNames
from components.errors import DataError

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
            _check_length(name, int(rows), len(columns))
            # As text, like the cells of any file; times that have a zone turn to UTC.
            texts = ", ".join(
                f"nullif(trim(CAST({_quote_identifier(column)} AS VARCHAR)), '') AS c{n}"
                for n, column in enumerate(columns)
            )
            base.execute("SET TimeZone = 'UTC'")
            base.execute(
                f"CREATE TABLE cells AS SELECT {texts} FROM read_parquet($path)", {"path": str(path)}
            )
        except duckdb.Error:
            raise DataError(
                "This isn't a complete Parquet file.", where=name, remedy="Save it again, then upload that."
            ) from None
        names = tuple(_INDEX_NAMES.get(column, column).strip() for column in columns)
        return build_raw_table(staging_table.StagingTable(name, names, base, RecordNames()))


def _check_length(name: str, rows: int, columns: int) -> None:
    """Refuse what a few bytes can blow up to: Parquet writes what repeats but once."""
    if rows * columns > staging_table.MOST_CELLS:
        raise DataError(
            f"It has {rows:,} rows and {columns} columns; at most {staging_table.MOST_CELLS:,} cells are "
            "allowed.",
            where=name,
            remedy="Keep only the columns that matter, or fewer rows.",
        )


def _quote_identifier(column: str) -> str:
    """Write a column's name so that SQL takes it for nothing else."""
    return '"' + column.replace('"', '""') + '"'
