"""Reading WAV files: whatever their samples and channels are, one channel of 16,000 samples a second."""

import io
import math
import struct
import warnings
import wave

import numpy as np

from components.errors import DataError

SAMPLE_RATE = 16_000
"""Samples a second that every sound is brought to. Speech has little above 8,000 hertz."""
MOST_SECONDS = 10.0
_RATE_BOUNDS = (4_000, 192_000)
_LOUDEST = 2.0**31  # some programs write floating point as large as whole numbers
_DAMAGE_ERRORS = (
    ValueError,
    EOFError,
    OverflowError,
    MemoryError,
    TypeError,
    ArithmeticError,
    LookupError,
    NameError,  # as of SciPy 1.17: where a file ends before its samples
    struct.error,
    RuntimeError,
    OSError,
    wave.Error,
)


def read_wav(content: bytes, name: str) -> np.ndarray:
    """Read a WAV file.

    Args:
        content: of the file: whole numbers of 8, 16, 24 or 32 bits or floating point, any number of channels,
            any rate. Channels are averaged.
        name: to call it in messages.

    Returns:
        (samples,) float32, `SAMPLE_RATE` of them a second, where full scale is from −1 to 1.

    Raises:
        DataError: if it is no WAV file, damaged, empty, too long, or packed in a way that isn't read here.
    """
    rate, samples = _parse_wav(content, name)
    if not _RATE_BOUNDS[0] <= rate <= _RATE_BOUNDS[1]:
        raise DataError(
            f"It has {rate:,} samples a second; from {_RATE_BOUNDS[0]:,} to {_RATE_BOUNDS[1]:,} can be read.",
            where=name,
            remedy="Save it with 16,000 samples a second.",
        )
    if not samples.size:
        raise DataError("There is no sound in it.", where=name, remedy="Record it again, or leave it out.")
    seconds = len(samples) / rate
    if seconds > MOST_SECONDS:
        raise DataError(
            f"It is {seconds:,.0f} seconds long; of a word at most {MOST_SECONDS:.0f} can be read.",
            where=name,
            remedy="Cut the words out of it.",
        )
    scaled = _to_full_scale(samples)
    if not (np.abs(scaled) <= _LOUDEST).all():  # nor is what isn't a number
        raise DataError("Some of its samples are no numbers of a sound.", where=name, remedy="Save it again.")
    return resample(scaled.mean(axis=1), rate, SAMPLE_RATE).astype(np.float32)


def resample(samples: np.ndarray, rate: int, wanted: int) -> np.ndarray:
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


def _parse_wav(content: bytes, name: str) -> tuple[int, np.ndarray]:
    """Return the rate and the (samples, channels) as they stand in the file."""
    if content[:4] not in (b"RIFF", b"RIFX", b"RF64") or content[8:12] != b"WAVE":
        raise DataError("This is no WAV file.", where=name, remedy="Save the recording as WAV.")
    try:
        rate, samples = _read_integers(content)
    except _DAMAGE_ERRORS:
        rate, samples = _read_any_format(content, name)
    return int(rate), samples if samples.ndim == 2 else samples[:, None]


def _read_integers(content: bytes) -> tuple[int, np.ndarray]:
    """Read whole numbers, as microphones and most programs write them."""
    with wave.open(io.BytesIO(content)) as file:
        width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
        data = file.readframes(file.getnframes())
    if width == 3:
        upper = np.zeros((len(data) // 3, 4), np.uint8)
        upper[:, 1:] = np.frombuffer(data, np.uint8).reshape(-1, 3)
        return rate, upper.view("<i4").reshape(-1, channels)
    return rate, np.frombuffer(data, {1: "u1", 2: "<i2", 4: "<i4"}[width]).reshape(-1, channels)


def _read_any_format(content: bytes, name: str) -> tuple[int, np.ndarray]:
    """Read floating point and whatever else SciPy knows, or say what is wrong."""
    from scipy.io import wavfile  # noqa: PLC0415 - costs the app 14 MB, and few need it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of parts that nobody needs, such as the name of a song
            return wavfile.read(io.BytesIO(content))
    except _DAMAGE_ERRORS as error:
        if "wave file format" in str(error):
            raise DataError(
                "It is packed in a way that can’t be read here.",
                where=name,
                remedy="Save it as plain WAV, which programs call PCM.",
            ) from None
        raise DataError(
            "This WAV file is damaged or cut off.", where=name, remedy="Save or record it again."
        ) from None


def _to_full_scale(samples: np.ndarray) -> np.ndarray:
    """Bring whole numbers to −1 … 1; floating point stays as it is."""
    if samples.dtype.kind == "f":
        with np.errstate(over="ignore", invalid="ignore"):  # what is too large is refused as it is
            return samples.astype(np.float64)
    full = 2.0 ** (8 * samples.dtype.itemsize - 1)
    # Samples of 8 bits are the only ones without a sign. Those of 24 come in the upper bits of 32.
    return samples.astype(np.float64) / full - (1.0 if samples.dtype.kind == "u" else 0.0)
