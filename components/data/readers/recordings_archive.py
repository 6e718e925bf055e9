"""A zip of audio files: in a folder for each word, named by the words, or with a table of transcripts."""

import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from components.data.datasets import Classes, Provenance, Recordings, Transcripts, concatenate_sequences
from components.data.readers import audio, mel_spectrogram, transcript_table
from components.data.readers.archives import list_entries, read_entries
from components.errors import DataError
from components.recipe import Upload

MIN_VOICES = 5
"""Of which some can be kept for validation and test; of fewer, all are learnt from."""
MOST_WORDS = 200
"""Of a zip whose file names tell them."""
_PART = re.compile(r"[^\W\d_]+|\d+")  # of a name: letters or digits
_MOST_VALUES = 50_000_000  # numbers in memory: an hour and a half of words


def are_recordings(files: Sequence[zipfile.ZipInfo]) -> bool:
    """Return whether files of a zip are recordings, perhaps with a few others beside them."""
    return 2 * len(_wav_entries(files)) > max(2, len(files))


def band_names() -> tuple[str, ...]:
    """Name the bands of pitches by the frequency in their middle."""
    return tuple(f"{frequency:,.0f} Hz" for frequency in mel_spectrogram.band_centres())


def read_recordings(path: Path, reference: Upload, provenance: Provenance, most: int) -> Recordings:
    """Read a zip of audio files, whose folders are the words.

    What a file's name begins with, up to an underscore, is taken for its voice, as in “anna_3.wav”. Where all
    files are in one folder or in none, the first part of their names that repeats is the word, as in
    “yes_anna_3.wav”, and the next one made of letters the voice. Where a table lies beside them, that tells
    what is said in each, which may be several words, and perhaps whose voice it is.

    Args:
        path: where the zip lies.
        reference: of the file; its name stands in messages.
        provenance: of the data.
        most: bytes that may come out, all files together.

    Raises:
        DataError: if it is damaged or locked, more would come out, a file in it is no word that can be heard,
            or the table says nothing of the recordings.
    """
    name, values = reference.name, 0
    every = list_entries(path, name)
    files = sorted(_wav_entries(every), key=lambda file: file.filename)
    table = transcript_table.find_table(every)
    said = transcript_table.read_transcripts(path, table.filename, name, most) if table else {}
    if table and said:
        files = [file for file in files if transcript_table.recording_key(file.filename) in said]
        if not files:
            raise DataError(
                "The table names none of the recordings.",
                where=f"{name}, {table.filename}",
                remedy="Write the names of the files into its column “file”.",
            )
    parts, several = [], any(" " in one.text for one in said.values())
    for file, content in read_entries(path, files, name, most):
        called = f"{name}, {file.filename}"
        samples = audio.read(content, called)
        parts.append(mel_spectrogram.log_mel_spectrogram(samples, called, several=several))
        values += parts[-1].size
        if values > _MOST_VALUES:
            raise DataError(
                "The recordings are too long in total.", where=name, remedy="Upload fewer or shorter ones."
            )
    spectra, offsets = concatenate_sequences(parts)
    names = tuple(file.filename for file in files)
    answer: Classes | Transcripts
    notes: tuple[str, ...] = ()
    if said:
        own = [said[transcript_table.recording_key(file)] for file in names]
        texts = [one.text for one in own]
        voices = _voices([one.voice for one in own]) if own[0].voice else _find_voices(names)
        answer = Transcripts.of(texts) if several else Classes.of(texts)
    else:
        words, voices, notes = _read_words(names, name)
        answer = Classes.of(words)
    return Recordings(
        reference,
        name,
        provenance,
        spectra,
        offsets,
        band_names(),
        answer=answer,
        groups=voices,
        step=mel_spectrogram.HOP_SECONDS,
        files=names,
        notes=(*notes, *_voice_notes(voices, len(every) - len(files) - bool(said), bool(said))),
    )


def _wav_entries(files: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return the recordings; where some are in folders, those."""
    paths = [(file, PurePosixPath(file.filename)) for file in files]
    heard = [(file, path) for file, path in paths if path.suffix.lower() in audio.MIME_TYPES]
    inside = [file for file, path in heard if len(path.parts) > 1]
    return inside or [file for file, _ in heard]


def _read_words(names: Sequence[str], name: str) -> tuple[list[str], Classes | None, tuple[str, ...]]:
    """Return the words, the voices if they are told apart, and a note, by the names of files and folders.

    Raises:
        DataError: if neither tells the words.
    """
    folders = [PurePosixPath(file).parent.name for file in names]
    return _read_names(names, name) if len(set(folders)) < 2 else (folders, _find_voices(names), ())


def _read_names(names: Sequence[str], name: str) -> tuple[list[str], Classes | None, tuple[str, ...]]:
    """Return the words, the voices if they are told apart, and a note, by the names of files alone.

    Raises:
        DataError: if no part of them repeats.
    """
    parts = [_PART.findall(PurePosixPath(file).stem) for file in names]
    columns = list(zip(*parts, strict=False))  # as many as the shortest name has
    repeating = [at for at, column in enumerate(columns) if _tells_words(column)]
    if not repeating:
        raise DataError(
            "Neither folders nor file names say which word is heard in a recording.",
            where=name,
            remedy="Put the recordings of each word into a folder, name them like “yes_1.wav”, or add a CSV "
            "file with the columns “file” and “text”.",
        )
    (at, *others) = repeating
    spoken = next((n for n in others if all(map(str.isalpha, columns[n]))), None)
    voices = Classes.of(columns[spoken]) if spoken is not None else None
    if voices and len(voices.names) < MIN_VOICES:
        voices = None
    place = ("first", "second", "third", "fourth")[at] if at < 4 else f"{at + 1}th"
    note = (
        f"The classes were taken from the {place} part of the file names, such as “{columns[at][0]}” in "
        f"“{PurePosixPath(names[0]).name}”."
    )
    return list(columns[at]), voices, (note,)


def _tells_words(column: Sequence[str]) -> bool:
    """Return whether parts of names may be words: several, each heard more than once on average."""
    counts = Counter(column)
    return 1 < len(counts) <= min(MOST_WORDS, len(column) // 2)


def _find_voices(names: Sequence[str]) -> Classes | None:
    """Return the voices by the names of files; None where they tell none, or too few to keep some apart."""
    stems = [PurePosixPath(name).stem.partition("_") for name in names]
    return _voices([voice if mark else "" for voice, mark, _ in stems])


def _voices(names: Sequence[str]) -> Classes | None:
    """Return the voices by their names; None where one has none, or there are too few to keep some apart."""
    return Classes.of(names) if all(names) and len(set(names)) >= MIN_VOICES else None


def _voice_notes(voices: Classes | None, passed_over: int, by_table: bool) -> tuple[str, ...]:
    if voices:
        notes = [
            f"The file names distinguish {len(voices.names):,} voices. Each voice is in one set only, so the "
            "test is on voices that the model has never heard."
        ]
    else:
        notes = [
            "The file names don't say who is speaking, so a voice may be in both the training and the test "
            "set, which makes the test easier. With names such as “anna_3.wav” and at least "
            f"{MIN_VOICES} voices, whole voices are kept for the test."
        ]
    if passed_over:
        files = "1 file was" if passed_over == 1 else f"{passed_over:,} files were"
        read = "those that the table names" if by_table else "recordings (if any are in folders, just those)"
        notes.append(f"{files} skipped: only {read} are read.")
    return tuple(notes)
