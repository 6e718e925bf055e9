"""ETS, ARIMA and Theta: what statsmodels says when it is given the past, and never more than that."""

import numpy as np
import pytest
from statsmodels.tsa.exponential_smoothing.ets import ETSModel

from components.tasks.forecasting import classical as module
from components.tasks.forecasting.classical import classical

HORIZON = 6


def series(rows=120, season=12, seed=0) -> np.ndarray:
    at, noise = np.arange(rows), np.random.default_rng(seed).normal(0, 1, rows)
    return 50 + 0.2 * at + 8 * np.sin(2 * np.pi * at / season) + noise.cumsum() * 0.3 + noise


@pytest.fixture(autouse=True)
def forget():
    module._cached_forecasts.cache_clear()


@pytest.fixture
def few(monkeypatch):
    """Try two forms each, which is as good a test and quicker."""
    for name in ("_ets_forms", "_arima_forms"):
        every = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args, every=every: every(*args)[:2])
    monkeypatch.setattr(module, "_seasonal_forms", lambda *args: [])


def forecasts(values, start, origins, season, forms=module.FORMS):
    found = classical(values, start, origins, HORIZON, season, forms)
    return {one.name: one.forecasts for one in found}


@pytest.mark.parametrize("season", [None, 12, 30])
def test_they_know_nothing_beyond_their_origins(season, few):
    values, origins = series(season=season or 12), np.array([99, 106])
    whole = forecasts(values, 100, origins, season)
    for place, origin in enumerate(origins):
        spoilt = values.copy()
        spoilt[origin + 1 :] = np.random.default_rng(1).normal(0, 1e3, len(values) - origin - 1)
        again = forecasts(spoilt, 100, origins[place : place + 1], season)
        for name, rows in whole.items():
            np.testing.assert_allclose(again[name][0], rows[place], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("season", [None, 12])
def test_arima_rolled_forward_is_statsmodels_own(season, monkeypatch, few):
    """From its states come the very forecasts that it gives itself when it is handed value after value."""
    fits = []
    own = module._arima_ahead
    monkeypatch.setattr(
        module, "_arima_ahead", lambda rolled, *rest: fits.append(rolled) or own(rolled, *rest)
    )
    values, origins = series(), np.array([99, 104, 110])
    ours = forecasts(values, 100, origins, season)["arima"]
    fitted = fits[0]
    for origin, row in zip(origins, ours, strict=True):
        known = fitted.model.clone(values[: origin + 1]).filter(fitted.params)
        np.testing.assert_allclose(row, known.forecast(HORIZON), rtol=1e-6)


@pytest.mark.parametrize("season", [None, 12])
def test_ets_rolled_forward_is_statsmodels_own(season, monkeypatch, few):
    fits = []
    own = module._ets_ahead
    monkeypatch.setattr(module, "_ets_ahead", lambda rolled, *rest: fits.append(rolled) or own(rolled, *rest))
    values, origins = series(), np.array([99, 104, 110])
    ours = forecasts(values, 100, origins, season)["ets"]
    fitted = fits[0]
    for origin, row in zip(origins, ours, strict=True):
        form = fitted.model
        known = ETSModel(
            values[: origin + 1],
            error=form.error,
            trend=form.trend,
            damped_trend=form.damped_trend,
            seasonal=form.seasonal,
            seasonal_periods=form.seasonal_periods if form.has_seasonal else None,
        ).smooth(fitted.params)
        np.testing.assert_allclose(row, known.forecast(HORIZON), rtol=1e-6)


def test_they_find_a_season_that_the_last_value_misses(few):
    values, origins = series(), np.arange(99, 114)
    truth = values[origins[:, None] + np.arange(1, HORIZON + 1)]
    last = np.abs(values[origins][:, None] - truth).mean()
    for name, rows in forecasts(values, 100, origins, 12).items():
        assert np.abs(rows - truth).mean() < last / 2, name


@pytest.mark.parametrize(
    ("values", "start", "said"),
    [
        (series(40), 25, "only 25 rows"),
        (np.ones(100), 80, "constant"),
        (np.arange(30_000.0), 100, "29,900 rows"),
    ],
)
def test_what_is_left_out_is_said(values, start, said):
    for one in classical(values, start, np.array([start - 1]), 2, None):
        assert one.forecasts is None
        assert said in one.said


def test_the_form_is_said_and_of_how_many():
    ets, arima, theta, mean = classical(series(), 100, np.array([99]), 2, 12, forms=2)
    for one in (ets, arima, theta):
        assert "100 rows before the test set" in one.said
        assert one.forecasts is not None
    assert "best of 2 forms" in ets.said and "best of 2 forms" in arima.said
    np.testing.assert_allclose(
        mean.forecasts, (ets.forecasts + arima.forecasts + theta.forecasts) / 3, rtol=1e-12
    )


def test_the_clock_has_no_say(monkeypatch):
    """However slow the machine, the same forms are tried: nothing asks for the time."""
    import threading
    import time

    here, monotonic = threading.get_ident(), time.monotonic

    def ask() -> float:
        # The threads of an engine that another test left running may ask.
        return pytest.fail("the clock was asked") if threading.get_ident() == here else monotonic()

    monkeypatch.setattr(time, "monotonic", ask)
    first = forecasts(series(), 100, np.array([99]), 12, forms=3)
    module._cached_forecasts.cache_clear()
    again = forecasts(series(), 100, np.array([99]), 12, forms=3)
    assert {name: rows.tolist() for name, rows in first.items()} == {
        name: rows.tolist() for name, rows in again.items()
    }


@pytest.mark.parametrize(("season", "lowest"), [(None, 0), (12, 0), (12, -60)])
def test_theta_rolled_forward_is_statsmodels_own(season, lowest):
    from statsmodels.tsa.forecasting.theta import ThetaModel

    values = series() + lowest
    known = values[:100]
    own = ThetaModel(known, period=season, deseasonalize=season is not None).fit().forecast(HORIZON)
    np.testing.assert_allclose(
        forecasts(values, 100, np.array([99, 104]), season, forms=1)["theta"][0], own, rtol=1e-9
    )
