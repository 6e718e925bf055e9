"""The recordings that ship with Unroll: their spectrograms, packed by LZMA, and a few of their sounds."""

import lzma
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from components.data.datasets import Classes, Kind, Provenance, Recordings
from components.data.readers import mel_spectrogram
from components.data.readers.recordings_archive import band_names
from components.data.sources.sample_info import FILES, SampleInfo
from components.errors import DataError
from components.recipe import Sample

DECIBEL_STEP = 2.0
"""Decibels to which the levels that ship are rounded; a finer step would make the file larger by a half."""


@dataclass(frozen=True, kw_only=True)
class RecordingsSample(SampleInfo):
    """Recordings that ship, as one NumPy array after the other.

    They are the names of the voices; for each recording the file of its sound, or "", the codes of its word
    and its voice, and its frames; and the frames of all, uint8, in steps of `DECIBEL_STEP` decibels above
    silence.

    Attributes:
        sounds: a zip of sounds among the files that ship.
        names: of the words, in their order.
    """

    kind: ClassVar[Kind] = "recordings"

    sounds: str
    names: tuple[str, ...]

    def read(self, reference: Sample) -> Recordings:
        """Unpack the recordings."""
        with lzma.open(FILES / self.file) as file:
            voices, files, words, speakers, lengths, levels = (
                np.load(file, allow_pickle=False) for _ in range(6)
            )
        return Recordings(
            reference,
            self.title,
            self.provenance,
            _to_decibels(levels),
            np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]),
            band_names(),
            answer=Classes(words.astype(np.int32), self.names),
            groups=Classes(speakers.astype(np.int32), tuple(voices.tolist())),
            step=mel_spectrogram.HOP_SECONDS,
            files=tuple(files.tolist()),
            notes=self.notes,
        )

    def first(self, count: int) -> list[np.ndarray]:
        """Return the first recordings, (frames, bands) each, without unpacking those that follow."""
        with lzma.open(FILES / self.file) as file:
            *_, lengths = (np.load(file, allow_pickle=False) for _ in range(5))
            np.lib.format.read_magic(file)
            _, _, kind = np.lib.format.read_array_header_1_0(file)
            parts = [
                np.frombuffer(file.read(frames * mel_spectrogram.BANDS), kind) for frames in lengths[:count]
            ]
        return [_to_decibels(part.reshape(-1, mel_spectrogram.BANDS)) for part in parts]


def first_recordings(reference: Sample, count: int) -> list[np.ndarray]:
    """Return the first recordings of a sample, as `RecordingsSample.first` does.

    Raises:
        DataError: if there is none of that name.
    """
    info = RECORDINGS_SAMPLES.get(reference.name)
    if info is None:
        raise DataError(f"There are no recordings “{reference.name}”.", where="dataset")
    return info.first(count)


def _to_decibels(levels: np.ndarray) -> np.ndarray:
    return levels.astype(np.float32) * np.float32(DECIBEL_STEP) - np.float32(mel_spectrogram.DECIBEL_RANGE)


RECORDINGS_SAMPLES: dict[str, RecordingsSample] = {
    "spoken_digits": RecordingsSample(
        title="Spoken digits",
        file="spoken_digits.xz",
        sounds="spoken_digits_heard.zip",
        description=(
            "The English digits from zero to nine, spoken by many artificial voices in many rooms. Can a "
            "model recognise a digit in a voice that it has never heard?"
        ),
        names=("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
        provenance=Provenance(
            "Made for Unroll with the free synthesisers eSpeak NG 1.51, Flite 2.2 and Festival 2.5, by "
            "tests/data/sources/make_spoken_digits.py",
            "CC0 1.0; the synthesisers are free software (GPL 3, and the licences of Carnegie Mellon and "
            "Edinburgh universities)",
            "https://github.com/espeak-ng/espeak-ng",
        ),
        notes=(
            "The voices are synthetic. Pace, pitch and size of the speakers change from recording to "
            "recording, and echo, noise and a microphone are simulated. The sample holds the spectrograms, "
            "in steps of two decibels, and the sound of 60 of them.",
            "Each voice is in one set only, so the test is on voices that the model has never heard.",
        ),
    ),
}
