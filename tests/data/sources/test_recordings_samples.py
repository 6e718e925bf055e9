"""The recordings that ship are small, whole, and as their card says; those that can be heard are there."""

import numpy as np
import pytest

from components import data
from components.data.datasets import Recordings
from components.data.readers import mel_spectrogram
from components.data.sources import audio_playback
from components.data.sources.recordings_samples import DECIBEL_STEP, RECORDINGS_SAMPLES, first_recordings
from components.data.sources.sample_info import FILES
from components.data.splits.random_split import random_split
from components.errors import DataError
from components.recipe import Preparation, Sample
from tests.data.sources.make_spoken_digits import (
    PEOPLE,
    SHIPPED_VOICES,
    TAKES_OF_PEOPLE,
    TAKES_OF_VARIANTS,
    VARIANTS,
    WORDS,
)

DIGITS = Sample(name="spoken_digits")


@pytest.fixture(scope="module")
def digits() -> Recordings:
    found = data.load(DIGITS)
    assert isinstance(found, Recordings)
    return found


def test_it_says_what_it_is(digits):
    info = RECORDINGS_SAMPLES[DIGITS.name]
    assert digits.kind == info.kind == "recordings" and digits.notes == info.notes
    assert "eSpeak NG" in info.provenance.source and "CC0" in info.provenance.licence and info.description


def test_it_is_small():
    info = RECORDINGS_SAMPLES[DIGITS.name]
    assert sum((FILES / name).stat().st_size for name in (info.file, info.sounds)) < 2_000_000
    assert sum(file.stat().st_size for file in FILES.iterdir()) < 5_000_000


def test_every_voice_says_every_digit(digits):
    takes = dict.fromkeys(VARIANTS.split(), TAKES_OF_VARIANTS) | dict.fromkeys(PEOPLE, TAKES_OF_PEOPLE)
    assert digits.answer.names == WORDS and {*digits.groups.names} == {*takes}
    said = np.zeros((len(takes), len(WORDS)), int)
    np.add.at(said, (digits.groups.codes, digits.answer.codes), 1)
    assert (said == np.array([takes[voice] for voice in digits.groups.names])[:, None]).all()


def test_levels_are_those_of_a_spectrogram(digits):
    assert digits.values.min() >= -mel_spectrogram.DECIBEL_RANGE and digits.values.max() == 0
    assert (digits.values % DECIBEL_STEP == 0).all() and digits.step == mel_spectrogram.HOP_SECONDS
    # Every recording has its own loudest place, a decibel of rounding apart.
    loudest = np.maximum.reduceat(digits.values.max(axis=1), digits.offsets[:-1])
    assert (loudest == 0).all()


def test_the_test_is_on_voices_that_are_not_learnt_from(digits):
    parts = random_split(digits.size, Preparation(), classes=digits.answer, groups=digits.groups)
    voices = [{*digits.groups.codes[part]} for part in (parts.train, parts.validation, parts.test)]
    assert sum(map(len, voices)) == len(digits.groups.names)
    for part in (parts.validation, parts.test):
        assert 0.1 < len(part) / digits.size < 0.2
        assert len({*digits.answer.codes[part]}) == len(WORDS)


def test_some_can_be_heard(digits):
    heard = [number for number, file in enumerate(digits.files) if file]
    assert len(heard) == len(SHIPPED_VOICES) * len(WORDS) == 60
    assert f"the sound of {len(heard)} of them" in digits.notes[0]
    for number in heard:
        word, voice = digits.files[number].removesuffix(".mp3").split("/")
        assert WORDS[digits.answer.codes[number]] == word
        assert digits.groups.names[digits.groups.codes[number]] == voice
        sound = audio_playback.load_audio(digits, number)
        assert sound is not None and sound.mime == "audio/mpeg" and len(sound.content) > 1000
    silent = next(number for number, file in enumerate(digits.files) if not file)
    assert audio_playback.load_audio(digits, silent) is None


def test_the_first_are_read_without_the_others(digits):
    for number, levels in enumerate(first_recordings(DIGITS, 3)):
        np.testing.assert_array_equal(levels, digits.sequence(number))
    with pytest.raises(DataError, match="no recordings"):
        first_recordings(Sample(name="sunspots"), 1)
