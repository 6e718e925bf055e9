"""Where words lie in time, held against every way in which they may."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.datasets import Transcripts
from components.models.ctc import BLANK, align, fewest_steps, fewest_steps_of_all, log_probabilities

WORDS = st.lists(st.integers(0, 2), min_size=1, max_size=4).map(np.array)


def collapsed(path):
    """Return the words of a path: repeats are one, and blanks are left out."""
    kept = [one for place, one in enumerate(path) if place == 0 or one != path[place - 1]]
    return [one - 1 for one in kept if one != BLANK]


def spikes(words, gap=1, names=3):
    """Return logarithms of probabilities, nearly 1 for each word at one step, and for blanks between."""
    logs = np.full((gap + (1 + gap) * len(words), names + 1), np.log(1e-6))
    logs[:, BLANK] = 0
    for place, word in enumerate(words):
        logs[gap + (1 + gap) * place, [BLANK, word + 1]] = np.log(1e-6), 0
    return logs


@given(words=WORDS, gap=st.integers(1, 3))
def test_words_that_stand_out_are_found_where_they_do(words, gap):
    assert align(spikes(words, gap), words).tolist() == [
        gap + (1 + gap) * place for place in range(len(words))
    ]


@given(words=WORDS, seed=st.integers(0, 1000), more=st.integers(0, 2))
def test_the_path_is_the_likeliest_of_all(words, seed, more):
    steps = min(5, fewest_steps(words) + more)
    if steps < fewest_steps(words):
        with pytest.raises(ValueError, match="don't fit"):
            align(np.zeros((steps, 4)), words)
        return
    logs = log_probabilities(np.random.default_rng(seed).normal(0, 3, (steps, 4)))
    paths = [path for path in product(range(4), repeat=steps) if collapsed(path) == words.tolist()]
    best = max(paths, key=lambda path: logs[range(steps), path].sum())
    own, place = [], 0
    for word in words:
        place = next(at for at in range(place, steps) if best[at] == word + 1)
        end = next((at for at in range(place, steps) if best[at] != word + 1), steps)
        own.append(place + int(logs[place:end, word + 1].argmax()))
        place = end
    assert align(logs, words).tolist() == own


def test_a_blank_must_stand_between_two_words_that_are_the_same():
    assert fewest_steps(np.array([1, 1, 2, 2])) == 6
    assert fewest_steps(np.array([1, 2])) == 2
    found = fewest_steps_of_all(Transcripts.of(["a a b", "b", "b b"]))
    assert found.tolist() == [4, 1, 3], "a word of the one before doesn't count"


def test_probabilities_add_up_to_one_whatever_the_logits():
    logs = log_probabilities(np.array([[1000.0, 0.0], [-5.0, -5.0]]))
    np.testing.assert_allclose(np.exp(logs).sum(axis=1), 1)
    assert np.isfinite(logs).all()
