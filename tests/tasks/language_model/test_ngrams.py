"""Kneser–Ney is what its paper says, and every probability is one."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.tasks.language_model.ngrams import KneserNey, Speller, unigram

CODES = np.random.default_rng(0).choice(6, size=400, p=[0.4, 0.2, 0.2, 0.1, 0.1, 0.0]).astype(np.int32)


class ByTheBook:
    """Interpolated Kneser–Ney, one token at a time, from dictionaries."""

    def __init__(self, codes, vocabulary, order):
        self.vocabulary, self.order = vocabulary, order
        self.counts = {
            order: Counter(
                zip(*(codes[at : len(codes) - order + 1 + at] for at in range(order)), strict=True)
            )
        }
        for length in range(order - 1, 0, -1):
            self.counts[length] = Counter(longer[1:] for longer in self.counts[length + 1])

    def probability(self, stretch):
        if not stretch:
            return 1 / self.vocabulary
        counts = self.counts[len(stretch)]
        once, twice = (sum(times == number for times in counts.values()) for number in (1, 2))
        discount = once / (once + 2 * twice) if once else 0.5
        after = {key: times for key, times in counts.items() if key[:-1] == stretch[:-1]}
        shorter = self.probability(stretch[1:])
        if not after:
            return shorter
        total = sum(after.values())
        return (max(counts[stretch] - discount, 0) + discount * len(after) * shorter) / total


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_it_is_what_the_paper_says(order):
    plain, ours = ByTheBook(CODES.tolist(), 6, order), KneserNey(CODES, 6, order)
    unseen = np.array([5, 0, 5, 5, 1, 2, 0, 0, 3, 4, 5], np.int32)
    text = np.concatenate([CODES[:30], unseen])
    places = np.arange(order - 1, len(text))
    expected = [plain.probability(tuple(text[place - order + 1 : place + 1].tolist())) for place in places]
    np.testing.assert_allclose(ours.probabilities(text, places), expected, rtol=1e-12)


@given(
    codes=st.lists(st.integers(0, 4), min_size=3, max_size=60),
    before=st.tuples(st.integers(0, 6), st.integers(0, 6)),
)
def test_after_anything_the_probabilities_of_all_tokens_make_one(codes, before):
    model = KneserNey(np.array(codes, np.int32), 7)
    every = np.array([[*before, code] for code in range(7)], np.int32).ravel()
    found = model.probabilities(every, np.arange(2, 21, 3))
    assert (found > 0).all()
    assert found.sum() == pytest.approx(1)


def test_what_follows_many_tokens_is_likelier_in_a_new_place_than_what_is_frequent_after_one():
    # “Francisco” is frequent, and only after “San”: the reason for counting what stands before.
    words = ["San", "Francisco"] * 50 + ["a", "house", "the", "house", "my", "house", "one", "house"]
    names = sorted(set(words))
    codes = np.array([names.index(word) for word in words], np.int32)
    model = KneserNey(codes, len(names) + 1, order=2)
    asked = np.array([[len(names), names.index(word)] for word in ("house", "Francisco")], np.int32).ravel()
    house, francisco = model.probabilities(asked, np.array([1, 3]))
    assert house > 3 * francisco


def test_stretches_that_have_no_number_are_refused():
    with pytest.raises(ValueError, match="too many"):
        KneserNey(CODES, 32_000, order=5)


def test_single_tokens_are_as_likely_as_they_are_frequent():
    found = unigram(CODES, 6)
    assert found.sum() == pytest.approx(1)
    assert found[5] == pytest.approx(1 / 406)


@given(st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=20))
def test_all_spellings_together_are_no_likelier_than_one(pieces):
    speller = Speller(pieces)
    short = ["", *"ab", *(a + b for a in "ab" for b in "ab")]
    total = sum(math.exp(-speller.nats(piece)) for piece in short)
    assert total < 1


def test_a_letter_that_the_training_part_has_is_cheaper_than_any_other():
    speller = Speller(["a", "ab"])
    assert speller.nats("z") > speller.nats("b") + math.log(0x110000) > speller.nats("a")
