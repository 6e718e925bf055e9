"""The pretraining corpus has series of all kinds, finite, and the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.sources.synthetic.corpus import KINDS, draw_series


@settings(max_examples=20)
@given(
    count=st.integers(1, 40), season=st.integers(1, 60), rows=st.integers(2, 150), seed=st.integers(0, 2**31)
)
def test_series_are_finite_and_the_same_twice(count, season, rows, seed):
    first = draw_series(np.random.default_rng(seed), count, season, rows)
    assert first.shape == (count, rows) and np.isfinite(first).all()
    np.testing.assert_array_equal(first, draw_series(np.random.default_rng(seed), count, season, rows))


def test_the_shares_of_the_kinds_sum_to_one():
    assert sum(share for _, share in KINDS) == pytest.approx(1)


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS], ids=lambda kind: kind.__name__.strip("_"))
@pytest.mark.parametrize("season", [1, 12])
def test_every_kind_gives_what_it_is_asked_for(kind, season):
    made = kind(np.random.default_rng(0), 5, season, 40)
    assert made.shape == (5, 40) and np.isfinite(made).all()


def test_a_seasonal_corpus_repeats_and_another_does_not():
    def repeats(season: int) -> float:
        series = draw_series(np.random.default_rng(3), 300, season, 120)
        changes = np.diff(series, axis=1)
        changes = (changes - changes.mean(1, keepdims=True)) / (changes.std(1, keepdims=True) + 1e-9)
        return float((changes[:, 12:] * changes[:, :-12]).mean())

    assert repeats(12) > 0.2
    assert abs(repeats(1)) < 0.1


def test_long_series_are_made_too():
    assert draw_series(np.random.default_rng(0), 3, 24, 3000).shape == (3, 3000)
