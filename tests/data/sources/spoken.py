"""Digits that are heard: sounds that come with the app, one after the other, as a person says a number."""

import io
import zipfile

import numpy as np
import soundfile

from components.data.readers.audio import RATE
from components.data.sources.sample_info import FILES
from tests.data.readers.waveforms import silence

UNHEARD_VOICE = "awb"
"""One of the voices whose sounds ship; in the test set of the card's strings of digits."""


def spoken(words: str, voice: str = UNHEARD_VOICE, pause: float = 0.15) -> np.ndarray:
    """Return words said by a voice with so many seconds between them, (samples,)."""
    parts = []
    with zipfile.ZipFile(FILES / "spoken_digits_heard.zip") as archive:
        for word in words.split():
            sound, rate = soundfile.read(io.BytesIO(archive.read(f"{word}/{voice}.mp3")))
            assert rate == RATE
            loud = np.flatnonzero(np.abs(sound) > 0.05 * np.abs(sound).max())
            parts += [sound[max(0, loud[0] - 800) : loud[-1] + 800], silence(pause)]
    return np.concatenate(parts[:-1])
