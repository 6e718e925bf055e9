"""Chance strays as far as it is let."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.models.sampling import SamplingOptions, sample_token, sampling_probabilities, softmax

LOGITS = np.log(np.array([0.1, 0.5, 0.15, 0.25]))
LOGIT_ROWS = st.lists(st.floats(-20, 20), min_size=2, max_size=12).map(np.array)


@given(LOGIT_ROWS, st.sampled_from([0, 0.3, 1.0, 2.5]), st.none() | st.integers(1, 15), st.floats(0.01, 1))
def test_chances_make_one_and_keep_the_likeliest(logits, temperature, top_k, top_p):
    found = sampling_probabilities(logits, SamplingOptions(temperature, top_k, top_p))
    assert found.sum() == pytest.approx(1)
    assert logits[found.argmax()] == pytest.approx(logits.max())
    if top_k:
        assert np.count_nonzero(found) <= top_k


def test_nothing_asked_the_chances_are_the_models_own():
    np.testing.assert_allclose(sampling_probabilities(LOGITS, SamplingOptions()), [0.1, 0.5, 0.15, 0.25])


def test_temperature_sharpens_and_flattens():
    np.testing.assert_allclose(sampling_probabilities(LOGITS, SamplingOptions(temperature=0)), [0, 1, 0, 0])
    squared = np.array([0.1, 0.5, 0.15, 0.25]) ** 2
    np.testing.assert_allclose(
        sampling_probabilities(LOGITS, SamplingOptions(temperature=0.5)), squared / squared.sum()
    )
    np.testing.assert_allclose(
        sampling_probabilities(LOGITS, SamplingOptions(temperature=1e9)), 0.25, rtol=1e-6
    )


def test_top_k_keeps_so_many_and_top_p_as_many_as_reach_it():
    np.testing.assert_allclose(sampling_probabilities(LOGITS, SamplingOptions(top_k=2)), [0, 2 / 3, 0, 1 / 3])
    np.testing.assert_allclose(sampling_probabilities(LOGITS, SamplingOptions(top_p=0.5)), [0, 1, 0, 0])
    np.testing.assert_allclose(
        sampling_probabilities(LOGITS, SamplingOptions(top_p=0.51)), [0, 2 / 3, 0, 1 / 3]
    )
    assert np.count_nonzero(sampling_probabilities(LOGITS, SamplingOptions(top_p=0.9))) == 3


def test_what_is_forbidden_is_never_chosen():
    logits = np.array([-np.inf, 0.0, 1.0])
    assert sampling_probabilities(logits, SamplingOptions(temperature=5))[0] == 0
    assert softmax(logits)[0] == 0


def test_draws_are_as_frequent_as_their_chances_and_the_same_again():
    found = np.array([0.1, 0.5, 0.15, 0.25])
    draws = [sample_token(found, 7, place) for place in range(4000)]
    np.testing.assert_allclose(np.bincount(draws) / 4000, found, atol=0.03)
    assert draws[:50] == [sample_token(found, 7, place) for place in range(50)]
    assert draws[:50] != [sample_token(found, 8, place) for place in range(50)]
