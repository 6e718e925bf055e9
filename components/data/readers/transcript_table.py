"""The table beside recordings that says what is said in each: a column of file names, and one of texts."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import pandas as pd

from components.data.readers import csv_reader
from components.data.readers.archives import extract
from components.errors import DataError

_ENDINGS = (".csv", ".tsv")
_FILE = ("file", "file_name", "filename", "path", "audio", "recording", "id", "name")
_TEXT = ("text", "transcript", "transcription", "sentence", "words", "label")
_VOICE = ("speaker", "voice", "speaker_id", "client_id", "group")
_WORD = re.compile(r"[\w'’]+")


@dataclass(frozen=True)
class Transcript:
    """What a table says of a recording.

    Attributes:
        text: its words, in small letters and without punctuation, with spaces between them.
        voice: whose it is; "" where the table doesn't say.
    """

    text: str
    voice: str


def find_table(files: Sequence[zipfile.ZipInfo]) -> zipfile.ZipInfo | None:
    """Return the one table among the files of a zip; None where there is none, or several."""
    found = [file for file in files if PurePosixPath(file.filename).suffix.lower() in _ENDINGS]
    return found[0] if len(found) == 1 else None


def read_transcripts(source: Path, file: str, name: str, most: int) -> dict[str, Transcript]:
    """Read what a table in a zip says of the recordings beside it.

    Args:
        source: the zip.
        file: the table's name in it.
        name: of the zip, to call it in messages.
        most: bytes that may come out.

    Returns:
        the transcripts by the names of the recordings, as `recording_key` gives them; none where the table
        has no column of files, or none of texts.

    Raises:
        DataError: if it can't be read, or a text holds no word.
    """
    called = f"{name}, {file}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        extract(source, file, path, name, most)
        frame = csv_reader.read_csv(path, called).frame
    files, texts = _column(frame, _FILE), _column(frame, _TEXT)
    if files is None or texts is None:
        return {}
    if frame[texts].dtype != "str":
        raise DataError(
            f"The column “{texts}” holds numbers, not words.",
            where=called,
            remedy="Write numbers as they are said, such as “four two seven”.",
        )
    voices = _column(frame, _VOICE)
    found = {}
    for row, (recording, text) in enumerate(zip(frame[files].astype(str), frame[texts], strict=True)):
        words = [] if pd.isna(text) else _WORD.findall(text.lower())
        if not words:
            raise DataError(
                f"The transcript of “{recording[:80]}” holds no word.",
                where=called,
                remedy="Write what is said, or leave the recording out.",
            )
        voice = "" if voices is None else str(frame[voices].iloc[row])
        found[recording_key(recording)] = Transcript(" ".join(words), voice)
    return found


def recording_key(file: str) -> str:
    """Return what a recording is found by: its file's name in small letters, without folders and ending.

    Example:
        >>> recording_key("clips/Anna_3.WAV")
        'anna_3'
    """
    path = PurePosixPath(file.replace("\\", "/").strip())
    return (path.stem if path.suffix.lower() in (".wav", ".flac", ".ogg", ".mp3") else path.name).lower()


def _column(frame: pd.DataFrame, known: Sequence[str]) -> str | None:
    """Return the column that is called by the first of some names that there is."""
    by_name = {str(column).strip().lower().replace(" ", "_"): column for column in frame.columns}
    return next((by_name[name] for name in known if name in by_name), None)
