"""Files that aren't one table of numbers: which they are, and what is in them."""

from pathlib import PurePath

from components.data import packed, prose, ts_file
from components.data.dataset import Dataset, Provenance
from components.recipe import Upload

ENDINGS = (".ts",)
"""Endings of names that no table has."""


def read(content: bytes, reference: Upload, provenance: Provenance, most: int) -> Dataset | None:
    """Read sequences or texts; None where the file is a table, or none that is known.

    Args:
        content: the file, byte for byte.
        reference: of the file.
        provenance: of the data.
        most: bytes that may come out of it.

    Raises:
        DataError: if it is of such a kind, and can't be read.
    """
    name = reference.name
    if _ending(name) == ".zip":
        files = packed.entries(content, name)
        if prose.are_folders(files):
            return prose.read_folders(content, reference, provenance, most)
        if len(files) != 1 or _ending(files[0].filename) not in (".txt", ".ts"):
            return None
        content, name = packed.unzip(content, name, most)
    elif _ending(name) == ".gz" and _ending(PurePath(name).stem) in (".txt", ".ts"):
        content, name = packed.gunzip(content, name, most)
    match _ending(name):
        case ".ts":
            return ts_file.read(content, reference, provenance)
        case ".txt":
            return prose.read(content, reference, provenance)
    return None


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()
