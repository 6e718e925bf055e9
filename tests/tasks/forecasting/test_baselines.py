"""Baselines are what a plain loop gives that only knows the past."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from components.tasks.forecasting.baselines import drift, last_value, mean, seasonal_naive

SERIES = hnp.arrays(np.float64, st.integers(1, 40), elements=st.floats(-1e6, 1e6))
CASES = {"series": SERIES, "horizon": st.integers(1, 30), "season": st.integers(2, 15), "data": st.data()}


def say_last(past: list[float], horizon: int) -> list[float]:
    return [past[-1]] * horizon


def say_season(past: list[float], horizon: int, season: int) -> list[float]:
    if len(past) < season:
        return say_last(past, horizon)
    longer = list(past)
    for _ in range(horizon):
        longer.append(longer[-season])
    return longer[len(past) :]


def say_drift(past: list[float], horizon: int) -> list[float]:
    slope = (past[-1] - past[0]) / (len(past) - 1) if len(past) > 1 else 0.0
    return [past[-1] + slope * step for step in range(1, horizon + 1)]


@given(**CASES)
def test_equal_a_loop_that_knows_only_the_past(series, horizon, season, data):
    origins = np.array(data.draw(st.lists(st.integers(0, len(series) - 1), min_size=1, max_size=10)))
    pasts = [series[: origin + 1].tolist() for origin in origins]
    assert last_value(series, origins, horizon).tolist() == [say_last(past, horizon) for past in pasts]
    assert seasonal_naive(series, origins, horizon, season).tolist() == [
        say_season(past, horizon, season) for past in pasts
    ]
    np.testing.assert_allclose(
        drift(series, origins, horizon), [say_drift(past, horizon) for past in pasts], rtol=1e-12, atol=1e-6
    )


@given(garbage=st.floats(-1e6, 1e6), **CASES)
def test_what_follows_an_origin_changes_nothing(series, horizon, season, data, garbage):
    origin = data.draw(st.integers(0, len(series) - 1))
    altered = series.copy()
    altered[origin + 1 :] = garbage
    origins = np.array([origin])
    assert last_value(series, origins, horizon).tolist() == last_value(altered, origins, horizon).tolist()
    assert drift(series, origins, horizon).tolist() == drift(altered, origins, horizon).tolist()
    ours, theirs = (seasonal_naive(values, origins, horizon, season).tolist() for values in (series, altered))
    assert ours == theirs


@given(series=SERIES, horizon=st.integers(1, 30), data=st.data())
def test_the_mean_is_that_of_all_known_values(series, horizon, data):
    origin = data.draw(st.integers(0, len(series) - 1))
    said = mean(series, np.array([origin]), horizon)
    np.testing.assert_allclose(said, np.full((1, horizon), series[: origin + 1].mean()), rtol=1e-9, atol=1e-6)
