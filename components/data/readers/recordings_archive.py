"""A zip of audio files in a folder for each word."""

import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from components.data.datasets import Classes, Provenance, Recordings, concatenate_sequences
from components.data.readers import audio, mel_spectrogram
from components.data.readers.archives import list_entries, read_entries
from components.errors import DataError
from components.recipe import Upload

MIN_VOICES = 5
"""Of which some can be kept for validation and test; of fewer, all are learnt from."""
_MOST_VALUES = 50_000_000  # numbers in memory: an hour and a half of words


def are_recordings(files: Sequence[zipfile.ZipInfo]) -> bool:
    """Return whether files of a zip are recordings in folders, perhaps with a few others beside them."""
    return 2 * len(_wav_entries(files)) > max(2, len(files))


def band_names() -> tuple[str, ...]:
    """Name the bands of pitches by the frequency in their middle."""
    return tuple(f"{frequency:,.0f} Hz" for frequency in mel_spectrogram.band_centres())


def read_recordings(path: Path, reference: Upload, provenance: Provenance, most: int) -> Recordings:
    """Read a zip of audio files, whose folders are the words. Nothing is written anywhere.

    What a file's name begins with, up to an underscore, is taken for its voice, as in “anna_3.wav”.

    Args:
        path: where the zip lies.
        reference: of the file; its name stands in messages.
        provenance: of the data.
        most: bytes that may come out, all files together.

    Raises:
        DataError: if it is damaged or locked, more would come out, or a file in it is no word that can be
            heard.
    """
    name, values = reference.name, 0
    every = list_entries(path, name)
    files = sorted(_wav_entries(every), key=lambda file: file.filename)
    parts = []
    for file, content in read_entries(path, files, name, most):
        called = f"{name}, {file.filename}"
        parts.append(mel_spectrogram.log_mel_spectrogram(audio.read(content, called), called))
        values += parts[-1].size
        if values > _MOST_VALUES:
            raise DataError(
                "The recordings are too long in total.", where=name, remedy="Upload fewer or shorter ones."
            )
    spectra, offsets = concatenate_sequences(parts)
    names = tuple(file.filename for file in files)
    voices = _find_voices(names)
    return Recordings(
        reference,
        name,
        provenance,
        spectra,
        offsets,
        band_names(),
        answer=Classes.of([PurePosixPath(name).parts[-2] for name in names]),
        groups=voices,
        step=mel_spectrogram.HOP_SECONDS,
        files=names,
        notes=_voice_notes(voices, len(every) - len(files)),
    )


def _wav_entries(files: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    paths = [(file, PurePosixPath(file.filename)) for file in files]
    return [file for file, path in paths if path.suffix.lower() in audio.MIME_TYPES and len(path.parts) > 1]


def _find_voices(names: Sequence[str]) -> Classes | None:
    """Return the voices by the names of files; None where they tell none, or too few to keep some apart."""
    stems = [PurePosixPath(name).stem.partition("_") for name in names]
    voices = {voice for voice, _, _ in stems}
    if not all(voice and mark for voice, mark, _ in stems) or len(voices) < MIN_VOICES:
        return None
    return Classes.of([voice for voice, _, _ in stems])


def _voice_notes(voices: Classes | None, passed_over: int) -> tuple[str, ...]:
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
        notes.append(f"{files} skipped: only recordings inside folders are read.")
    return tuple(notes)
