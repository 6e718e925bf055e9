"""What a model reads of a sound equals an independent computation, whatever the loudness and the silence."""

import numpy as np
import pytest
from scipy import signal

from components.data.sound import mel
from components.data.sound.wav import RATE
from components.errors import DataError
from tests.data.sounds import quiet, tone


def word(seconds: float = 0.6) -> np.ndarray:
    """Make what sounds a little like a vowel that glides."""
    times = np.arange(round(seconds * RATE)) / RATE
    glide = np.cumsum(200 + 100 * times) / RATE
    return 0.2 * sum(np.sin(2 * np.pi * part * glide) / part for part in range(1, 20))


def test_the_bands_equal_those_of_another_program():
    sound = np.random.default_rng(0).normal(size=4000)
    window = signal.get_window("hann", mel.FRAME)
    _, _, spectrum = signal.stft(
        sound, RATE, window, mel.FRAME, mel.FRAME - mel.HOP, padded=False, boundary="zeros"
    )
    power = np.abs(spectrum * window.sum()) ** 2
    triangles = np.zeros((mel.BANDS, mel.FRAME // 2 + 1))
    ends = np.linspace(2595 * np.log10(1 + 60 / 700), 2595 * np.log10(1 + 7600 / 700), mel.BANDS + 2)
    ends = 700 * (10 ** (ends / 2595) - 1)
    for band in range(mel.BANDS):
        for place in range(mel.FRAME // 2 + 1):
            at = place * RATE / mel.FRAME
            triangles[band, place] = np.interp(at, ends[band : band + 3], [0, 1, 0])
    found = mel.banded(sound)
    np.testing.assert_allclose(found[: power.shape[1]], (triangles @ power).T, rtol=1e-9)


def test_a_tone_is_loudest_in_its_own_band():
    for frequency in (300.0, 1000.0, 4000.0):
        bands = mel.features(tone(frequency), "tone").mean(axis=0)
        assert bands.argmax() == np.abs(mel.middles() - frequency).argmin()


def test_loudness_makes_no_difference():
    loud, soft = mel.features(word(), ""), mel.features(0.01 * word() + 0.2, "")
    np.testing.assert_allclose(loud, soft, atol=1e-3)
    assert loud.max() == 0 and loud.min() >= -mel.RANGE and loud.dtype == np.float32


def test_silence_around_a_word_makes_no_difference():
    little = mel.features(np.concatenate([quiet(0.128), word(), quiet(0.256)]), "")
    much = mel.features(np.concatenate([quiet(0.512), word(), quiet(0.96)]), "")
    np.testing.assert_allclose(little, much, atol=1e-4)
    assert len(much) * mel.SECONDS == pytest.approx(0.65, abs=0.07)


def test_noise_and_a_click_around_a_word_are_left_out():
    rng = np.random.default_rng(0)
    sound = np.concatenate([tone(3000, 0.01), quiet(0.6), word(), quiet(0.8)])
    found = mel.features(sound + 1e-3 * rng.normal(size=len(sound)), "")
    assert len(found) * mel.SECONDS == pytest.approx(0.65, abs=0.1)


def test_a_pause_within_a_word_stays():
    sound = np.concatenate([word(0.3), quiet(0.15), word(0.1)])
    assert len(mel.features(sound, "")) * mel.SECONDS == pytest.approx(0.6, abs=0.07)


@pytest.mark.parametrize("sound", [np.zeros(0), quiet(1), np.full(5000, 0.3), 1e-5 * tone()])
def test_silence_is_said(sound):
    with pytest.raises(DataError, match="nothing to hear") as caught:
        mel.features(sound, "six.wav")
    assert caught.value.where == "six.wav"


def test_the_shortest_sound_has_a_frame():
    assert mel.features(tone(seconds=0.001), "").shape[1] == mel.BANDS
