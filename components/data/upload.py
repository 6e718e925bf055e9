"""Files that visitors bring: kept as they came under a random name, and read again at each use."""

import secrets
from collections.abc import Callable
from pathlib import PurePath

from components.data import delimited, packed, parquet, records, spreadsheet
from components.data.dataset import Dataset, Provenance, Reading
from components.data.time_axis import usual_season
from components.errors import DataError
from components.recipe import Upload
from components.settings import settings
from components.storage import Folder

# What reads a file, by the ending of its name. Each raises DataError where it can't.
READERS: dict[str, Callable[[bytes, str], Reading]] = {
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
# What takes a file out of another, given the bytes that may come out.
UNPACKERS: dict[str, Callable[[bytes, str, int], tuple[bytes, str]]] = {
    ".gz": packed.gunzip,
    ".zip": packed.unzip,
}
ENDINGS = (*READERS, *UNPACKERS)
_OF_TEXT = {delimited.read, records.read, records.read_lines}
# How files begin that aren't text, whatever their name says.
_BEGINNINGS = {
    b"PK\x03\x04": "a workbook or a zip",
    b"\xd0\xcf\x11\xe0": "a workbook",
    b"\x1f\x8b": "packed by gzip",
    b"PAR1": "Parquet",
    b"%PDF": "a PDF",
}
_LONGEST_NAME = 200  # characters; what the recipe allows


def keep(content: bytes, name: str) -> Upload:
    """Store a file, once it is known to be readable.

    Args:
        content: the file, byte for byte.
        name: its own name, shown to people; only its ending is looked at.

    Raises:
        DataError: if it is too large, of an unknown kind, or can't be read.
    """
    name = name.strip()[-_LONGEST_NAME:] or "unnamed"
    most = settings().upload_bytes
    if len(content) > most:
        raise DataError(
            f"This file has {len(content) / 2**20:,.1f} MB; at most {most / 2**20:,.0f} MB fit.",
            where=name,
            remedy="Bring a shorter stretch of it.",
        )
    _read(content, name)
    reference = Upload(id=secrets.token_hex(16), name=name)
    _folder().write(reference.id, content)
    return reference


def load(reference: Upload) -> Dataset:
    """Read a kept file.

    Raises:
        DataError: if it is no longer kept.
    """
    try:
        content = _folder().read(reference.id)
    except FileNotFoundError:
        raise DataError(
            "This file is no longer here.", where=reference.name, remedy="Upload it again."
        ) from None
    reading = _read(content, reference.name)
    return Dataset(
        reference=reference,
        title=reference.name,
        table=reading.table,
        provenance=Provenance(f"The file “{reference.name}”, brought by a visitor", "Not stated"),
        season=usual_season(reading.table.index),
        notes=reading.notes,
    )


def _read(content: bytes, name: str) -> Reading:
    unpack = UNPACKERS.get(_ending(name))
    if unpack:
        content, name = unpack(content, name, settings().upload_bytes)
    reader = READERS.get(_ending(name))
    if reader is None:
        raise DataError(
            "Files of this kind can't be read here.",
            where=name,
            remedy=f"Save it as one of these: {', '.join(READERS)}.",
        )
    if reader in _OF_TEXT:
        _check_beginning(content, name)
    return reader(content, name)


def _check_beginning(content: bytes, name: str) -> None:
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            raise DataError(
                f"This file is {kind}, whatever its name says.",
                where=name,
                remedy="Give it the right ending.",
            )


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


def _folder() -> Folder:
    return Folder(settings().artifacts).folder("uploads")
