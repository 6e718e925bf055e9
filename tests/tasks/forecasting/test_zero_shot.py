"""Forecasts without training: from every origin, and of nothing that comes after it."""

import numpy as np
import pytest

from components.models.pretrained.forecaster import forecast
from components.tasks.forecasting import zero_shot as module
from components.tasks.forecasting.zero_shot import zero_shot, zero_shot_each

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
        np.testing.assert_allclose(again.theta[0], whole.theta[place], rtol=1e-4)


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


def test_series_that_are_forecast_together_are_forecast_as_alone():
    every, origins = [series(), 40 - 3 * series(60), np.arange(30.0)], [[60, 100, 159], [1, 59], [29]]
    together = zero_shot_each(every, [np.array(at) for at in origins], HORIZON, 12)
    for values, at, found in zip(every, origins, together, strict=True):
        alone = zero_shot(values, np.array(at), HORIZON, 12)
        for name in ("stack", "pure", "smoothing", "theta"):
            np.testing.assert_allclose(getattr(found, name), getattr(alone, name), rtol=1e-4)


@pytest.mark.parametrize("since", [8, 24])
@pytest.mark.parametrize("shift", [-40.0, 60.0])
def test_after_a_shift_of_the_level_it_goes_on_from_the_new_one(since, shift):
    values = series(130)
    values[-since:] += shift
    found = zero_shot(values, np.array([129]), HORIZON, 12)
    at = np.arange(130, 130 + HORIZON)
    expected = 50 + 0.2 * at + 8 * np.sin(2 * np.pi * at / 12) + shift
    for forecast_ in (found.median[0], found.smoothing[0]):
        assert np.abs(forecast_ - expected).mean() < 0.3 * abs(shift)


def test_the_combination_is_the_mean_of_three_and_its_quantiles_lie_round_it():
    found = zero_shot(series(), np.array([90, 120]), HORIZON, 12)
    np.testing.assert_allclose(found.combination, np.mean([found.median, found.pure, found.theta], axis=0))
    np.testing.assert_allclose(found.combined_quantiles[..., 2], found.combination)
    widths = np.diff(found.stack, axis=-1)
    np.testing.assert_allclose(np.diff(found.combined_quantiles, axis=-1), widths, atol=1e-9)


def test_what_was_forecast_before_is_looked_up_and_stays_the_same(monkeypatch):
    values = series() + 7.0
    first = zero_shot(values, np.array([90, 120]), HORIZON, 12)
    made = []
    monkeypatch.setattr(
        module, "_readings", lambda every, which, rows, *rest: made.append(rows.tolist()) or []
    )
    again = zero_shot(values, np.array([120, 90]), HORIZON, 12)
    np.testing.assert_array_equal(again.stack, first.stack[::-1])
    zero_shot(values, np.array([90, 91, 120]), HORIZON, 12)
    assert made == [[91]]


def test_origins_that_look_far_back_are_forecast_together(monkeypatch):
    lengths: list[int] = []
    read = module.read_context
    monkeypatch.setattr(
        module, "read_context", lambda rows, *rest: lengths.append(rows.shape[1]) or read(rows, *rest)
    )
    found = zero_shot(series(420, 120), np.arange(160, 420), HORIZON, 120)
    assert np.isfinite(found.stack).all() and len(lengths) < 12
    assert max(lengths) == 3 * 120
