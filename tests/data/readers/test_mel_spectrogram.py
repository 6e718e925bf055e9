"""What a model reads of a sound equals an independent computation, whatever the loudness and the silence."""

import numpy as np
import pytest
from scipy import signal

from components.data.readers import mel_spectrogram
from components.data.readers.audio import RATE
from components.errors import DataError
from tests.data.readers.waveforms import silence, tone


def word(seconds: float = 0.6) -> np.ndarray:
    """Make what sounds a little like a vowel that glides."""
    times = np.arange(round(seconds * RATE)) / RATE
    glide = np.cumsum(200 + 100 * times) / RATE
    return 0.2 * sum(np.sin(2 * np.pi * part * glide) / part for part in range(1, 20))


def test_the_bands_equal_those_of_another_program():
    sound = np.random.default_rng(0).normal(size=4000)
    window = signal.get_window("hann", mel_spectrogram.FRAME)
    _, _, spectrum = signal.stft(
        sound,
        RATE,
        window,
        mel_spectrogram.FRAME,
        mel_spectrogram.FRAME - mel_spectrogram.HOP,
        padded=False,
        boundary="zeros",
    )
    power = np.abs(spectrum * window.sum()) ** 2
    triangles = np.zeros((mel_spectrogram.BANDS, mel_spectrogram.FRAME // 2 + 1))
    ends = np.linspace(
        2595 * np.log10(1 + 60 / 700), 2595 * np.log10(1 + 7600 / 700), mel_spectrogram.BANDS + 2
    )
    ends = 700 * (10 ** (ends / 2595) - 1)
    for band in range(mel_spectrogram.BANDS):
        for place in range(mel_spectrogram.FRAME // 2 + 1):
            at = place * RATE / mel_spectrogram.FRAME
            triangles[band, place] = np.interp(at, ends[band : band + 3], [0, 1, 0])
    found = mel_spectrogram.band_powers(sound)
    np.testing.assert_allclose(found[: power.shape[1]], (triangles @ power).T, rtol=1e-9)


def test_a_tone_is_loudest_in_its_own_band():
    for frequency in (300.0, 1000.0, 4000.0):
        bands = mel_spectrogram.log_mel_spectrogram(tone(frequency), "tone").mean(axis=0)
        assert bands.argmax() == np.abs(mel_spectrogram.band_centres() - frequency).argmin()


def test_loudness_makes_no_difference():
    loud, soft = (
        mel_spectrogram.log_mel_spectrogram(word(), ""),
        mel_spectrogram.log_mel_spectrogram(0.01 * word() + 0.2, ""),
    )
    np.testing.assert_allclose(loud, soft, atol=1e-3)
    assert loud.max() == 0 and loud.min() >= -mel_spectrogram.DECIBEL_RANGE and loud.dtype == np.float32


def test_silence_around_a_word_makes_no_difference():
    little = mel_spectrogram.log_mel_spectrogram(np.concatenate([silence(0.128), word(), silence(0.256)]), "")
    much = mel_spectrogram.log_mel_spectrogram(np.concatenate([silence(0.512), word(), silence(0.96)]), "")
    np.testing.assert_allclose(little, much, atol=1e-4)
    assert len(much) * mel_spectrogram.HOP_SECONDS == pytest.approx(0.65, abs=0.07)


def test_noise_and_a_click_around_a_word_are_left_out():
    rng = np.random.default_rng(0)
    sound = np.concatenate([tone(3000, 0.01), silence(0.6), word(), silence(0.8)])
    found = mel_spectrogram.log_mel_spectrogram(sound + 1e-3 * rng.normal(size=len(sound)), "")
    assert len(found) * mel_spectrogram.HOP_SECONDS == pytest.approx(0.65, abs=0.1)


def test_a_pause_within_a_word_stays():
    sound = np.concatenate([word(0.3), silence(0.15), word(0.1)])
    assert len(mel_spectrogram.log_mel_spectrogram(sound, "")) * mel_spectrogram.HOP_SECONDS == pytest.approx(
        0.6, abs=0.07
    )


def test_of_several_words_the_pauses_between_stay_and_clicks_around_go():
    rng = np.random.default_rng(0)
    between = [word(0.3), silence(0.7), 0.5 * word(0.3), silence(0.4), word(0.3)]
    sound = np.concatenate([tone(3000, 0.01), silence(0.6), *between, silence(0.6), tone(3000, 0.01)])
    found = mel_spectrogram.log_mel_spectrogram(sound + 1e-3 * rng.normal(size=len(sound)), "", several=True)
    seconds = sum(map(len, between)) / RATE
    assert len(found) * mel_spectrogram.HOP_SECONDS == pytest.approx(seconds, abs=0.1)
    alone = mel_spectrogram.log_mel_spectrogram(word(), "", several=True)
    np.testing.assert_array_equal(alone, mel_spectrogram.log_mel_spectrogram(word(), ""))


@pytest.mark.parametrize("sound", [np.zeros(0), silence(1), np.full(5000, 0.3), 1e-5 * tone()])
def test_silence_is_said(sound):
    with pytest.raises(DataError, match="recording is silent") as caught:
        mel_spectrogram.log_mel_spectrogram(sound, "six.wav")
    assert caught.value.where == "six.wav"


def test_the_shortest_sound_has_a_frame():
    assert mel_spectrogram.log_mel_spectrogram(tone(seconds=0.001), "").shape[1] == mel_spectrogram.BANDS
