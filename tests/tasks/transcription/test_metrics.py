"""Word and character error rates, held against their definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.tasks.transcription.metrics import METRICS, Transcriptions

WORDS = st.lists(st.sampled_from(["one", "two", "three", "oh"]), max_size=5)
PAIRS = st.lists(st.tuples(WORDS, WORDS.filter(bool)), min_size=1, max_size=5)
WER, CER, EXACT = METRICS


def edits(heard, said):
    """Return the fewest substitutions, deletions and insertions between two sequences (Levenshtein, 1966)."""
    row = np.arange(len(heard) + 1)
    for place, one in enumerate(said, 1):
        before, row = row, row.copy()
        row[0] = place
        for at, other in enumerate(heard, 1):
            row[at] = min(before[at - 1] + (one != other), before[at] + 1, row[at - 1] + 1)
    return int(row[-1])


@given(pairs=PAIRS)
def test_they_are_the_edits_over_what_was_said_of_all_recordings_together(pairs):
    heard, said = ([" ".join(words) for words in side] for side in zip(*pairs, strict=True))
    measured = Transcriptions(heard, said)
    wanted = sum(edits(one, other) for one, other in pairs) / sum(len(other) for _, other in pairs)
    assert WER.function(measured) == pytest.approx(wanted)
    wanted = sum(map(edits, heard, said)) / sum(map(len, said))
    assert CER.function(measured) == pytest.approx(wanted)
    assert EXACT.function(measured) == pytest.approx(np.mean([one == other for one, other in pairs]))


def test_silence_is_all_wrong_and_more_than_was_said_is_more_than_all():
    assert WER.function(Transcriptions([""], ["one two"])) == 1
    assert WER.function(Transcriptions(["one two three two"], ["oh"])) == 4
