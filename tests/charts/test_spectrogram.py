"""Spectrograms show each sound at its own length and pitch, and where a model looked."""

import numpy as np
import pytest

from components.charts.chart import number
from components.charts.spectrogram import sound_thumbnail, spectrogram, spectrograms
from components.data.readers import mel_spectrogram

MIDDLES = mel_spectrogram.band_centres()


def sound(frames: int, loudest: int) -> np.ndarray:
    levels = np.full((frames, mel_spectrogram.BANDS), -60.0)
    levels[:, loudest] = 0
    return levels


def test_every_sound_has_its_picture():
    chart = spectrograms([("short", sound(10, 5)), ("long", sound(50, 20))], 0.02, MIDDLES, title="Words")
    assert [trace.z.shape for trace in chart.figure.data] == [
        (mel_spectrogram.BANDS, 10),
        (mel_spectrogram.BANDS, 50),
    ]
    assert [note.text for note in chart.figure.layout.annotations] == ["short", "long"]
    assert "“short”, lasts 0.20 seconds, the longest, “long”, 1.00" in chart.sentence
    assert chart.table["loudest frequency (Hz)"].tolist() == pytest.approx([MIDDLES[5], MIDDLES[20]])


def test_names_of_unknown_origin_are_shown_as_they_are():
    chart = spectrograms([("<b>x</b>", sound(3, 1))], 0.02, MIDDLES, title="<i>")
    assert chart.figure.layout.annotations[0].text == "&lt;b&gt;x&lt;/b&gt;"
    assert chart.figure.layout.title.text == "&lt;i&gt;"


def test_a_sound_says_how_long_and_how_high_it_is():
    chart = spectrogram(sound(40, 12), 0.016, MIDDLES, title="one")
    assert chart.sentence.startswith(f"0.64 seconds of sound, loudest around {number(float(MIDDLES[12]))} Hz")
    assert len(chart.figure.data) == 1 and chart.table.shape == (40, mel_spectrogram.BANDS)


def test_attention_stands_above_the_sound():
    weights = np.full(40, 0.005)
    weights[30] = 1 - weights.sum() + 0.005
    chart = spectrogram(sound(40, 12), 0.016, MIDDLES, title="one", attention=weights)
    line, picture = chart.figure.data
    np.testing.assert_array_equal(line.y, weights)
    np.testing.assert_array_equal(line.x, picture.x)
    assert "attends most to 0.49 seconds: 82% of its attention" in chart.sentence
    assert chart.table["attention"].tolist() == weights.tolist()


def test_even_attention_is_called_even():
    chart = spectrogram(sound(4, 1), 0.016, MIDDLES, title="one", attention=np.full(4, 0.25))
    assert "attention is nearly even" in chart.sentence


def test_the_small_picture_is_small():
    rng = np.random.default_rng(0)
    drawn = sound_thumbnail(
        [np.clip(-30 + 15 * rng.normal(size=(40, mel_spectrogram.BANDS)), -60, 0) for _ in range(3)]
    )
    assert drawn.startswith("<svg") and len(drawn) < 60_000
    assert 'stroke="#E69F00"' in drawn
