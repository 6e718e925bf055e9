"""The bytes of a text file to its text, whatever system it was written on."""

import codecs
import re
from itertools import islice

from components.errors import DataError

# By their first bytes; UTF-32 stands before UTF-16, which it begins like.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# What is guessed among: those that files for Windows and the web come in, and none of mainframes and DOS.
_LIKELY = [
    *(f"cp{number}" for number in (*range(1250, 1258), 874, 932, 949)),
    *(f"iso8859_{number}" for number in (2, 5, 7, 9, 15)),
    *("koi8_r", "euc_jp", "gb18030", "big5"),
]
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_FOREIGN = re.compile(rb"[^\n\r]*[\x80-\xff][^\n\r]*")
_LINES = 500  # lines with accents, at most, by which an encoding is guessed
# What stands beside ASCII in the languages of western Europe: letters, and signs that stand between words.
_WESTERN_LETTERS = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœŸ"
_WESTERN = re.compile(
    rf"[\x00-\x7f{_WESTERN_LETTERS}]|(?<![^\W\d_])[^\w\s]|[^\w\s](?![^\W\d_])|[\xa0ªºµ²³¼½¾]"
)
_ACCENTED = re.compile(f"[{_WESTERN_LETTERS}]")


def decode(content: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """Give a file's text, its lines ended by line feeds, and notes on what was assumed.

    Args:
        content: the file, byte for byte.
        name: what to call it in messages.

    Raises:
        DataError: if it is no text, or an empty one.
    """
    encoding, certain = _encoding(content, name)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"Some letters can't be read: this isn't all {_name(encoding)}.",
            where=f"{name}, row {row}",
            remedy="Save it as “CSV UTF-8”, then upload it again.",
        ) from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise _no_text(name)
    if not text.strip():
        raise DataError("This file is empty.", where=name, remedy="Choose another one.")
    if certain:
        return text, ()
    return text, (f"Its letters were read as {_name(encoding)}, the likeliest guess; it isn't in UTF-8.",)


def _encoding(content: bytes, name: str) -> tuple[str, bool]:
    """Find a text's encoding, and tell whether it is beyond doubt."""
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding, True
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_mostly_utf8(content):
            return "utf-8", True
        fault = error
    else:
        # Text in UTF-16 that holds nothing but ASCII is UTF-8 too, with a NUL beside each letter.
        return (_utf16(content) or "utf-8"), True
    if wide := _utf16(content):
        return wide, False
    if _CONTROLS.search(content):
        raise _no_text(name) from fault
    return _eight_bits(b"\n".join(match[0] for match in islice(_FOREIGN.finditer(content), _LINES))), False


def _is_mostly_utf8(content: bytes) -> bool:
    """Tell whether a text is UTF-8 with a few broken letters: then nothing else is meant."""
    letters = re.sub(rb"[\x00-\x7f]+", b" ", content).decode("utf-8", errors="replace").replace(" ", "")
    broken = letters.count("\ufffd")
    return len(letters) - broken > broken


def _utf16(content: bytes) -> str | None:
    """Find UTF-16 without a mark: at least a third of its letters are ASCII, with a NUL on one side."""
    start = content[: 1 << 16]
    if len(content) % 2 == 0 and len(start) >= 4:
        for encoding, high, low in (
            ("utf-16-le", start[1::2], start[::2]),
            ("utf-16-be", start[::2], start[1::2]),
        ):
            if high.count(0) > len(high) / 3 and low.count(0) == 0:
                return encoding
    return None


def _eight_bits(sample: bytes) -> str:
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
    guess = from_bytes(sample, cp_isolation=_LIKELY).best()
    return guess.encoding if guess else "cp1252" if western else "latin-1"


def _name(encoding: str) -> str:
    """Give an encoding the name that people know it by."""
    name = re.sub(
        r"-[lb]e$", "", encoding.replace("_", "-").upper().replace("ISO8859", "ISO-8859"), flags=re.I
    )
    return re.sub(r"^CP125", "Windows-125", name)


def _no_text(name: str) -> DataError:
    return DataError("This isn't a text file.", where=name, remedy="Save it as “CSV UTF-8”.")
