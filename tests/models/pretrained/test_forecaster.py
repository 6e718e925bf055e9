"""The pretrained forecaster: the weights that ship, and what holds of every forecast."""

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.sources.synthetic.corpus import draw_series
from components.models.pretrained.forecaster import (
    EXAMPLE,
    EXAMPLE_HORIZON,
    EXAMPLE_SEASON,
    FEWEST_ROWS,
    WEIGHTS,
    forecast,
    known_season,
)

VARIANTS = ("stack", "pure")
MONTHS = np.array([0.0, 3, 1, -4, 2, 5, -2, -1, 0, 4, -3, -5])
SERIES = 100 + 0.3 * np.arange(72) + np.tile(MONTHS, 6)


@settings(max_examples=15, deadline=None)
@given(
    season=st.sampled_from([None, 4, 7, 12]),
    rows=st.integers(20, 90),
    unit=st.floats(1e-3, 1e3),
    offset=st.floats(-1e3, 1e3),
    seed=st.integers(0, 1000),
    variant=st.sampled_from(VARIANTS),
)
def test_a_forecast_moves_with_unit_and_offset(season, rows, unit, offset, seed, variant):
    series = draw_series(np.random.default_rng(seed), 2, season or 1, rows)
    series = np.round(100 * (series - series.mean()) / (series.std() + 1e-9), 2)
    plain = forecast(series, season, 8, variant).quantiles
    moved = forecast(series * unit + offset, season, 8, variant).quantiles
    assert np.abs((moved - offset) / unit - plain).max() < 1e-3 * np.ptp(series)


@pytest.mark.parametrize("variant", VARIANTS)
def test_quantiles_are_in_order_and_weights_sum_to_one(variant):
    found = forecast(SERIES[None], 12, 24, variant)
    assert (np.diff(found.quantiles, axis=-1) >= 0).all()
    np.testing.assert_allclose(found.weights.sum(-1), 1, rtol=1e-5)
    assert found.median.shape == (1, 24)


@pytest.mark.parametrize("variant", VARIANTS)
def test_trend_and_season_are_seen_without_training(variant):
    truth = 100 + 0.3 * np.arange(72, 84) + MONTHS
    error = np.abs(forecast(SERIES[None], 12, 12, variant).median[0] - truth).mean()
    assert error < 0.8 * np.abs(SERIES[-12:] - truth).mean()


def test_gaps_are_forecast_over():
    gappy = SERIES.copy()
    gappy[[10, 33, 34, 60]] = np.nan
    whole, found = (forecast(series[None], 12, 12).median for series in (SERIES, gappy))
    assert np.abs(found - whole).max() < 3


def test_a_constant_series_stays_as_it_is():
    assert forecast(np.full((1, 40), 7.0), 12, 6).quantiles.tolist() == np.full((1, 6, 5), 7.0).tolist()


@pytest.mark.parametrize("rows", range(FEWEST_ROWS, 40))
def test_short_series_are_forecast_too(rows):
    assert np.isfinite(forecast(SERIES[None, :rows], 12, 6).quantiles).all()


@pytest.mark.parametrize("season", [52, 168, 365])
def test_long_seasons_are_read_by_the_baselines(season):
    series = np.sin(2 * np.pi * np.arange(4 * season) / season)[None]
    truth = np.sin(2 * np.pi * np.arange(4 * season, 4 * season + 20) / season)
    assert np.abs(forecast(series, season, 20).median[0] - truth).mean() < 0.25


def test_a_season_needs_rows_to_be_seen_in():
    assert [known_season(rows, 12) for rows in (17, 18, 24)] == [1, 12, 12]
    assert known_season(100, None) == 1


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_weights_are_small_float32_numbers_and_nothing_else(variant):
    assert sum(file.stat().st_size for file in WEIGHTS.iterdir()) < 512 * 1024
    with np.load(WEIGHTS / f"{variant}.npz", allow_pickle=False) as file:
        assert {file[name].dtype for name in file.files} == {np.dtype("float32")}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_weights_that_ship_forecast_what_they_did_when_they_were_trained(variant):
    came_to = json.loads((WEIGHTS / f"{variant}.json").read_text())
    found = forecast(EXAMPLE[None], EXAMPLE_SEASON, EXAMPLE_HORIZON, variant).quantiles[0]
    np.testing.assert_allclose(found, came_to["example"], atol=1e-2)
    assert came_to["reports"][-1]["series"] == came_to["reports"][-1]["step"] * 256


def test_forecasting_takes_no_tensorflow():
    script = (
        "import sys, numpy as np; from components.models.pretrained.forecaster import forecast; "
        "forecast(np.arange(30.0)[None], None, 6); sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
