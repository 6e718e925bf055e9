"""Files that visitors bring: kept as they came under a random name, and read again at each use."""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pandas as pd

from components.data.cleaning.doctor import settle
from components.data.cleaning.steps import clean_table, forms_panel, static_features
from components.data.cleaning.steps.step_description import describe_step
from components.data.datasets import Dataset, Provenance, Series, check_table
from components.data.readers import (
    archives,
    csv_reader,
    excel_reader,
    json_reader,
    non_tables,
    parquet_reader,
)
from components.data.tables.raw_table import RawTable
from components.data.tables.table_kinds import convert_table
from components.data.time_axis import usual_season
from components.errors import DataError
from components.recipe import LONGEST_NAME, CleaningStep, Preparation, TableKind, Upload
from components.settings import settings
from components.storage import Folder

# What reads a file, by the ending of its name. Each raises DataError where it can't.
READERS: dict[str, Callable[..., RawTable]] = {
    ".csv": csv_reader.read_csv,
    ".tsv": csv_reader.read_csv,
    ".txt": csv_reader.read_csv,
    ".xlsx": excel_reader.read_excel,
    ".xls": excel_reader.read_excel,
    ".xlsb": excel_reader.read_excel,
    ".ods": excel_reader.read_excel,
    ".parquet": parquet_reader.read_parquet,
    ".json": json_reader.read_json,
    ".jsonl": json_reader.read_json_lines,
    ".ndjson": json_reader.read_json_lines,
}
# What takes a file out of another, given where to put it, and the bytes that may come out.
UNPACKERS: dict[str, Callable[[Path, Path, str, int], str]] = {
    ".gz": archives.gunzip,
    ".zip": archives.unzip,
}
SUFFIXES = (*READERS, *non_tables.SUFFIXES, *UNPACKERS)
_WORKBOOK_READERS = {excel_reader.read_excel}
# What a person may choose of what they read, by the fields of the reference.
_READER_OPTIONS: dict[Callable[..., RawTable], tuple[str, ...]] = {
    csv_reader.read_csv: ("keep",),
    excel_reader.read_excel: ("sheet", "keep"),
}
_WORKBOOK_SUFFIXES = {
    ending for ending, reader in READERS.items() if reader in _WORKBOOK_READERS
} | UNPACKERS.keys()
_TEXT_READERS = {csv_reader.read_csv, json_reader.read_json, json_reader.read_json_lines}
# How files begin that aren't text, whatever their name says.
_SIGNATURES = {
    b"PK\x03\x04": "a workbook or a zip",
    b"\xd0\xcf\x11\xe0": "a workbook",
    b"\x1f\x8b": "packed by gzip",
    b"PAR1": "Parquet",
    b"%PDF": "a PDF",
}


def store(file: BinaryIO, name: str) -> Upload:
    """Store a file portion by portion. Whether it holds a table is still to be seen: `accept` it.

    Args:
        file: open; any position, for it is read from its beginning.
        name: its own name, shown to people; only its ending is looked at.

    Raises:
        DataError: if it is too large or of an unknown kind; then nothing is stored.
    """
    name = name.strip()[-LONGEST_NAME:] or "unnamed"
    most, size = settings().upload_bytes, file.seek(0, os.SEEK_END)
    if size > most:
        raise DataError(
            f"This file has {size / 2**20:,.1f} MB; at most {most / 2**20:,.0f} MB fit.",
            where=name,
            remedy="Bring a shorter stretch of it.",
        )
    if _suffix(name) not in SUFFIXES:
        raise _unknown_kind_error(name)
    reference = Upload(id=secrets.token_hex(16), name=name)
    file.seek(0)
    _folder().write_stream(reference.id, file)
    return reference


def accept(reference: Upload) -> tuple[Upload, RawTable | Dataset]:
    """Read a stored file: its table, and which sheet that is, or what it is instead.

    A file that can't be read isn't kept. Whether a table can be learnt from is the doctor's to say.

    Raises:
        DataError: if it can't be read.
    """
    try:
        found = read_non_table(reference) or read_table(reference)
    except DataError:
        _folder().remove(reference.id)
        raise
    if isinstance(found, Dataset):
        return reference, found
    sheet = found.sheet if found.sheet and _is_valid_sheet_name(found.sheet) else None
    return reference.model_copy(update={"sheet": sheet}), found


def read_table(reference: Upload) -> RawTable:
    """Read a kept file's table as it came.

    Raises:
        DataError: if it is no longer kept, has no such sheet, or can't be read.
    """
    with _table_file(reference) as (path, name):
        reader = READERS.get(_suffix(name))
        if reader is None:
            raise _unknown_kind_error(name)
        if reader in _TEXT_READERS:
            _check_signature(path, name)
        chosen = {field: getattr(reference, field) for field in _READER_OPTIONS.get(reader, ())}
        found = reader(path, name, **chosen)
    if not len(found.frame):
        raise DataError(
            "It has no rows, only the names of columns.",
            where=name,
            remedy="A table needs a row for each step in time.",
        )
    return found


def sheet_names(reference: Upload) -> tuple[str, ...]:
    """Return the names of a kept workbook's sheets; none where the file isn't a workbook.

    Raises:
        DataError: if it is no longer kept.
    """
    if _suffix(reference.name) not in _WORKBOOK_SUFFIXES:
        return ()
    with _table_file(reference) as (path, name):
        if READERS.get(_suffix(name)) not in _WORKBOOK_READERS:
            return ()
        return tuple(sheet for sheet in excel_reader.sheet_names(path, name) if _is_valid_sheet_name(sheet))


def steps_to_apply(raw: RawTable, preparation: Preparation) -> tuple[CleaningStep, ...]:
    """Return the mends that a table is loaded with: a recipe's own, else those that nobody would question."""
    if preparation.has_chosen_steps:
        return preparation.mends
    return settle(raw.frame, preparation)


def read_non_table(reference: Upload) -> Dataset | None:
    """Read a kept file that isn't one table of numbers; None where it is.

    Raises:
        DataError: if it is no longer kept.
    """
    if reference.shape:
        return read_table_as(reference, reference.shape, read_table(reference))
    with _local_file(reference) as path:
        return non_tables.read_non_table(path, reference, _provenance(reference), settings().upload_bytes)


def read_table_as(reference: Upload, shape: TableKind, raw: RawTable) -> Dataset:
    """Read a kept file's table, as `read_table` gives it, as texts, pairs or sequences.

    Raises:
        DataError: if a column is missing, or holds something else than is wanted.
    """
    found = convert_table(raw.frame, shape, reference, _provenance(reference))
    return replace(found, notes=(*raw.notes, *found.notes))


def load(reference: Upload, preparation: Preparation) -> Dataset:
    """Read a kept file, and mend it where it is a table.

    Raises:
        DataError: if it is no longer kept, or needs mends that nobody chose yet.
    """
    if there := read_non_table(reference):
        return there
    raw = read_table(reference)
    return build_series(reference, raw, steps_to_apply(raw, preparation), preparation)


def build_series(
    reference: Upload,
    raw: RawTable,
    steps: Sequence[CleaningStep],
    preparation: Preparation,
    table: pd.DataFrame | None = None,
) -> Series:
    """Make a dataset of a kept file's table.

    Args:
        reference: of the file.
        raw: what `read_table` gives of it.
        steps: what `steps_to_apply` gives of that.
        preparation: what people chose.
        table: what the mends make of it, where that is known.

    Raises:
        DataError: if a mend can't be made, or more are needed.
    """
    if table is None:
        table = clean_table(raw.frame, steps, preparation)
    try:
        check_table(table, reference.name, allow_late_start=forms_panel(table, steps))
    except DataError as error:
        raise DataError(error.what, where=error.where, remedy="First mend it on the Data page.") from None
    said = () if preparation.mends else tuple(f"{describe_step(mend)}." for mend in steps)
    return Series(
        reference=reference,
        title=reference.name,
        table=table,
        provenance=_provenance(reference),
        season=usual_season(table.index),
        is_panel=forms_panel(table, steps),
        static_features=static_features(table, steps),
        notes=(*raw.notes, *said),
    )


def read_archive_file(reference: Upload, file: str) -> bytes:
    """Take one file out of a kept zip, by the name that it has in there.

    Raises:
        DataError: if it is no longer kept, or there is no such file in it.
    """
    with _local_file(reference) as path:
        return archives.read_file(path, file, reference.name, settings().upload_bytes)


def _provenance(reference: Upload) -> Provenance:
    return Provenance(f"The file “{reference.name}”, brought by a visitor", "Not stated")


@contextmanager
def _local_file(reference: Upload) -> Iterator[Path]:
    """Return where a kept file lies."""
    with ExitStack() as stack:
        try:
            path = stack.enter_context(_folder().local_file(reference.id))
        except FileNotFoundError:
            raise DataError(
                "This file is no longer here.", where=reference.name, remedy="Upload it again."
            ) from None
        yield path


@contextmanager
def _table_file(reference: Upload) -> Iterator[tuple[Path, str]]:
    """Return where a kept file lies, and its name; of a packed one, those of what is inside."""
    with _local_file(reference) as path:
        unpack = UNPACKERS.get(_suffix(reference.name))
        if unpack is None:
            yield path, reference.name
            return
        with TemporaryDirectory() as folder:
            inside = Path(folder) / "inside"
            yield inside, unpack(path, inside, reference.name, settings().upload_bytes)


def _unknown_kind_error(name: str) -> DataError:
    return DataError(
        "Files of this kind can't be read here.",
        where=name,
        remedy=f"Save it as one of these: {', '.join(READERS)}.",
    )


def _check_signature(path: Path, name: str) -> None:
    with path.open("rb") as file:
        start = file.read(max(map(len, _SIGNATURES)))
    for beginning, kind in _SIGNATURES.items():
        if start.startswith(beginning):
            raise DataError(
                f"This file is {kind}, whatever its name says.",
                where=name,
                remedy="Give it the right ending.",
            )


def _is_valid_sheet_name(sheet: str) -> bool:
    """Return whether a recipe can name a sheet; spreadsheets allow names of any length."""
    return 0 < len(sheet) <= LONGEST_NAME


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()


def _folder() -> Folder:
    return Folder(settings().artifacts).folder("uploads")
