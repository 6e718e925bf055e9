"""Files that aren't one table of numbers: which they are, and what is in them."""

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from components.data.datasets import Dataset, Provenance
from components.data.readers import archives, plain_text, recordings_archive, ts_reader
from components.errors import DataError
from components.recipe import Upload

SUFFIXES = (".ts",)
"""Endings of names that no table has."""

_MOST_BYTES = 100 << 20  # bytes of a text or of sequences, which are in memory as a whole


def read_non_table(path: Path, reference: Upload, provenance: Provenance, most: int) -> Dataset | None:
    """Read sequences or texts; None where the file is a table, or none that is known.

    Args:
        path: where the file lies.
        reference: of the file.
        provenance: of the data.
        most: bytes that may come out of it.

    Raises:
        DataError: if it is of such a kind, and can't be read.
    """
    name = reference.name
    if _suffix(name) == ".zip":
        files = archives.list_entries(path, name)
        if plain_text.are_text_folders(files):
            return plain_text.read_text_folders(path, reference, provenance, most)
        if recordings_archive.are_recordings(files):
            return recordings_archive.read_recordings(path, reference, provenance, most)
        if len(files) != 1 or _suffix(files[0].filename) not in (".txt", ".ts"):
            return None
        unpack = archives.unzip
    elif _suffix(name) == ".gz" and _suffix(PurePath(name).stem) in (".txt", ".ts"):
        unpack = archives.gunzip
    else:
        return _read_by_suffix(path, name, reference, provenance)
    with TemporaryDirectory() as folder:
        inside = Path(folder) / "inside"
        return _read_by_suffix(inside, unpack(path, inside, name, most), reference, provenance)


def _read_by_suffix(path: Path, name: str, reference: Upload, provenance: Provenance) -> Dataset | None:
    size = path.stat().st_size
    match _suffix(name):
        case ".ts" if size > _MOST_BYTES:
            raise DataError(
                f"It holds {size / 2**20:,.0f} MB; of sequences at most {_MOST_BYTES / 2**20:,.0f} MB fit.",
                where=reference.name,
                remedy="Bring fewer of them.",
            )
        case ".ts":
            return ts_reader.read_ts(path.read_bytes(), reference, provenance)
        case ".txt" if size <= _MOST_BYTES:  # a longer one can only be a table
            return plain_text.read_text(path, reference, provenance)
    return None


def _suffix(name: str) -> str:
    return PurePath(name).suffix.lower()
