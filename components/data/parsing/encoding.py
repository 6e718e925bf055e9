"""The bytes of a text file to its text, whatever system it was written on."""

import codecs
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from components.errors import DataError

_PLAIN = "plain"  # UTF-8 without a mark, and nothing broken in it
CHUNK = 1 << 20
"""Bytes of a large file that are in memory at once."""
_HEAD_BYTES = 1 << 16  # bytes that show how wide letters are

# By their first bytes; UTF-32 stands before UTF-16, which it begins like.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# What is guessed among: those that files for Windows and the web come in, and none of mainframes and DOS.
_CANDIDATES = [
    *(f"cp{number}" for number in (*range(1250, 1258), 874, 932, 949)),
    *(f"iso8859_{number}" for number in (2, 5, 7, 9, 15)),
    *("koi8_r", "euc_jp", "gb18030", "big5"),
]
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_MOST_LINE_BYTES = 1 << 20  # bytes of such a line
_LINES = 500  # lines with accents, at most, by which an encoding is guessed
# What stands beside ASCII in the languages of western Europe: letters, and signs that stand between words.
_WESTERN_LETTERS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœŸ"
_WESTERN = re.compile(
    rf"[\x00-\x7f{_WESTERN_LETTERS}]|(?<![^\W\d_])[^\w\s]|[^\w\s](?![^\W\d_])|[\xa0ªºµ²³¼½¾]"
)
_ACCENTED = re.compile(f"[{_WESTERN_LETTERS}]")


def transcribe(source: BinaryIO, target: BinaryIO, name: str) -> tuple[str, ...]:
    """Write a file's text in UTF-8, its lines ended by line feeds, and give notes on what was assumed.

    Files may be large, so they are never in memory as a whole.

    Args:
        source: the file, byte for byte; it is read from its beginning, and more than once.
        target: takes the text.
        name: what to call the file in messages.

    Raises:
        DataError: if it is no text, or an empty one.
    """
    encoding, certain = _find_encoding(source, name)
    empty = True
    for text in (
        _normalise_line_ends(source) if encoding == _PLAIN else _decode_chunks(source, encoding, name)
    ):
        if b"\0" in text:
            raise _not_text_error(name)
        empty = empty and not text.decode(errors="replace").strip()
        target.write(text)
    if empty:
        raise DataError("This file is empty.", where=name, remedy="Choose another one.")
    if certain:
        return ()
    return (f"The file isn't UTF-8; it was decoded as {_encoding_name(encoding)}, the most likely encoding.",)


def is_plain_utf8(source: BinaryIO, name: str) -> bool:
    """Return whether a file is just as `transcribe` would write it, with at most one line feed at its end.

    Arguments and errors are those of `transcribe`.
    """
    if _find_encoding(source, name)[0] != _PLAIN:
        return False
    empty, end = True, b""
    for chunk in _chunks(source):
        if b"\r" in chunk or b"\0" in chunk:
            return False
        empty = empty and not chunk.decode(errors="replace").strip()
        end = (end + chunk)[-2:]
    return not empty and end != b"\n\n"


def decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file that is small enough to be in memory, and the notes of `transcribe`.

    Args:
        content: the file, byte for byte.
        name: what to call it in messages.

    Raises:
        DataError: if it is no text, or an empty one.
    """
    text = io.BytesIO()
    notes = transcribe(io.BytesIO(content), text, name)
    return text.getvalue().decode(), notes


def read_beginning(source: BinaryIO, most: int, name: str) -> str:
    """Return the first lines of a text, to see what it is like; a letter that can't be read is replaced.

    Args:
        source: the file, byte for byte; it is read from its beginning.
        most: bytes that are read; an even number.
        name: what to call the file in messages.

    Raises:
        DataError: if it is no text.
    """
    source.seek(0)
    start = source.read(most)
    if len(start) == most and b"\0" not in start:  # in UTF-16, a line feed is more than its byte
        start = start[: start.rfind(b"\n") + 1] or start
    encoding, _ = _find_encoding(io.BytesIO(start), name)
    text = start.decode("utf-8" if encoding == _PLAIN else encoding, errors="replace")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _normalise_line_ends(source: BinaryIO) -> Iterator[bytes]:
    """Yield the text of a file that is known to be UTF-8: most are, and only their line ends need a look."""
    held = b""  # a line end whose other half may follow
    for chunk in _chunks(source):
        text = held + chunk
        held = b"\r" if text.endswith(b"\r") else b""
        text = text.removesuffix(b"\r")
        yield text.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in text else text
    yield held.replace(b"\r", b"\n")


def _decode_chunks(source: BinaryIO, encoding: str, name: str) -> Iterator[bytes]:
    """Yield a file's text in portions and in UTF-8, without the mark that it may begin with."""
    letters = codecs.getincrementaldecoder(encoding)()
    decoder = io.IncrementalNewlineDecoder(letters, translate=True)
    before = 0  # lines that were read whole
    begun = False
    for chunk, last in _flag_last(_chunks(source)):
        try:
            text = decoder.decode(chunk, final=last)
        except UnicodeDecodeError as error:
            row = before + error.object.count(b"\n", 0, error.start) + 1
            raise DataError(
                f"Some characters can't be decoded: not all of the file is {_encoding_name(encoding)}.",
                where=f"{name}, row {row}",
                remedy="Save it as “CSV UTF-8”, then upload it again.",
            ) from None
        before += chunk.count(b"\n")
        if text and not begun:
            text, begun = text.removeprefix("\ufeff"), True
        yield text.encode()


def _chunks(source: BinaryIO) -> Iterator[bytes]:
    source.seek(0)
    while chunk := source.read(CHUNK):
        yield chunk


def _flag_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Tell of each whether it is the last; of none at all, an empty one is."""
    held = next(chunks, b"")
    for chunk in chunks:
        yield held, False
        held = chunk
    yield held, True


def _find_encoding(source: BinaryIO, name: str) -> tuple[str, bool]:
    """Find a text's encoding, and tell whether it is beyond doubt."""
    size = source.seek(0, io.SEEK_END)
    source.seek(0)
    start = source.read(_HEAD_BYTES)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding, True
    if _is_utf8(source):
        # Text in UTF-16 that holds nothing but ASCII is UTF-8 too, with a NUL beside each letter.
        return (_find_utf16(start, size) or _PLAIN), True
    if _is_mostly_utf8(source):
        return "utf-8", True
    if wide := _find_utf16(start, size):
        return wide, False
    if any(_CONTROLS.search(chunk) for chunk in _chunks(source)):
        raise _not_text_error(name)
    return _guess_eight_bit(b"\n".join(islice(_non_ascii_lines(source), _LINES))), False


def _is_utf8(source: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk, last in _flag_last(_chunks(source)):
            decoder.decode(chunk, last)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(source: BinaryIO) -> bool:
    """Return whether a text is UTF-8 with a few broken letters: then nothing else is meant."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    letters = broken = 0
    for chunk, last in _flag_last(_chunks(source)):
        text = decoder.decode(chunk, last)
        letters += len(text) - len(text.encode("ascii", errors="ignore"))
        broken += text.count("\ufffd")
    return letters - broken > broken


def _non_ascii_lines(source: BinaryIO) -> Iterator[bytes]:
    """Yield the lines that aren't ASCII; of one that never ends, its beginning."""
    source.seek(0)
    while line := source.readline(_MOST_LINE_BYTES):
        if not line.isascii():
            yield from (part for part in re.split(rb"[\r\n]", line) if not part.isascii())


def _find_utf16(start: bytes, size: int) -> str | None:
    """Find UTF-16 without a mark: at least a third of its letters are ASCII, with a NUL on one side."""
    if size % 2 == 0 and len(start) >= 4:
        for encoding, high, low in (
            ("utf-16-le", start[1::2], start[::2]),
            ("utf-16-be", start[::2], start[1::2]),
        ):
            if high.count(0) > len(high) / 3 and low.count(0) == 0:
                return encoding
    return None


def _guess_eight_bit(sample: bytes) -> str:
    """Guess an encoding by the lines that aren't ASCII; short ones lead a statistical guess astray."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - for the few files that need it

    try:
        western = sample.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    if western and not _WESTERN.sub("", western):
        accented, letters = len(_ACCENTED.findall(western)), sum(map(str.isalpha, western))
        if accented <= max(3, 0.4 * letters):
            return "cp1252"
    guess = from_bytes(sample, cp_isolation=_CANDIDATES).best()
    return guess.encoding if guess else "cp1252" if western else "latin-1"


def _encoding_name(encoding: str) -> str:
    """Return an encoding the name that people know it by."""
    name = re.sub(
        r"-[lb]e$", "", encoding.replace("_", "-").upper().replace("ISO8859", "ISO-8859"), flags=re.I
    )
    return re.sub(r"^CP125", "Windows-125", name)


def _not_text_error(name: str) -> DataError:
    return DataError("This isn't a text file.", where=name, remedy="Save it as “CSV UTF-8”.")
