"""Strings of digits: of the voices that ship, one voice each, the same for the same seed."""

import numpy as np
import pytest

from components.data import load
from components.data.datasets import Recordings, Transcripts
from components.data.readers import mel_spectrogram
from components.data.splits.example_split import split_examples
from components.errors import DataError
from components.recipe import Generated, Preparation, Sample


def strings(length=60, seed=0, **parameters) -> Recordings:
    found = load(Generated(name="digit_strings", length=length, seed=seed, parameters=parameters))
    assert isinstance(found, Recordings) and isinstance(found.answer, Transcripts)
    return found


@pytest.fixture(scope="module")
def made() -> Recordings:
    return strings()


def test_they_are_of_three_to_six_digits_in_decibels_below_the_loudest(made):
    assert {*made.answer.lengths} == {3, 4, 5, 6}
    assert made.answer.names == load(Sample(name="spoken_digits")).answer.names
    assert all(made.sequence(number).max() == 0 for number in range(made.size))
    assert made.values.min() >= -mel_spectrogram.DECIBEL_RANGE
    assert made.provenance == load(Sample(name="spoken_digits")).provenance


def test_no_voice_of_the_test_set_is_in_another_set():
    found = strings(400)
    split = split_examples(found, Preparation())
    voices = [{*found.groups.codes[part]} for part in (split.train, split.validation, split.test)]
    assert len(split.test) > 40 and len(voices[2]) > 5
    assert not (voices[0] | voices[1]) & voices[2] and not voices[0] & voices[1]


def test_fewer_are_the_first_and_another_seed_gives_others(made):
    few = strings(50)
    np.testing.assert_array_equal(few.values, made.values[: len(few.values)])
    assert strings(50, seed=1).answer.text(0) != few.answer.text(0)


def test_longer_pauses_make_longer_strings_and_less_noise_quieter_ones():
    short, long = (strings(50, pause=pause, fewest=4, most=4).lengths.mean() for pause in (0.0, 0.6))
    assert 8 < long - short < 100
    loud, quiet = (np.median(strings(50, noise=noise).values) for noise in (-10, -60))
    assert quiet < loud - 5


def test_it_does_not_matter_which_of_two_sliders_is_the_higher():
    once, again = strings(50, fewest=3, most=6), strings(50, fewest=6, most=3)
    np.testing.assert_array_equal(once.answer.codes, again.answer.codes)


def test_more_than_can_be_held_is_refused():
    with pytest.raises(DataError, match="too long"):
        strings(length=100_000, fewest=8, most=8)
