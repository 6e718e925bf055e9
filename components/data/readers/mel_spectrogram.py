"""What a model reads of a sound: how loud each band of pitches is, a few dozen times a second."""

from functools import cache

import numpy as np

from components.data.readers.audio import RATE
from components.errors import DataError

FRAME, HOP = 512, 256
"""Samples that are looked at together, and samples from one such look to the next: 32 and 16 milliseconds."""
BANDS = 32
LOW, HIGH = 60.0, 7_600.0  # hertz
DECIBEL_RANGE = 60.0
"""Decibels from the loudest band on down; what is fainter is not told from silence."""
HOP_SECONDS = HOP / RATE

_MIN_AMPLITUDE = 1e-4  # of full scale: about the last digit but one of 16 bits
_SILENCE_THRESHOLD, _NOISE_THRESHOLD = (
    35.0,
    18.0,
)  # decibels below the loudest frame, where a word ends in silence and in noise
_ABOVE_NOISE = 6.0
_MAX_PAUSE = 19  # frames, 0.3 s: within a word there is no longer silence
_MARGIN = 2  # frames that are kept before and after a word
_SHORTEST_WORD = 5  # frames, 0.08 s: what is shorter is a click
_FAINTEST_WORD = 0.02  # of the energy of the loudest word: what is fainter is in the background


def log_mel_spectrogram(samples: np.ndarray, name: str, *, several: bool = False) -> np.ndarray:
    """Return what a model reads of a recorded word: its log-mel spectrogram, without the silence around it.

    The power of the short-time Fourier transform (Hann window) is summed in triangular bands that are evenly
    spaced on the mel scale, m = 2595 log₁₀(1 + f / 700) (O'Shaughnessy, Speech Communication, 1987, as in
    Davis and Mermelstein, IEEE Transactions on Acoustics, Speech, and Signal Processing, 1980), and told in
    decibels below the recording's loudest band: so it's the same however loud the recording is.

    Args:
        samples: (samples,) from −1 to 1, `RATE` of them a second.
        name: of the recording, to call it in messages.
        several: whether it may hold several words: pauses between them are kept then.

    Returns:
        (frames, `BANDS`) float32 from −`DECIBEL_RANGE` to 0, a frame every `HOP_SECONDS`, low pitches first.

    Raises:
        DataError: if there is nothing to hear.
    """
    if not len(samples) or np.abs(samples - samples.mean()).max() < _MIN_AMPLITUDE:
        raise DataError("The recording is silent.", where=name, remedy="Record it again, nearer or louder.")
    power = band_powers(samples - samples.mean())
    word = power[_find_speech(power.sum(axis=1), several)]
    return np.maximum(10 * np.log10(np.maximum(word / word.max(), 1e-12)), -DECIBEL_RANGE).astype(np.float32)


def band_powers(samples: np.ndarray) -> np.ndarray:
    """Return the power in each band of each frame, (frames, `BANDS`) float64, as if silence were around."""
    padded = np.pad(np.asarray(samples, np.float64), FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    return np.square(np.abs(np.fft.rfft(frames * window))) @ mel_filters().T


@cache
def mel_filters() -> np.ndarray:
    """Return the weights of the bands, (`BANDS`, `FRAME` // 2 + 1): triangles that are 1 at their middle."""
    ends = hertz_from_mel(np.linspace(mel_from_hertz(LOW), mel_from_hertz(HIGH), BANDS + 2))
    low, middle, high = ends[:-2, None], ends[1:-1, None], ends[2:, None]
    at = np.arange(FRAME // 2 + 1) * RATE / FRAME
    return np.clip(np.minimum((at - low) / (middle - low), (high - at) / (high - middle)), 0, None)


def mel_from_hertz(frequency: np.ndarray | float) -> np.ndarray:
    """Turn hertz into mel."""
    return 2595 * np.log10(1 + np.asarray(frequency, np.float64) / 700)


def hertz_from_mel(mels: np.ndarray | float) -> np.ndarray:
    """Turn mel into hertz."""
    return 700 * (10 ** (np.asarray(mels, np.float64) / 2595) - 1)


def band_centres() -> np.ndarray:
    """Return the frequency in the middle of each band, in hertz, (`BANDS`,)."""
    return hertz_from_mel(np.linspace(mel_from_hertz(LOW), mel_from_hertz(HIGH), BANDS + 2))[1:-1]


def _find_speech(power: np.ndarray, several: bool) -> slice:
    """Find the frames of a word by their power: the loudest stretch without a long pause, and a margin.

    What lies far below the loudest frame is silence, and so is what hardly rises above the noise. A click
    before or after the word is left out with the pause between. Of several words, all is kept from the first
    stretch to the last that is as long and about as loud as a word.
    """
    level = 10 * np.log10(np.maximum(power, power.max() * 1e-12))
    noise = np.quantile(level, 0.1) + _ABOVE_NOISE
    heard = np.flatnonzero(
        level >= np.clip(noise, level.max() - _SILENCE_THRESHOLD, level.max() - _NOISE_THRESHOLD)
    )
    stretches = np.split(heard, np.flatnonzero(np.diff(heard) > _MAX_PAUSE) + 1)
    loudest = max(stretches, key=lambda frames: power[frames].sum())
    first = last = loudest
    if several:
        least = _FAINTEST_WORD * power[loudest].sum()
        words = [
            frames
            for frames in stretches
            if frames is loudest or (len(frames) >= _SHORTEST_WORD and power[frames].sum() >= least)
        ]
        first, last = words[0], words[-1]
    return slice(max(0, first[0] - _MARGIN), last[-1] + 1 + _MARGIN)
