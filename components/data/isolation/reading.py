"""What a file holds, read in a process of its own: `formats.read` for the files of strangers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from components.data.datasets import Dataset, Provenance
from components.data.isolation.handover import hand_over, held_bytes, take_over
from components.data.isolation.process_pool import process_pool, request_folder, run
from components.data.isolation.requests import RESULT, TABLE, FileToRead, SheetsToName, TableToConvert
from components.data.tables.raw_table import RawTable
from components.data.tables.table_kinds import read_as_chosen
from components.recipe import Upload
from components.settings import settings

_SMALL_BYTES = 1 << 20


def is_small(table: RawTable) -> bool:
    """Return whether a table is so small that nothing which is done with it can take long or much."""
    return held_bytes(table) <= _SMALL_BYTES


def give_table(table: RawTable, folder: Path) -> None:
    """Put a table where a reading process looks for it."""
    (folder / TABLE).mkdir()
    hand_over(table, folder / TABLE)


def prestart() -> None:
    """Start what reads, so that a file that comes soon is read at once."""
    process_pool().prestart()


def read(path: Path, reference: Upload, provenance: Provenance) -> RawTable | Dataset:
    """Return what a file holds: a table as it came, or a dataset of another kind.

    Args:
        path: where the file lies.
        reference: of the file, with all that a person chose of how to read it.
        provenance: of the data.

    Raises:
        DataError: if it can't be read, or takes more memory, time or disk than the server grants.
    """
    granted = settings()
    work = FileToRead(
        path=str(path.resolve()),
        reference=reference,
        provenance=provenance,
        most_unpacked=granted.upload_bytes,
        most_held=granted.table_bytes,
    )
    with request_folder() as folder:
        run(work, folder, reference.name)
        return take_over(folder / RESULT)


def convert(table: RawTable, reference: Upload, provenance: Provenance) -> RawTable | Dataset:
    """Return a file's table as what its reference says that the rows are.

    Args:
        table: what the file holds.
        reference: of the file.
        provenance: of the data.

    Raises:
        DataError: if it can't be read as that.
    """
    with _converted(table, reference, provenance) as found:
        return take_over(found) if isinstance(found, Path) else found


def check_convertible(table: RawTable, reference: Upload, provenance: Provenance) -> None:
    """Hold that a file's table can be read as what its reference says. Nothing of it is taken over.

    Arguments and errors are those of `convert`.
    """
    with _converted(table, reference, provenance):
        pass


@contextmanager
def _converted(
    table: RawTable, reference: Upload, provenance: Provenance
) -> Iterator[RawTable | Dataset | Path]:
    """Yield what a table is read as, or the folder in which it lies to be taken over."""
    if is_small(table):
        yield read_as_chosen(table, reference, provenance)
        return
    work = TableToConvert(reference=reference, provenance=provenance, most_held=settings().table_bytes)
    with request_folder() as folder:
        give_table(table, folder)
        run(work, folder, reference.name)
        yield folder / RESULT


def sheet_names(path: Path, reference: Upload) -> tuple[str, ...]:
    """Return the names of a workbook's sheets; none where the file isn't one. Errors are those of `read`."""
    work = SheetsToName(path=str(path.resolve()), reference=reference, most_unpacked=settings().upload_bytes)
    with request_folder() as folder:
        return run(work, folder, reference.name).sheets
