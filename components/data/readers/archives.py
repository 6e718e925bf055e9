"""Files that are packed (.gz, .zip): what is inside, or one clear sentence on why it isn't taken out."""

import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from components.errors import DataError

_GZIP = 16 + zlib.MAX_WBITS
_CHUNK = 1 << 20  # bytes that are in memory at once
_MOST_FILES = 10_000
_ENTRY_SIGNATURE = b"PK\x01\x02"  # begins each line of a zip's list of files
_UNSAFE_PATH = re.compile(r"^([A-Za-z]:|/)|(^|/)\.\.(/|$)")
_DAMAGE_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
_SAFE_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others can't be told when to stop


def gunzip(source: Path, target: Path, name: str, most: int) -> str:
    """Take out what is in a .gz file.

    Args:
        source: the file.
        target: takes what is inside.
        name: its own name.
        most: bytes that may come out.

    Returns:
        The name of what is inside.

    Raises:
        DataError: if it is damaged, or more would come out.
    """
    size = 0
    with source.open("rb") as packed, target.open("wb") as file:
        for part in _decompress(packed, name):
            size += len(part)
            if size > most:
                raise _too_large_error(name, most)
            file.write(part)
    return PurePosixPath(name).stem


def _decompress(packed: BinaryIO, name: str) -> Iterator[bytes]:
    """Unpack portion by portion. It may be packed in parts, and padded."""
    rest = packed.read(_CHUNK)
    while rest:
        unpacker = zlib.decompressobj(_GZIP)
        while not unpacker.eof:
            if not rest:
                raise _damaged_error(name)
            try:
                yield unpacker.decompress(rest, _CHUNK)
            except zlib.error:
                raise _damaged_error(name) from None
            rest = b"" if unpacker.eof else unpacker.unconsumed_tail or packed.read(_CHUNK)
        rest = unpacker.unused_data.lstrip(b"\0")
        while not rest and (more := packed.read(_CHUNK)):
            rest = more.lstrip(b"\0")


def unzip(source: Path, target: Path, name: str, most: int) -> str:
    """Take out the one file that is in a .zip file; what systems put beside it is passed over.

    Nothing else is written anywhere, whatever the names inside.

    Args:
        source: the file.
        target: takes what is inside.
        name: its own name.
        most: bytes that may come out.

    Returns:
        The name of what is inside.

    Raises:
        DataError: if it is damaged, locked, holds more than one file, or one that isn't as it says.
    """
    files = list_entries(source, name)
    if len(files) != 1:
        raise DataError(
            f"The archive holds {len(files):,} files." if files else "The archive is empty.",
            where=name,
            remedy="Zip a single table, or upload it without zipping.",
        )
    _extract(source, files[0], target, name, most)
    return PurePosixPath(files[0].filename).name


def extract(source: Path, file: str, target: Path, name: str, most: int) -> int:
    """Take one of the files out of a zip → its bytes. Nothing else is written anywhere.

    Args:
        source: the zip.
        file: the name in it.
        target: takes what is inside.
        name: of the zip, to call it in messages.
        most: bytes that may come out.

    Raises:
        DataError: if there is no such file, or it can't be taken out.
    """
    entry = _find_entry(source, file, name)
    _extract(source, entry, target, name, most)
    return entry.file_size


def _extract(source: Path, file: zipfile.ZipInfo, target: Path, name: str, most: int) -> None:
    _check_entry(file, name, most, most)
    try:
        # No more comes out than the file says that it holds.
        with zipfile.ZipFile(source) as archive, archive.open(file) as inside, target.open("wb") as out:
            shutil.copyfileobj(inside, out, _CHUNK)
    except _DAMAGE_ERRORS:
        raise _damaged_error(name) from None


def _read_entry(archive: zipfile.ZipFile, file: zipfile.ZipInfo, name: str, left: int, most: int) -> bytes:
    """Take one file out of a zip.

    Args:
        archive: the zip.
        file: which one.
        name: of the zip, to call it in messages.
        left: bytes that may still come out.
        most: bytes that may come out in all, to say so.

    Raises:
        DataError: if it is damaged, locked, packed in a rare way, or more would come out.
    """
    _check_entry(file, name, left, most)
    try:
        with archive.open(file) as inside:
            return inside.read(left + 1)
    except _DAMAGE_ERRORS:
        raise _damaged_error(name) from None


def read_entries(
    source: Path, files: Iterable[zipfile.ZipInfo], name: str, most: int
) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Take files out of a zip, one after the other.

    Args:
        source: the zip.
        files: which ones.
        name: of the zip, to call it in messages.
        most: bytes that may come out, all files together.

    Raises:
        DataError: if one is damaged, locked, packed in a rare way, or more would come out.
    """
    left = most
    with zipfile.ZipFile(source) as archive:
        for file in files:
            content = _read_entry(archive, file, name, left, most)
            left -= len(content)
            yield file, content


def read_file(source: Path, file: str, name: str, most: int) -> bytes:
    """Take one of the files out of a zip.

    Args:
        source: the zip.
        file: the name in it.
        name: of the zip, to call it in messages.
        most: bytes that may come out.

    Raises:
        DataError: if there is no such file, or it can't be taken out.
    """
    ((_, content),) = read_entries(source, [_find_entry(source, file, name)], name, most)
    return content


def _find_entry(source: Path, file: str, name: str) -> zipfile.ZipInfo:
    found = next((entry for entry in list_entries(source, name) if entry.filename == file), None)
    if found is None:
        raise DataError(f"The archive has no file “{file}”.", where=name, remedy="Choose another one.")
    return found


def _check_entry(file: zipfile.ZipInfo, name: str, left: int, most: int) -> None:
    """Refuse a file in a zip that can't be taken out, or would take more than is left."""
    if file.flag_bits & 1:
        raise DataError(
            "The archive is locked by a password.", where=name, remedy="Upload the file inside it."
        )
    if file.compress_type not in _SAFE_METHODS:
        raise DataError(
            "This kind of compression isn't supported.", where=name, remedy="Upload the file inside it."
        )
    if file.file_size > left:
        raise _too_large_error(name, most)


def list_entries(source: Path, name: str) -> list[zipfile.ZipInfo]:
    """List the files in a zip, none of them unpacked; what systems put beside them is passed over.

    Raises:
        DataError: if it is damaged, holds too many, or a name leads out of it.
    """
    if _count_signature(source, _ENTRY_SIGNATURE) > _MOST_FILES:
        raise DataError("The archive holds too many files.", where=name, remedy="Zip a single table.")
    try:
        with zipfile.ZipFile(source) as archive:
            files = [file for file in archive.infolist() if not file.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, IndexError):  # the last of an empty name
        raise _damaged_error(name) from None
    if any(_UNSAFE_PATH.search(file.filename.replace("\\", "/")) for file in files):
        raise DataError(
            "The path of a file inside leads out of the archive.", where=name, remedy="Zip the table again."
        )
    return [file for file in files if not _is_system_file(file)]


def _count_signature(source: Path, sign: bytes) -> int:
    """Count a sign in a file, also where it stands across the border of two portions."""
    found, end = 0, b""
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found += (end + chunk).count(sign)
            end = (end + chunk)[1 - len(sign) :]
    return found


def _is_system_file(file: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(file.filename)
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name == "Thumbs.db"


def _damaged_error(name: str) -> DataError:
    return DataError("This file is damaged: it can't be unpacked.", where=name, remedy="Compress it again.")


def _too_large_error(name: str, most: int) -> DataError:
    return DataError(
        f"Unpacked, the file would exceed {most / 2**20:,.0f} MB.",
        where=name,
        remedy="Upload a shorter part of it.",
    )
