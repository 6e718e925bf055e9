"""The numbers behind the pictures of a series equal those of statsmodels, and seasons are told from noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.tsa.seasonal import STL
from statsmodels.tsa.stattools import acf

from components.data import load
from components.data.analysis import autocorrelation, decompose, histogram, season, seasons
from components.data.sources.samples import SERIES_SAMPLES
from components.data.time_axis import likely_seasons
from components.errors import DataError
from components.recipe import Sample

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=80).map(np.array)


@given(VALUES)
def test_every_value_is_counted_once(values):
    found = histogram(values)
    assert found.counts.sum() == len(values) and len(found.edges) == len(found.counts) + 1
    assert (np.diff(found.edges) > 0).all() and len(found.counts) <= 80
    assert found.edges[0] <= values.min() and values.max() <= found.edges[-1]


@given(VALUES, st.integers(1, 100))
def test_autocorrelation_is_that_of_statsmodels(values, lags):
    found = autocorrelation(values, lags)
    assert found.values[0] == 1
    if np.ptp(values) > 1e-6:
        wanted = acf(values, nlags=len(found.values) - 1, fft=False)
        np.testing.assert_allclose(found.values, wanted, atol=1e-6)


def test_noise_stays_within_the_bound():
    noise = np.random.default_rng(0).normal(size=5000)
    found = autocorrelation(noise, 200)
    assert 0.9 < (np.abs(found.values[1:]) < found.bound).mean() < 0.99


ROWS = np.arange(1200)


@pytest.mark.parametrize("period", [2, 7, 12, 24, 52, 168])
@pytest.mark.parametrize("noise", [0.0, 0.3, 0.6])
def test_a_season_is_found_under_trend_and_noise(period, noise):
    rng = np.random.default_rng(period)
    shape = rng.normal(size=period)
    values = (shape / shape.std())[ROWS % period] + 0.01 * ROWS + noise * rng.normal(size=len(ROWS))
    assert season(values) == period


@pytest.mark.parametrize("seed", range(8))
def test_no_season_is_seen_where_there_is_none(seed):
    rng = np.random.default_rng(seed)
    assert season(rng.normal(size=1000)) is None
    assert season(np.cumsum(rng.normal(size=1000))) is None
    assert season(np.exp(np.cumsum(rng.normal(0, 0.01, size=1000)))) is None


def test_what_is_too_short_or_flat_has_none():
    assert season(np.array([])) is None
    assert season(np.array([1.0, 2.0])) is None
    assert season(np.ones(100)) is None
    assert season(np.arange(100.0)) is None


@pytest.mark.parametrize("slope", [0.013, 0.37, 0.5, 1.7, -0.21])
def test_a_trend_has_none_whatever_rounding_makes_of_it(slope):
    rows = np.arange(400)
    assert season(slope * rows + 3.1) is None
    assert season(np.round(slope * rows)) is None
    assert season(np.round(100 * np.exp(slope * rows / 400), 1)) is None


def test_hardly_any_short_series_shows_one_by_chance():
    rng = np.random.default_rng(3)
    walks = sum(season(np.cumsum(rng.normal(size=30)), (4,)) is not None for _ in range(300))
    noises = sum(season(rng.normal(size=40), (12,)) is not None for _ in range(300))
    assert walks + noises <= 3


def test_flags_of_one_day_a_week_have_a_season():
    assert season((np.arange(200) % 7 == 0).astype(float)) == 7


@pytest.mark.parametrize("name", ["co2", "el_nino", "electrical_equipment", "seattle_weather"])
def test_the_seasons_of_the_samples_are_found(name):
    info = SERIES_SAMPLES[name]
    table = load(Sample(name=name)).table
    assert season(table[info.target].to_numpy(), likely_seasons(table.index)) == info.season


def test_what_was_freed_of_its_seasons_shows_none():
    assert season(load(Sample(name="us_macro")).table["gdp"].to_numpy()) is None


def test_a_decomposition_is_that_of_statsmodels_and_adds_up():
    rng = np.random.default_rng(1)
    values = np.sin(ROWS * 2 * np.pi / 12) + 0.01 * ROWS + 0.1 * rng.normal(size=len(ROWS))
    found = decompose(values, 12)
    wanted = STL(values, period=12, robust=True).fit()
    np.testing.assert_array_equal(found.trend, wanted.trend)
    np.testing.assert_array_equal(found.seasonal, wanted.seasonal)
    np.testing.assert_allclose(found.trend + found.seasonal + found.remainder, values)
    assert found.first == 0 and found.seasonal_strength > 0.9 and found.trend_strength > 0.9
    assert decompose(rng.normal(size=600), 12).seasonal_strength < 0.5


def test_of_a_long_series_the_end_is_decomposed(monkeypatch):
    monkeypatch.setattr("components.data.analysis.DECOMPOSED_ROWS", 100)
    found = decompose(np.sin(ROWS / 2), 12)
    assert found.first == 1100 and len(found.trend) == 100


def test_a_season_longer_than_half_the_series_is_refused():
    with pytest.raises(DataError, match="at least 24 rows"):
        decompose(np.ones(20), 12)


@pytest.mark.parametrize(("rows", "expected"), [(1500, (48, 336)), (800, (7, 30)), (400, (12,)), (400, ())])
def test_all_seasons_of_a_series_are_found(rows, expected):
    rng, at = np.random.default_rng(1), np.arange(rows)
    values = rng.normal(0, 0.3, rows)
    for rows_of_turn in expected:
        values += rng.normal(0, 1, rows_of_turn)[at % rows_of_turn]
    assert seasons(values) == expected
