"""Forecasts without training: from every origin, and of nothing that comes after it."""

import numpy as np
import pytest

from components.models.pretrained.forecaster import forecast
from components.tasks.forecasting.zero_shot import zero_shot

HORIZON = 6


def series(rows=160, season=12) -> np.ndarray:
    at, noise = np.arange(rows), np.random.default_rng(0).normal(0, 1, rows)
    return 50 + 0.2 * at + 8 * np.sin(2 * np.pi * at / season) + noise


@pytest.mark.parametrize("season", [None, 12, 70])
def test_they_know_nothing_beyond_their_origins(season):
    values, origins = series(), np.array([2, 30, 99, 140])
    whole = zero_shot(values, origins, HORIZON, season)
    for place, origin in enumerate(origins):
        spoilt = values.copy()
        spoilt[origin + 1 :] = np.nan
        again = zero_shot(spoilt, origins[place : place + 1], HORIZON, season)
        np.testing.assert_allclose(again.stack[0], whole.stack[place], rtol=1e-4)
        np.testing.assert_allclose(again.pure[0], whole.pure[place], rtol=1e-4)
        np.testing.assert_allclose(again.smoothing[0], whole.smoothing[place], rtol=1e-4)


def test_an_origin_is_the_forecaster_s_own_forecast():
    values = series()
    found = zero_shot(values, np.array([60, 100, 101]), HORIZON, 12)
    np.testing.assert_allclose(
        found.stack[1], forecast(values[None, :101], 12, HORIZON).quantiles[0], rtol=1e-4
    )
    np.testing.assert_allclose(
        found.pure[1], forecast(values[None, :101], 12, HORIZON, "pure").median[0], rtol=1e-4
    )


def test_of_too_few_rows_the_last_value_is_repeated():
    found = zero_shot(series(), np.array([1]), HORIZON, 12)
    assert found.median[0].tolist() == found.smoothing[0].tolist() == [series()[1]] * HORIZON
