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

from components.data import delimited, other_files, packed, parquet, records, spreadsheet
from components.data.dataset import Dataset, Provenance, Series, check
from components.data.doctor import settle
from components.data.mends import are_alike, mended, traits
from components.data.mends.words import say
from components.data.raw import Raw
from components.data.shapes import shaped
from components.data.time_axis import usual_season
from components.errors import DataError
from components.recipe import LONGEST_NAME, Mend, Preparation, Shape, Upload
from components.settings import settings
from components.storage import Folder

# What reads a file, by the ending of its name. Each raises DataError where it can't.
READERS: dict[str, Callable[..., Raw]] = {
    ".csv": delimited.read,
    ".tsv": delimited.read,
    ".txt": delimited.read,
    ".xlsx": spreadsheet.read,
    ".xls": spreadsheet.read,
    ".xlsb": spreadsheet.read,
    ".ods": spreadsheet.read,
    ".parquet": parquet.read,
    ".json": records.read,
    ".jsonl": records.read_lines,
    ".ndjson": records.read_lines,
}
# What takes a file out of another, given where to put it, and the bytes that may come out.
UNPACKERS: dict[str, Callable[[Path, Path, str, int], str]] = {
    ".gz": packed.gunzip,
    ".zip": packed.unzip,
}
ENDINGS = (*READERS, *other_files.ENDINGS, *UNPACKERS)
_OF_SHEETS = {spreadsheet.read}
# What a person may choose of what they read, by the fields of the reference.
_CHOICES: dict[Callable[..., Raw], tuple[str, ...]] = {
    delimited.read: ("keep",),
    spreadsheet.read: ("sheet", "keep"),
}
_MAY_HOLD_SHEETS = {ending for ending, reader in READERS.items() if reader in _OF_SHEETS} | UNPACKERS.keys()
_OF_TEXT = {delimited.read, records.read, records.read_lines}
# How files begin that aren't text, whatever their name says.
_BEGINNINGS = {
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
    if _ending(name) not in ENDINGS:
        raise _unknown_kind(name)
    reference = Upload(id=secrets.token_hex(16), name=name)
    file.seek(0)
    _folder().take(reference.id, file)
    return reference


def accept(reference: Upload) -> tuple[Upload, Raw | Dataset]:
    """Read a stored file: its table, and which sheet that is, or what it is instead.

    A file that can't be read isn't kept. Whether a table can be learnt from is the doctor's to say.

    Raises:
        DataError: if it can't be read.
    """
    try:
        found = other(reference) or read(reference)
    except DataError:
        _folder().remove(reference.id)
        raise
    if isinstance(found, Dataset):
        return reference, found
    sheet = found.sheet if found.sheet and _fits(found.sheet) else None
    return reference.model_copy(update={"sheet": sheet}), found


def read(reference: Upload) -> Raw:
    """Read a kept file's table as it came.

    Raises:
        DataError: if it is no longer kept, has no such sheet, or can't be read.
    """
    with _unpacked(reference) as (path, name):
        reader = READERS.get(_ending(name))
        if reader is None:
            raise _unknown_kind(name)
        if reader in _OF_TEXT:
            _check_beginning(path, name)
        chosen = {field: getattr(reference, field) for field in _CHOICES.get(reader, ())}
        found = reader(path, name, **chosen)
    if not len(found.frame):
        raise DataError(
            "It has no rows, only the names of columns.",
            where=name,
            remedy="A table needs a row for each step in time.",
        )
    return found


def sheets(reference: Upload) -> tuple[str, ...]:
    """Give the names of a kept workbook's sheets; none where the file isn't a workbook.

    Raises:
        DataError: if it is no longer kept.
    """
    if _ending(reference.name) not in _MAY_HOLD_SHEETS:
        return ()
    with _unpacked(reference) as (path, name):
        if READERS.get(_ending(name)) not in _OF_SHEETS:
            return ()
        return tuple(sheet for sheet in spreadsheet.sheets(path, name) if _fits(sheet))


def mends_of(raw: Raw, preparation: Preparation) -> tuple[Mend, ...]:
    """Give the mends that a table is loaded with: a recipe's own, else those that nobody would question."""
    if preparation.by_hand:
        return preparation.mends
    return settle(raw.frame, preparation)


def other(reference: Upload) -> Dataset | None:
    """Read a kept file that isn't one table of numbers; None where it is.

    Raises:
        DataError: if it is no longer kept.
    """
    if reference.shape:
        return in_shape(reference, reference.shape, read(reference))
    with _at_hand(reference) as path:
        return other_files.read(path, reference, _provenance(reference), settings().upload_bytes)


def in_shape(reference: Upload, shape: Shape, raw: Raw) -> Dataset:
    """Read a kept file's table, as `read` gives it, as texts, pairs or sequences.

    Raises:
        DataError: if a column is missing, or holds something else than is wanted.
    """
    found = shaped(raw.frame, shape, reference, _provenance(reference))
    return replace(found, notes=(*raw.notes, *found.notes))


def load(reference: Upload, preparation: Preparation) -> Dataset:
    """Read a kept file, and mend it where it is a table.

    Raises:
        DataError: if it is no longer kept, or needs mends that nobody chose yet.
    """
    if there := other(reference):
        return there
    raw = read(reference)
    return finished(reference, raw, mends_of(raw, preparation), preparation)


def finished(
    reference: Upload,
    raw: Raw,
    mends: Sequence[Mend],
    preparation: Preparation,
    table: pd.DataFrame | None = None,
) -> Series:
    """Make a dataset of a kept file's table.

    Args:
        reference: of the file.
        raw: what `read` gives of it.
        mends: what `mends_of` gives of that.
        preparation: what people chose.
        table: what the mends make of it, where that is known.

    Raises:
        DataError: if a mend can't be made, or more are needed.
    """
    if table is None:
        table = mended(raw.frame, mends, preparation)
    try:
        check(table, reference.name, may_begin_late=are_alike(table, mends))
    except DataError as error:
        raise DataError(error.what, where=error.where, remedy="First mend it on the Data page.") from None
    said = () if preparation.mends else tuple(f"{say(mend)}." for mend in mends)
    return Series(
        reference=reference,
        title=reference.name,
        table=table,
        provenance=_provenance(reference),
        season=usual_season(table.index),
        alike=are_alike(table, mends),
        traits=traits(table, mends),
        notes=(*raw.notes, *said),
    )


def taken_out(reference: Upload, file: str) -> bytes:
    """Take one file out of a kept zip, by the name that it has in there.

    Raises:
        DataError: if it is no longer kept, or there is no such file in it.
    """
    with _at_hand(reference) as path:
        return packed.one(path, file, reference.name, settings().upload_bytes)


def _provenance(reference: Upload) -> Provenance:
    return Provenance(f"The file “{reference.name}”, brought by a visitor", "Not stated")


@contextmanager
def _at_hand(reference: Upload) -> Iterator[Path]:
    """Give where a kept file lies."""
    with ExitStack() as stack:
        try:
            path = stack.enter_context(_folder().at_hand(reference.id))
        except FileNotFoundError:
            raise DataError(
                "This file is no longer here.", where=reference.name, remedy="Upload it again."
            ) from None
        yield path


@contextmanager
def _unpacked(reference: Upload) -> Iterator[tuple[Path, str]]:
    """Give where a kept file lies, and its name; of a packed one, those of what is inside."""
    with _at_hand(reference) as path:
        unpack = UNPACKERS.get(_ending(reference.name))
        if unpack is None:
            yield path, reference.name
            return
        with TemporaryDirectory() as folder:
            inside = Path(folder) / "inside"
            yield inside, unpack(path, inside, reference.name, settings().upload_bytes)


def _unknown_kind(name: str) -> DataError:
    return DataError(
        "Files of this kind can't be read here.",
        where=name,
        remedy=f"Save it as one of these: {', '.join(READERS)}.",
    )


def _check_beginning(path: Path, name: str) -> None:
    with path.open("rb") as file:
        start = file.read(max(map(len, _BEGINNINGS)))
    for beginning, kind in _BEGINNINGS.items():
        if start.startswith(beginning):
            raise DataError(
                f"This file is {kind}, whatever its name says.",
                where=name,
                remedy="Give it the right ending.",
            )


def _fits(sheet: str) -> bool:
    """Tell whether a recipe can name a sheet; spreadsheets allow names of any length."""
    return 0 < len(sheet) <= LONGEST_NAME


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


def _folder() -> Folder:
    return Folder(settings().artifacts).folder("uploads")
