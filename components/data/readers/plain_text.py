"""Plain text: one long text, or a zip of texts in a folder for each class."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from components.data.datasets import Classes, Provenance, Texts
from components.data.parsing.encoding import decode, read_beginning, transcribe
from components.data.parsing.scripts import count_words, is_letter, is_unspaced
from components.data.readers.archives import list_entries, read_entries
from components.errors import DataError
from components.recipe import Upload

_LINES = 200  # at the beginning, that tell prose from a table
_BEGINNING = 1 << 20  # bytes in which these lines are looked for
_DELIMITERS = ",;\t|"
_MOST_BYTES = 100 << 20  # of a text, which is in memory as a whole
_LETTER_SHARE = 0.6  # of the signs in prose, at least, are letters
_MIN_WORDS = 3  # of some line, where no spaces part them
_TABLE_LINE_SHARE = 0.9  # of a table's lines have the same number of delimiters


def is_prose(text: str) -> bool:
    """Tell by its first lines whether a text is to be read, rather than a table.

    A table has the same number of the same delimiter in each line, or one number a line; prose has letters.
    """
    lines = [line for line in text.split("\n", 5 * _LINES)[: 5 * _LINES] if line.strip()][:_LINES]
    if not lines:
        return False
    written = "".join("".join(lines).split())
    if sum(map(is_letter, written)) < _LETTER_SHARE * len(written):
        return False
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count)
        if usual and len(lines) > 1 and counts.count(usual) >= _TABLE_LINE_SHARE * len(lines):
            return False
    if is_unspaced(written):
        return any(count_words(line) >= _MIN_WORDS for line in lines)
    return any(" " in line.strip() for line in lines)


def read_text(path: Path, reference: Upload, provenance: Provenance) -> Texts | None:
    """Read a file as one long text; None where it is a table or no text, as the reader of tables will say.

    Most files are tables: of these, only the beginning is read.
    """
    if path.stat().st_size > _MOST_BYTES:  # then it can only be a table
        return None
    with path.open("rb") as file:
        try:
            if not is_prose(read_beginning(file, _BEGINNING, reference.name)):
                return None
            text = io.BytesIO()
            notes = transcribe(file, text, reference.name)
        except DataError:
            return None
    return Texts(reference, reference.name, provenance, (text.getvalue().decode(),), notes=notes)


def are_text_folders(files: Sequence[zipfile.ZipInfo]) -> bool:
    """Return whether files of a zip are texts in folders."""
    paths = [PurePosixPath(file.filename) for file in files]
    return len(paths) > 1 and all(path.suffix.lower() == ".txt" and len(path.parts) > 1 for path in paths)


def read_text_folders(path: Path, reference: Upload, provenance: Provenance, most: int) -> Texts:
    """Read a zip of text files, whose folders are the classes. Nothing is written anywhere.

    Args:
        path: where the zip lies.
        reference: of the file; its name stands in messages.
        provenance: of the data.
        most: bytes that may come out, all files together.

    Raises:
        DataError: if it is damaged or locked, more would come out, or a file in it is no text.
    """
    name, texts, labels = reference.name, [], []
    noted: dict[str, None] = {}
    files = sorted(list_entries(path, name), key=lambda file: file.filename)
    for file, content in read_entries(path, files, name, most):
        text, notes = decode(content, f"{name}, {file.filename}") if content.strip() else ("", ())
        texts.append(text.strip())
        labels.append(PurePosixPath(file.filename).parts[-2])
        noted |= dict.fromkeys(notes)
    classes = Classes.of(labels) if len(set(labels)) > 1 else None
    return Texts(reference, name, provenance, tuple(texts), classes, notes=tuple(noted)[:3])
