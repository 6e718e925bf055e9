"""Recordings made of others: words of the voices that ship, strung together as if said in one go."""

from collections.abc import Sequence

import numpy as np

from components.data.datasets import Classes, Recordings, Transcripts
from components.data.readers import mel_spectrogram
from components.data.sources.recordings_samples import RECORDINGS_SAMPLES
from components.data.sources.synthetic.generator import Generator, Origin, Parameter
from components.errors import DataError
from components.recipe import Sample

DIGITS = "spoken_digits"
"""The sample whose recordings are strung together."""
_MOST_VALUES = 40_000_000  # numbers in all recordings together: 160 MB
_OVERLAP = 0.06  # seconds by which a word may begin before the one before it has faded
_LOUDER = 4.0  # decibels by which a word may be louder or quieter than it was recorded
_SILENCE = -60.0  # decibels of the quietest noise
_TILT = (-15.0, 3.0)  # decibels from the lowest band of the noise to the highest
_PACE = (0.85, 1.2)  # of a string, times that of its recordings
_SIZE = (0.9, 1.12)  # of its speaker, by which frequencies are divided, likewise
_MICROPHONE = 6.0  # decibels by which the highest band may be louder or quieter than the lowest
_EDGE = 2  # frames at either end of a recording that hold its room alone


def digit_strings(
    origin: Origin, rng: np.random.Generator, *, fewest: float, most: float, pause: float, noise: float
) -> Recordings:
    """Return strings of digits, each said by one voice, with pauses between the words and noise behind them.

    The words are recordings of the sample of spoken digits, whose powers are added up band by band. Between
    them lies what is heard at their ends, and behind everything steady noise: a band's power is drawn from
    a gamma distribution, whose shape is the number of frequencies that the band sums up. Each string has a
    pace, a size of its speaker and a microphone of its own.

    Raises:
        DataError: if there are to be more recordings than can be made.
    """
    shortest, longest = sorted((int(fewest), int(most)))  # two sliders may pass each other
    sample = RECORDINGS_SAMPLES[DIGITS].read(Sample(name=DIGITS))
    words = _Words(sample)
    gaps = (-_OVERLAP / sample.step, pause / sample.step)
    levels, codes, voices, size = [], [], [], 0
    for _ in range(origin.reference.length):
        voice = int(rng.integers(len(words.voices)))
        said = rng.integers(len(words.names), size=int(rng.integers(shortest, longest + 1)))
        takes = [rng.choice(words.takes[voice][code]) for code in said]
        levels.append(words.string(takes, gaps, noise, rng))
        size += levels[-1].size
        if size > _MOST_VALUES:
            raise DataError(
                "The recordings would be too long in total.", where=origin.title, remedy="Ask for fewer."
            )
        codes.append(said)
        voices.append(voice)
    return Recordings(
        origin.reference,
        origin.title,
        sample.provenance,
        np.concatenate(levels),
        np.cumsum([0, *map(len, levels)]),
        sample.channels,
        answer=Transcripts(
            np.concatenate(codes).astype(np.int32), np.cumsum([0, *map(len, codes)]), words.names
        ),
        groups=Classes(np.array(voices, np.int32), words.voices),
        step=sample.step,
        files=("",) * len(levels),
        notes=(
            "The words are recordings of the sample “Spoken digits”, strung together with pauses and noise, "
            "each string at another pace. They were said one by one, so they don't run into each other as in "
            "fluent speech.",
            "Each voice is in one set only, so the test is on voices that the model has never heard.",
        ),
    )


class _Words:
    """Recorded words, as powers that can be added up.

    Attributes:
        voices: their names.
        names: of the words.
        takes: for each voice and each word, the numbers of its recordings.
    """

    def __init__(self, sample: Recordings):
        assert isinstance(sample.answer, Classes) and sample.groups is not None  # as it ships
        self.voices, self.names = sample.groups.names, sample.answer.names
        both = sample.groups.codes * len(self.names) + sample.answer.codes
        order = np.argsort(both, kind="stable")
        ends = np.cumsum(np.bincount(both, minlength=len(self.voices) * len(self.names)))[:-1]
        flat = np.split(order, ends)
        self.takes = [flat[at : at + len(self.names)] for at in range(0, len(flat), len(self.names))]
        self._power, self._offsets = 10 ** (sample.values / 10), sample.offsets
        edges = np.concatenate([[self._offsets[:-1] + n, self._offsets[1:] - 1 - n] for n in range(_EDGE)])
        self._rooms = self._power[edges].mean(axis=0)
        filters = mel_spectrogram.mel_filters()
        self._shapes = (filters.sum(axis=1) ** 2 / np.square(filters).sum(axis=1)).astype(np.float32)

    def string(
        self, takes: Sequence[int], gaps: tuple[float, float], noise: float, rng: np.random.Generator
    ) -> np.ndarray:
        """String recordings together.

        Args:
            takes: their numbers.
            gaps: frames from the end of a word to the beginning of the next one, at least and at most.
            noise: decibels of the loudest noise below the loudest band.
            rng: draws gaps, loudness, noise, pace, size and microphone.

        Returns:
            (frames, bands) float32, in decibels below the loudest band.
        """
        firsts, end = [0], 0
        for number, take in enumerate(takes):
            if number:
                firsts.append(max(0, end + round(rng.uniform(*gaps))))
            end = firsts[-1] + int(self._offsets[take + 1] - self._offsets[take])
        gains = 10 ** (rng.uniform(-_LOUDER, _LOUDER, len(takes)) / 10)
        words = [
            self._recording(take) * gain for take, gain in zip(takes, gains.astype(np.float32), strict=True)
        ]
        tilt = np.linspace(0, rng.uniform(*_TILT), len(self._shapes))
        loudest = max(word.max() for word in words)
        steady = (gains @ self._rooms[takes]) / len(takes)
        steady += loudest * 10 ** ((rng.uniform(_SILENCE, noise) + tilt) / 10)
        power = rng.standard_gamma(self._shapes, (end, len(self._shapes)), np.float32)
        power *= (steady / self._shapes).astype(np.float32)
        for first, word in zip(firsts, words, strict=True):
            power[first : first + len(word)] += word
        levels = 10 * np.log10(np.maximum(power, np.float32(1e-12)))
        levels = said_again(levels, rng.uniform(*_PACE), rng.uniform(*_SIZE))
        levels += rng.uniform(-_MICROPHONE, _MICROPHONE) * np.linspace(0, 1, len(self._shapes))
        return np.maximum(levels - levels.max(), -mel_spectrogram.DECIBEL_RANGE).astype(np.float32)

    def _recording(self, take: int) -> np.ndarray:
        return self._power[self._offsets[take] : self._offsets[take + 1]]


def said_again(levels: np.ndarray, pace: float, size: float) -> np.ndarray:
    """Return a recording as a speaker of another size would say it at another pace, (frames / pace, bands).

    Args:
        levels: (frames, bands) in decibels.
        pace: times that it is said faster.
        size: times that the speaker is larger: all frequencies are divided by it.
    """
    frames = np.linspace(0, len(levels) - 1, max(1, round(len(levels) / pace)))
    centres = mel_spectrogram.band_centres()
    bands = np.interp(centres * size, centres, np.arange(len(centres)))
    return _interpolated(_interpolated(levels, frames).T, bands).T


def _interpolated(rows: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return rows at places between them, (places, columns), on straight lines."""
    before = np.minimum(places.astype(int), len(rows) - 1)
    after = np.minimum(before + 1, len(rows) - 1)
    share = (places - before)[:, None]
    return (1 - share) * rows[before] + share * rows[after]


RECORDINGS: dict[str, Generator] = {
    "digit_strings": Generator(
        "Strings of digits",
        "recordings",
        (
            Parameter("fewest", "Fewest digits", 1, 8, 3, 1, "Digits of the shortest strings."),
            Parameter("most", "Most digits", 1, 8, 6, 1, "Digits of the longest strings."),
            Parameter("pause", "Longest pause", 0, 0.6, 0.3, 0.05, "Seconds between two digits at most."),
            Parameter(
                "noise",
                "Loudest noise",
                -60,
                -10,
                -25,
                1,
                "Decibels of the noise in the background, below the loudest sound.",
            ),
        ),
        digit_strings,
    ),
}
