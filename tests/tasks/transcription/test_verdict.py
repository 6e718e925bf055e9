"""Whether a model transcribes better than what costs nothing, and whether chance explains it."""

import numpy as np

from components.tasks.transcription.result import TranscriptScore
from components.tasks.transcription.verdict import verdict, wer_gain_interval

WORDS = np.full(200, 4)


def score(wer, name="model", label="Your model"):
    return TranscriptScore(name, label, wer, wer, 1 - wer)


def test_a_gain_on_every_recording_is_clear_and_none_is_none():
    ones = np.ones(200, int)
    assert wer_gain_interval(0 * ones, ones, WORDS) == (0.25, 0.25)
    low, high = wer_gain_interval(ones, ones, WORDS)
    assert low == high == 0
    rng = np.random.default_rng(0)
    low, high = wer_gain_interval(rng.integers(2, size=200), rng.integers(2, size=200), WORDS)
    assert low < 0 < high


def test_it_is_told_in_words():
    rule = score(0.4, "pauses", "Cut at pauses")
    said, won = verdict(score(0.03), rule, (0.3, 0.4), 0.02, groups=True)
    assert won and said.startswith("The model beats the baselines.") and "never heard is 3.0%" in said
    said, won = verdict(score(0.5), rule, (-0.2, -0.1), 0.1, groups=False)
    assert not won and "doesn't beat" in said and "it overfits" in said and "on the test set" in said
    said, won = verdict(score(0.4), rule, (-0.02, 0.01), 0.4, groups=False)
    assert not won and "isn't clear" in said and "−1.0 to +2.0 percentage points" in said
