"""The words over a recording's spectrogram: at their places, in words and in a table."""

import numpy as np

from components.charts.transcription import word_alignment
from tests.models.test_ctc import spikes

LEVELS = np.random.default_rng(0).uniform(-60, 0, (15, 4))
MIDDLES = np.array([100.0, 500.0, 2000.0, 6000.0])


def drawn(words, steps, probabilities):
    names = ("one", "<b>two</b>", "three")
    return word_alignment(LEVELS, 0.016, MIDDLES, probabilities, names, np.array(words), np.array(steps), 3)


def test_words_stand_where_the_model_says_them():
    chart = drawn([1, 0], [1, 3], np.exp(spikes(np.array([1, 0]))))
    assert "“<b>two</b>” at 0.07 s, “one” at 0.17 s" in chart.sentence and "60% of the time" in chart.sentence
    assert [note.text for note in chart.figure.layout.annotations] == ["&lt;b&gt;two&lt;/b&gt;", "one"]
    assert [trace.name for trace in chart.figure.data[:3]] == ["blank", "&lt;b&gt;two&lt;/b&gt;", "one"]
    assert list(chart.table.columns) == ["(blank)", "one", "<b>two</b>", "three"] and len(chart.table) == 5
    assert chart.figure.data[-1].z.shape == (4, 15)


def test_where_no_word_is_heard_that_is_said():
    chart = drawn([], [], np.exp(spikes(np.array([], int), gap=5)))
    assert chart.sentence.startswith("No word stands out")
    assert not chart.figure.layout.annotations
