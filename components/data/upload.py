"""Files that visitors bring: kept as they came under a random name, and read again at each use."""

import secrets
from collections.abc import Callable
from pathlib import PurePath

from components.data import delimited, other_files, packed, parquet, records, spreadsheet
from components.data.dataset import Dataset, Provenance, Series, check
from components.data.doctor import settle
from components.data.mends import mended
from components.data.mends.words import say
from components.data.raw import Raw
from components.data.shapes import shaped
from components.data.time_axis import usual_season
from components.errors import DataError
from components.recipe import Mend, Preparation, Upload
from components.settings import settings
from components.storage import Folder

# What reads a file, by the ending of its name. Each raises DataError where it can't.
READERS: dict[str, Callable[[bytes, str], Raw]] = {
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
ENDINGS = (*READERS, *other_files.ENDINGS, *UNPACKERS)
_OF_SHEETS = {spreadsheet.read}
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
    """Store a file, once it is known to hold a table. Whether that can be learnt from is the doctor's to say.

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
    reference = Upload(id=secrets.token_hex(16), name=name)
    if _other(content, reference) is None:
        sheet = _read(content, name, None).sheet
        reference = reference.model_copy(update={"sheet": sheet if sheet and _fits(sheet) else None})
    _folder().write(reference.id, content)
    return reference


def read(reference: Upload) -> Raw:
    """Read a kept file's table as it came.

    Raises:
        DataError: if it is no longer kept, or has no such sheet.
    """
    return _read(_content(reference), reference.name, reference.sheet)


def sheets(reference: Upload) -> tuple[str, ...]:
    """Give the names of a kept workbook's sheets; none where the file isn't a workbook.

    Raises:
        DataError: if it is no longer kept.
    """
    content, name = _unpacked(_content(reference), reference.name)
    if READERS.get(_ending(name)) not in _OF_SHEETS:
        return ()
    return tuple(sheet for sheet in spreadsheet.sheets(content, name) if _fits(sheet))


def mends_of(raw: Raw, preparation: Preparation) -> tuple[Mend, ...]:
    """Give the mends that a table is loaded with: a recipe's own, else those that nobody would question."""
    return preparation.mends or settle(raw.frame, preparation)


def other(reference: Upload) -> Dataset | None:
    """Read a kept file that isn't one table of numbers; None where it is.

    Raises:
        DataError: if it is no longer kept.
    """
    if reference.shape:
        return shaped(read(reference).frame, reference.shape, reference, _provenance(reference))
    return _other(_content(reference), reference)


def load(reference: Upload, preparation: Preparation) -> Dataset:
    """Read a kept file, and mend it where it is a table.

    Raises:
        DataError: if it is no longer kept, or needs mends that nobody chose yet.
    """
    return other(reference) or finished(reference, read(reference), preparation)


def finished(reference: Upload, raw: Raw, preparation: Preparation) -> Series:
    """Make a dataset of a kept file's table.

    Args:
        reference: of the file.
        raw: what `read` gives of it.
        preparation: its mends, where people chose any.

    Raises:
        DataError: if a mend can't be made, or more are needed.
    """
    mends = mends_of(raw, preparation)
    table = mended(raw.frame, mends, preparation)
    try:
        check(table, reference.name)
    except DataError as error:
        raise DataError(error.what, where=error.where, remedy="First mend it on the Data page.") from None
    said = () if preparation.mends else tuple(f"{say(mend)}." for mend in mends)
    return Series(
        reference=reference,
        title=reference.name,
        table=table,
        provenance=_provenance(reference),
        season=usual_season(table.index),
        notes=(*raw.notes, *said),
    )


def _provenance(reference: Upload) -> Provenance:
    return Provenance(f"The file “{reference.name}”, brought by a visitor", "Not stated")


def _other(content: bytes, reference: Upload) -> Dataset | None:
    return other_files.read(content, reference, _provenance(reference), settings().upload_bytes)


def _content(reference: Upload) -> bytes:
    try:
        return _folder().read(reference.id)
    except FileNotFoundError:
        raise DataError(
            "This file is no longer here.", where=reference.name, remedy="Upload it again."
        ) from None


def _unpacked(content: bytes, name: str) -> tuple[bytes, str]:
    unpack = UNPACKERS.get(_ending(name))
    return unpack(content, name, settings().upload_bytes) if unpack else (content, name)


def _read(content: bytes, name: str, sheet: str | None) -> Raw:
    content, name = _unpacked(content, name)
    reader = READERS.get(_ending(name))
    if reader is None:
        raise DataError(
            "Files of this kind can't be read here.",
            where=name,
            remedy=f"Save it as one of these: {', '.join(READERS)}.",
        )
    if reader in _OF_TEXT:
        _check_beginning(content, name)
    found = spreadsheet.read(content, name, sheet or "") if reader in _OF_SHEETS else reader(content, name)
    if not len(found.frame):
        raise DataError(
            "It has no rows, only the names of columns.",
            where=name,
            remedy="A table needs a row for each step in time.",
        )
    return found


def _check_beginning(content: bytes, name: str) -> None:
    for beginning, kind in _BEGINNINGS.items():
        if content.startswith(beginning):
            raise DataError(
                f"This file is {kind}, whatever its name says.",
                where=name,
                remedy="Give it the right ending.",
            )


def _fits(sheet: str) -> bool:
    """Tell whether a recipe can name a sheet; spreadsheets allow names of any length."""
    return 0 < len(sheet) <= _LONGEST_NAME


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


def _folder() -> Folder:
    return Folder(settings().artifacts).folder("uploads")
