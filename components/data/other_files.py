"""Files that aren't one table of numbers: which they are, and what is in them."""

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from components.data import packed, prose, ts_file
from components.data.dataset import Dataset, Provenance
from components.data.sound import zipped
from components.errors import DataError
from components.recipe import Upload

ENDINGS = (".ts",)
"""Endings of names that no table has."""

_MOST = 100 << 20  # bytes of a text or of sequences, which are in memory as a whole


def read(path: Path, reference: Upload, provenance: Provenance, most: int) -> Dataset | None:
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
    if _ending(name) == ".zip":
        files = packed.entries(path, name)
        if prose.are_folders(files):
            return prose.read_folders(path, reference, provenance, most)
        if zipped.are_words(files):
            return zipped.read(path, reference, provenance, most)
        if len(files) != 1 or _ending(files[0].filename) not in (".txt", ".ts"):
            return None
        unpack = packed.unzip
    elif _ending(name) == ".gz" and _ending(PurePath(name).stem) in (".txt", ".ts"):
        unpack = packed.gunzip
    else:
        return _read(path, name, reference, provenance)
    with TemporaryDirectory() as folder:
        inside = Path(folder) / "inside"
        return _read(inside, unpack(path, inside, name, most), reference, provenance)


def _read(path: Path, name: str, reference: Upload, provenance: Provenance) -> Dataset | None:
    size = path.stat().st_size
    match _ending(name):
        case ".ts" if size > _MOST:
            raise DataError(
                f"It holds {size / 2**20:,.0f} MB; of sequences at most {_MOST / 2**20:,.0f} MB fit.",
                where=reference.name,
                remedy="Bring fewer of them.",
            )
        case ".ts":
            return ts_file.read(path.read_bytes(), reference, provenance)
        case ".txt" if size <= _MOST:  # a longer one can only be a table
            return prose.read(path, reference, provenance)
    return None


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()
