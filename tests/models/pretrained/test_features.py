"""What the pretrained forecaster reads is as wide as its network, and the same for every unit and offset."""

import numpy as np
import pytest

from components.data.sources.synthetic.corpus import draw_series
from components.models.pretrained.features import (
    AHEAD_WIDTH,
    CANDIDATES,
    HISTORY_WIDTH,
    LONGEST_HISTORY,
    fill_gaps,
    read,
)

SERIES = draw_series(np.random.default_rng(0), 6, 12, 60)


@pytest.mark.parametrize("variant", ["stack", "pure"])
def test_they_have_the_network_s_shapes(variant):
    features = read(SERIES, 12, 18).features(variant)
    assert features.history.shape == (6, 60, HISTORY_WIDTH[variant])
    assert features.ahead.shape == (6, 18, AHEAD_WIDTH[variant])
    assert features.candidates.shape == (6, 18, CANDIDATES[variant])
    assert all(np.isfinite(part).all() for part in (features.history, features.ahead, features.candidates))


@pytest.mark.parametrize("variant", ["stack", "pure"])
def test_they_know_no_unit_and_no_offset(variant):
    plain = read(SERIES, 12, 6).features(variant)
    moved = read(SERIES * 1000 - 12345, 12, 6).features(variant)
    np.testing.assert_allclose(moved.history, plain.history, atol=1e-3)
    np.testing.assert_allclose(moved.ahead, plain.ahead, atol=1e-3)
    np.testing.assert_allclose(moved.candidates, plain.candidates, atol=1e-3)


def test_no_more_rows_are_read_than_the_longest_history():
    series = draw_series(np.random.default_rng(0), 2, 52, 200)
    assert read(series, 52, 6).features("stack").history.shape[1] == LONGEST_HISTORY


def test_a_constant_series_has_no_unit():
    assert read(np.full((1, 30), 7.0), 12, 6).features("stack").scale.item() == 0


def test_gaps_are_filled_within_their_season_and_said():
    series = np.tile([0.0, 10.0, 5.0], 6)[None]
    gappy = series.copy()
    gappy[0, [4, 8]] = np.nan
    np.testing.assert_allclose(fill_gaps(gappy, 3), series)
    assert np.flatnonzero(read(gappy, 3, 3).features("stack").history[0, :, 8]).tolist() == [4, 8]
