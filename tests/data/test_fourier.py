"""Fourier features say where a step stands in its seasons, past and to come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data import fourier


@given(rows=st.integers(0, 60), ahead=st.integers(0, 20), seasons=st.lists(st.integers(2, 50), max_size=3))
def test_a_step_s_features_are_those_of_a_season_before_and_of_a_longer_series(rows, ahead, seasons):
    found = fourier.features(rows, ahead, seasons)
    assert found.shape == (rows + ahead, fourier.width(seasons))
    assert np.abs(found).max(initial=0) <= 1
    np.testing.assert_array_equal(fourier.features(rows + 7, ahead, seasons)[7:], found)
    for season in seasons[:1]:
        own = fourier.features(rows, ahead, [season])
        np.testing.assert_allclose(own[season:], own[:-season] if season < len(own) else own[:0], atol=1e-6)


@pytest.mark.parametrize("season", range(2, 30))
def test_they_tell_every_step_of_a_season_apart(season):
    found = fourier.features(season, 0, [season])
    apart = np.abs(found[:, None] - found[None]).sum(-1) + np.eye(season)
    assert apart.min() > 1e-3
