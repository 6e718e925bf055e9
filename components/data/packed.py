"""Files that are packed (.gz, .zip): what is inside, or one clear sentence on why it isn't taken out."""

import io
import re
import zipfile
import zlib
from pathlib import PurePosixPath

from components.errors import DataError

_GZIP = 16 + zlib.MAX_WBITS
_MOST_FILES = 10_000
_ENTRY = b"PK\x01\x02"  # begins each line of a zip's list of files
_LEADS_OUT = re.compile(r"^([A-Za-z]:|/)|(^|/)\.\.(/|$)")
_PLAIN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # others can't be told when to stop


def gunzip(content: bytes, name: str, most: int) -> tuple[bytes, str]:
    """Take out what is in a .gz file.

    Args:
        content: the file, byte for byte.
        name: its own name.
        most: bytes that may come out.

    Returns:
        What is inside, and its name.

    Raises:
        DataError: if it is damaged, or more would come out.
    """
    unpacked, rest = bytearray(), content
    while rest:
        unpacker = zlib.decompressobj(_GZIP)
        try:
            unpacked += unpacker.decompress(rest, most + 1 - len(unpacked))
        except zlib.error:
            raise _damaged(name) from None
        if len(unpacked) > most:
            raise _too_large(name, most)
        if not unpacker.eof:
            raise _damaged(name)
        rest = unpacker.unused_data.lstrip(b"\0")  # it may be packed in parts, and padded
    return bytes(unpacked), PurePosixPath(name).stem


def unzip(content: bytes, name: str, most: int) -> tuple[bytes, str]:
    """Take out the one file that is in a .zip file; what systems put beside it is passed over.

    Nothing is written anywhere, whatever the names inside.

    Args:
        content: the file, byte for byte.
        name: its own name.
        most: bytes that may come out.

    Returns:
        What is inside, and its name.

    Raises:
        DataError: if it is damaged, locked, holds more than one file, or one that isn't as it says.
    """
    files = entries(content, name)
    if len(files) != 1:
        raise DataError(
            f"It holds {len(files):,} files." if files else "It holds no file.",
            where=name,
            remedy="Zip one table alone, or upload it as it is.",
        )
    file = files[0]
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return taken(archive, file, name, most, most), PurePosixPath(file.filename).name
    except zipfile.BadZipFile:
        raise _damaged(name) from None


def taken(archive: zipfile.ZipFile, file: zipfile.ZipInfo, name: str, left: int, most: int) -> bytes:
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
    if file.flag_bits & 1:
        raise DataError("It is locked by a password.", where=name, remedy="Upload what is inside.")
    if file.compress_type not in _PLAIN:
        raise DataError("It is packed in a rare way.", where=name, remedy="Upload what is inside.")
    if file.file_size > left:
        raise _too_large(name, most)
    try:
        with archive.open(file) as inside:
            return inside.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise _damaged(name) from None


def entries(content: bytes, name: str) -> list[zipfile.ZipInfo]:
    """List the files in a zip, none of them unpacked; what systems put beside them is passed over.

    Raises:
        DataError: if it is damaged, holds too many, or a name leads out of it.
    """
    if content.count(_ENTRY) > _MOST_FILES:
        raise DataError("It holds too many files.", where=name, remedy="Zip one table alone.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = [file for file in archive.infolist() if not file.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise _damaged(name) from None
    if any(_LEADS_OUT.search(file.filename.replace("\\", "/")) for file in files):
        raise DataError(
            "A file inside has a name that leads out of it.", where=name, remedy="Zip the table anew."
        )
    return [file for file in files if not _is_litter(file)]


def _is_litter(file: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(file.filename)
    return "__MACOSX" in path.parts or path.name.startswith(".") or path.name == "Thumbs.db"


def _damaged(name: str) -> DataError:
    return DataError("This file is damaged: it can't be unpacked.", where=name, remedy="Pack it anew.")


def _too_large(name: str, most: int) -> DataError:
    return DataError(
        f"Unpacked, more than {most / 2**20:,.0f} MB would come out.",
        where=name,
        remedy="Bring a shorter stretch of it.",
    )
