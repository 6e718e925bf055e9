"""Audio files (WAV, FLAC, OGG) to one channel of 16,000 samples a second, or one clear sentence."""

import io
import math
from typing import TYPE_CHECKING

import numpy as np

from components.errors import DataError

if TYPE_CHECKING:
    from soundfile import SoundFile

MIME_TYPES = {".wav": "audio/wav", ".flac": "audio/flac", ".ogg": "audio/ogg"}
"""What a browser calls the files that are read here, by the ending of their names."""
RATE = 16_000
"""Samples a second that every sound is brought to. Speech has little above 8,000 hertz."""
MOST_SECONDS = 10.0
_RATES = (4_000, 192_000)
_LOUDEST = 2.0**31  # some programs write floating point as large as whole numbers
_BLOCK = 1 << 22  # numbers that are decoded at once: 32 MB, for a small file may hold many channels


def read(content: bytes, name: str) -> np.ndarray:
    """Return the sound of an audio file.

    Args:
        content: of the file: WAV, FLAC or OGG with samples of any kind, any number of channels, any rate.
            Channels are averaged.
        name: to call it in messages.

    Returns:
        (samples,) float32, `RATE` of them a second, where full scale is from −1 to 1.

    Raises:
        DataError: if it is no such file, damaged, empty, too long, or packed in a way that isn't read here.
    """
    from soundfile import SoundFile, SoundFileError  # noqa: PLC0415 - costs the app 5 MB, and few need it

    kind = _kind(content)
    if kind is None:
        raise DataError(
            "This isn't a WAV, FLAC or OGG file.", where=name, remedy="Save the recording as one of these."
        )
    try:
        with SoundFile(io.BytesIO(content)) as file:
            _check(file, name)
            rate, samples = file.samplerate, _mixed(file, name)
    except SoundFileError as error:
        raise _broken(str(error), kind, name) from None
    return resampled(samples, rate, RATE).astype(np.float32)


def resampled(samples: np.ndarray, rate: int, wanted: int) -> np.ndarray:
    """Bring (samples,) from one rate to another, by cutting or filling up their spectrum.

    As `scipy.signal.resample` does; the end is filled with silence, so that the ratio of the lengths is
    exactly that of the rates.
    """
    if rate == wanted:
        return samples
    common = math.gcd(rate, wanted)
    parts = -(-len(samples) // (rate // common))
    given, length = parts * (rate // common), parts * (wanted // common)
    spectrum = np.fft.rfft(samples, given)
    kept = np.zeros(length // 2 + 1, complex)
    shared = min(len(spectrum), len(kept))
    kept[:shared] = spectrum[:shared]
    made = np.fft.irfft(kept, length) * (length / given)
    return made[: -(-len(samples) * wanted // rate)]


def _kind(content: bytes) -> str | None:
    """Return by its first bytes what an audio file is; None where it is none of those that are read."""
    if content[:4] in (b"RIFF", b"RIFX", b"RF64") and content[8:12] == b"WAVE":
        return "WAV"
    return {b"fLaC": "FLAC", b"OggS": "OGG"}.get(content[:4])


def _check(file: "SoundFile", name: str) -> None:
    """Refuse by its head what is no word."""
    if not _RATES[0] <= file.samplerate <= _RATES[1]:
        raise DataError(
            f"Its sample rate is {file.samplerate:,} Hz; {_RATES[0]:,} to {_RATES[1]:,} Hz are allowed.",
            where=name,
            remedy="Save it with a sample rate of 16,000 Hz.",
        )
    seconds = file.frames / file.samplerate
    if seconds > MOST_SECONDS:
        raise DataError(
            f"It is {seconds:,.0f} seconds long; at most {MOST_SECONDS:.0f} seconds are allowed.",
            where=name,
            remedy="Cut it into shorter recordings.",
        )


def _mixed(file: "SoundFile", name: str) -> np.ndarray:
    """Decode all samples → (samples,) float64, the mean of the channels."""
    parts = [np.empty(0)]
    # Not by its `blocks`: where a file breaks off, these end with whatever was in memory.
    while len(block := file.read(_BLOCK // file.channels, dtype="float64", always_2d=True)):
        if not (np.abs(block) <= _LOUDEST).all():  # nor is what isn't a number
            raise DataError("Some of its samples are out of range.", where=name, remedy="Save it again.")
        parts.append(block.mean(axis=1))
    samples = np.concatenate(parts)
    if not samples.size:
        raise DataError("There is no sound in it.", where=name, remedy="Record it again, or leave it out.")
    return samples


def _broken(said: str, kind: str, name: str) -> DataError:
    """Return what is wrong with a file, by what libsndfile says of it."""
    if kind == "WAV" and ("'fmt ' chunk" in said or "unimplemented format" in said):
        return DataError(
            "Its encoding isn't supported.",
            where=name,
            remedy="Save it as an uncompressed (PCM) WAV file.",
        )
    return DataError(
        f"This {kind} file is damaged or cut off.", where=name, remedy="Save or record it again."
    )
