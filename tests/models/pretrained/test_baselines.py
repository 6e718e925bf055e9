"""Twelve cheap forecasts do what their names say, and move with their series."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.sources.synthetic.corpus import draw_series
from components.models.pretrained.baselines import BASELINES, forecast_baselines, seasonal_profile

MONTHS = np.array([0.0, 3, 1, -4, 2, 5, -2, -1, 0, 4, -3, -5])


def found(series: np.ndarray, season: int, horizon: int) -> dict[str, np.ndarray]:
    return dict(zip(BASELINES, forecast_baselines(series, season, horizon).forecasts[0], strict=True))


def test_the_naive_ones_repeat():
    series = np.arange(20.0)[None]
    assert found(series, 4, 6)["naive"].tolist() == [19] * 6
    assert found(series, 4, 6)["seasonal naive"].tolist() == [16, 17, 18, 19, 16, 17]


@pytest.mark.parametrize(
    "name",
    ["theta", "additive smoothing", "autoregression", "regression", "averaged smoothing", "seasonal mean"],
)
def test_a_season_that_always_repeats_is_forecast(name):
    series = np.tile(MONTHS, 6)[None]
    np.testing.assert_allclose(found(series, 12, 12)[name], MONTHS, atol=1)


@pytest.mark.parametrize(
    "name", ["additive smoothing", "smoothing without season", "averaged smoothing", "autoregression"]
)
def test_a_line_goes_on(name):
    np.testing.assert_allclose(found(np.arange(60.0)[None], 1, 5)[name], np.arange(60, 65), atol=0.6)


def test_a_season_that_grows_with_the_level_grows_on():
    level = np.exp(np.arange(96) * 0.02)
    series = level * (1 + 0.05 * np.tile(MONTHS, 8))
    truth = np.exp(np.arange(96, 108) * 0.02) * (1 + 0.05 * MONTHS)
    forecasts = found(series[None], 12, 12)
    error = lambda name: np.abs(forecasts[name] - truth).mean()  # noqa: E731
    assert error("multiplicative smoothing") < error("additive smoothing")


def test_the_profile_is_read_off_in_its_order_whatever_the_trend():
    series = (np.tile(MONTHS, 5) + 0.5 * np.arange(60))[None]
    np.testing.assert_allclose(seasonal_profile(series, 12)[0], MONTHS - MONTHS.mean(), atol=1e-9)


def test_too_few_rows_for_a_season_show_none():
    assert not seasonal_profile(np.random.default_rng(0).normal(size=(2, 20)), 12).any()


@settings(max_examples=20, deadline=None)
@given(
    season=st.sampled_from([1, 4, 7, 12]),
    rows=st.integers(16, 70),
    unit=st.floats(0.01, 100),
    offset=st.floats(-100, 100),
    seed=st.integers(0, 1000),
)
def test_they_move_with_the_series(season, rows, unit, offset, seed):
    series = draw_series(np.random.default_rng(seed), 3, season, rows)
    series = (series - series.mean()) / (series.std() + 1e-9)
    plain = forecast_baselines(series, season, 6).forecasts
    moved = (forecast_baselines(series * unit + offset, season, 6).forecasts - offset) / unit
    # Sums of squares are kept in single precision: of what is 100 times farther from zero fewer digits.
    np.testing.assert_allclose(moved, plain, atol=0.02 * (1 + abs(offset) / unit))


def test_a_batch_is_its_series_one_by_one():
    series = draw_series(np.random.default_rng(1), 4, 12, 60)
    together = forecast_baselines(series, 12, 8).forecasts
    alone = np.concatenate([forecast_baselines(one[None], 12, 8).forecasts for one in series])
    np.testing.assert_allclose(together, alone, rtol=1e-4)
