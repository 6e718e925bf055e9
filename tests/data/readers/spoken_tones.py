"""A zip of sentences in an alphabet of tones, with a table of what is said in each: brought in a moment."""

import io
import zipfile

import numpy as np

from tests.data.readers.waveforms import silence, tone, wav_bytes

VOICES = ("ann", "ben", "cat", "dan", "eve", "fay")
PITCHES = {"low": 300.0, "high": 2000.0}
SENTENCES = ("Low, high!", "HIGH", "high low low", "low", "high high")


def sentences_zip() -> tuple[bytes, dict[str, str]]:
    """Let each voice say each sentence at its own pitch → the zip, and each file's transcript as it is meant.

    Example:
        the file “clips/ann_1.wav” is to be transcribed “low high”.
    """
    kept, wanted, rows = io.BytesIO(), {}, ["file,transcript,speaker"]
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, voice in enumerate(VOICES):
            for take, sentence in enumerate(SENTENCES, 1):
                words = sentence.lower().replace(",", "").replace("!", "").split()
                file = f"clips/{voice}_{take}.wav"
                archive.writestr(file, wav_bytes(_say(words, 1 + 0.02 * number)))
                rows.append(f'{file},"{sentence}",{voice}')
                wanted[file] = " ".join(words)
        archive.writestr("said.csv", "\n".join(rows) + "\n")
    return kept.getvalue(), wanted


def _say(words: list[str], pitch: float) -> np.ndarray:
    parts = [part for word in words for part in (tone(pitch * PITCHES[word], 0.15), silence(0.12))]
    return np.concatenate([silence(0.05), *parts])
