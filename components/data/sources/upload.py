"""Files that visitors bring or have fetched: kept as they came, and read again at each use."""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from typing import BinaryIO
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from components.data.cleaning.steps import clean_table, forms_panel, static_features
from components.data.cleaning.steps.step_description import describe_step
from components.data.datasets import Dataset, Provenance, Series, check_table
from components.data.isolation import reading
from components.data.isolation.examination import settle
from components.data.isolation.process_pool import BusyError
from components.data.readers import archives, formats, train_test_pair
from components.data.readings import likeliest_shape, possible_readings
from components.data.sources.web.any_address import AnyAddress
from components.data.sources.web.fetch import folder_and_name, source_of
from components.data.tables.raw_table import RawTable
from components.data.time_axis import usual_season
from components.errors import DataError
from components.recipe import LONGEST_NAME, CleaningStep, DropColumns, Preparation, Upload
from components.settings import settings
from components.storage import Folder

_MOST_PLAYED_BYTES = 64 << 20  # of one file of a zip: ten seconds of sound take a tenth of it


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
            f"This file is {size / 2**20:,.1f} MB; at most {most / 2**20:,.0f} MB are allowed.",
            where=name,
            remedy="Upload a shorter part of it.",
        )
    formats.check_ending(name)
    reference = Upload(id=secrets.token_hex(16), name=name)
    file.seek(0)
    _folder().write_stream(reference.id, file)
    return reference


def pack_with_test_set(training: Upload, test: BinaryIO, name: str, packed: BinaryIO) -> str:
    """Write a kept training set and its test set into one file, which is then to be stored; return its name.

    Args:
        training: the kept file.
        test: open, at its beginning.
        name: of the test set.
        packed: takes both.

    Raises:
        DataError: if the two are files of different kinds, or the first is no longer kept.
    """
    endings = [PurePath(file).suffix.lower() for file in (training.name, name)]
    if endings[0] != endings[1]:
        raise DataError(
            f"The training set is a {endings[0]} file, and this isn't one.",
            where=name,
            remedy="Choose the test set of the same data.",
        )
    with _local_file(training) as path, path.open("rb") as kept:
        return train_test_pair.pack_pair((training.name, kept), (name, test), packed)


def keep(file_id: str, content: bytes) -> None:
    """Keep a file of our own making, as one that a visitor brought."""
    _folder().write(file_id, content)


def is_kept(reference: Upload) -> bool:
    """Return whether a file that a visitor brought is still there."""
    return _folder().exists(reference.id)


def accept(reference: Upload) -> tuple[Upload, RawTable | Dataset]:
    """Open a stored file for the first time: return its reference and what is in it, read as that says.

    Arguments and errors are those of `accept_file`.
    """
    named, found = accept_file(reference)
    if named.shape is not None and isinstance(found, RawTable):
        return named, open_upload(named, found)
    return named, found


def accept_file(reference: Upload) -> tuple[Upload, RawTable | Dataset]:
    """Open a stored file for the first time: return its reference and what it holds, a table as it came.

    The reference names the sheet, and what the rows are where they are likelier something else than a series.

    A file that can't be read isn't kept. Whether a table can be learnt from is the doctor's to say.

    Raises:
        DataError: if it can't be read.
    """
    try:
        found = open_upload(reference)
    except BusyError:  # which says nothing of the file
        discard(reference)
        raise
    except DataError:
        folder, name = _place(reference)
        folder.remove(name)
        raise
    except BaseException:
        discard(reference)
        raise
    if isinstance(found, Dataset):
        return reference, found
    sheet = found.sheet if found.sheet and _is_valid_sheet_name(found.sheet) else None
    reference = reference.model_copy(update={"sheet": sheet})
    if reference.shape is not None:
        return reference, found
    shape = likeliest_shape(possible_readings(found.frame))
    if shape is None:
        return reference, found
    shaped = reference.model_copy(update={"shape": shape})
    try:
        reading.check_convertible(found, shaped, _provenance(shaped))
    except DataError:  # further down than what was looked at, it is something else
        return reference, found
    return shaped, found


def discard(reference: Upload) -> None:
    """Remove a stored file whose reference nobody was given; one that was fetched may be others' as well."""
    if reference.origin is None:
        _folder().remove(reference.id)


def open_upload(reference: Upload, table: RawTable | None = None) -> RawTable | Dataset:
    """Return what a kept file holds: a table that is to become a series, or a dataset of another kind.

    Args:
        reference: of the file, with all that a person chose of how to read it.
        table: what the file holds without its shape, where that is at hand.

    Raises:
        DataError: if it is no longer kept, has no such sheet or column, or can't be read.
    """
    if table is not None:
        return reading.convert(table, reference, _provenance(reference))
    with _local_file(reference) as path:
        found = reading.read(path, reference, _provenance(reference))
    return replace(found, notes=(*_origin_notes(reference), *found.notes))


def sheet_names(reference: Upload) -> tuple[str, ...]:
    """Return the names of a kept workbook's sheets; none where the file isn't a workbook.

    Raises:
        DataError: if it is no longer kept.
    """
    if not formats.may_hold_sheets(reference.name):
        return ()
    with _local_file(reference) as path:
        return tuple(filter(_is_valid_sheet_name, reading.sheet_names(path, reference)))


def steps_to_apply(raw: RawTable, preparation: Preparation) -> tuple[CleaningStep, ...]:
    """Return the cleaning steps that a table is loaded with: a recipe's own, else those that nobody would
    question."""
    if preparation.has_chosen_steps:
        return preparation.mends
    return settle(raw, preparation)


def build_series(
    reference: Upload,
    raw: RawTable,
    steps: Sequence[CleaningStep],
    preparation: Preparation,
    table: pd.DataFrame | None = None,
) -> Series:
    """Make a series of a kept file's table.

    Args:
        reference: of the file.
        raw: what `open_upload` gives of it.
        steps: what `steps_to_apply` gives of that.
        preparation: what people chose.
        table: after its cleaning steps, where that is known.

    Raises:
        DataError: if a step can't be applied, or more are needed.
    """
    if table is None:
        table = clean_table(raw.frame, steps, preparation)
    if not preparation.has_chosen_steps:
        # A recipe whose table was cleaned unasked doesn't name the columns of words that go with it.
        words = tuple(column for column in table.columns if table[column].dtype != np.float64)
        if words and len(words) < len(table.columns):
            table, steps = table.drop(columns=list(words)), (*steps, DropColumns(columns=words))
    try:
        check_table(table, reference.name, allow_unequal=forms_panel(table, steps))
    except DataError as error:
        raise DataError(error.what, where=error.where, remedy="Fix it on the Data page first.") from None
    step_notes = () if preparation.mends else tuple(f"{describe_step(step)}." for step in steps)
    return Series(
        reference=reference,
        title=reference.name,
        table=table,
        provenance=_provenance(reference),
        season=usual_season(table.index),
        is_panel=forms_panel(table, steps),
        static_features=static_features(table, steps),
        notes=(*raw.notes, *step_notes),
    )


def read_archive_file(reference: Upload, file: str) -> bytes:
    """Take one file out of a kept zip, by the name that it has in there.

    Raises:
        DataError: if it is no longer kept, or there is no such file in it.
    """
    with _local_file(reference) as path:
        return archives.read_file(path, file, reference.name, _MOST_PLAYED_BYTES)


def _provenance(reference: Upload) -> Provenance:
    origin = reference.origin
    if origin is None:
        return Provenance(f"The file “{reference.name}”, uploaded by a visitor", "Not stated")
    source = source_of(origin.address)
    host = urlsplit(origin.address).hostname or ""
    name = host if isinstance(source, AnyAddress) else source.name
    return Provenance(
        f"{name}, as fetched on {origin.fetched:%Y-%m-%d at %H:%M} UTC", source.licence, origin.address
    )


def _origin_notes(reference: Upload) -> tuple[str, ...]:
    """Return what the source of a fetched file does to its files."""
    return source_of(reference.origin.address).notes if reference.origin else ()


@contextmanager
def _local_file(reference: Upload) -> Iterator[Path]:
    """Yield where a kept file lies."""
    folder, name = _place(reference)
    with ExitStack() as stack:
        try:
            path = stack.enter_context(folder.local_file(name))
        except FileNotFoundError:
            raise DataError(
                "This file is no longer stored.", where=reference.name, remedy="Upload it again."
            ) from None
        yield path


def _is_valid_sheet_name(sheet: str) -> bool:
    """Return whether a recipe can name a sheet; spreadsheets allow names of any length."""
    return 0 < len(sheet) <= LONGEST_NAME


def _place(reference: Upload) -> tuple[Folder, str]:
    """Return the folder and the name that a file is kept under.

    Raises:
        DataError: if a fetched one is no longer kept, and can't be had again as it was.
    """
    if reference.origin is None:
        return _folder(), reference.id
    return folder_and_name(reference, reference.origin)


def _folder() -> Folder:
    return Folder(settings().artifacts).folder("uploads")
