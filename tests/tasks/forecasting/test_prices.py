"""Forecasts of prices: returns and directions against what a coin and the last price do."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from components.data.datasets import Provenance, Series
from components.recipe import Forecast, Generated, Preparation, Recipe, Sample
from components.tasks.forecasting.prices import (
    direction,
    is_price_forecast,
    returns,
    summary,
    wilson_interval,
)
from components.tasks.forecasting.suggest import suggestion
from tests.charts.forecast_result import HORIZON, result

STEPS = np.arange(1, HORIZON + 1)


def priced(model):
    """A price that goes up and down by a tenth; `model` makes forecasts of last prices and of what comes."""
    chance = np.random.default_rng(0)
    prices = 100 * np.exp(chance.choice([-0.1, 0.1], 120).cumsum())
    made = result()
    ahead = prices[made.origins[:, None] + STEPS]
    return replace(made, truth=prices, forecasts=model(prices[made.origins][:, None], ahead))


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_the_interval_is_statsmodels(case):
    assert wilson_interval(*case) == pytest.approx(proportion_confint(*case, method="wilson"), abs=1e-9)


def test_who_knows_the_future_beats_a_coin_and_who_repeats_the_last_price_is_the_random_walk():
    knowing = priced(lambda last, ahead: ahead)
    made = direction(knowing, 1)
    assert made is not None and made.share == 1 and made.beats_a_coin
    assert returns(knowing, 1).model == pytest.approx(0)
    walk = priced(lambda last, ahead: np.repeat(last, HORIZON, axis=1))
    assert direction(walk, 1) is None
    assert returns(walk, 3).model == pytest.approx(returns(walk, 3).walk)
    assert "told up from down" not in summary(walk, 1)


def test_who_always_says_up_is_no_better_than_a_coin():
    said = summary(priced(lambda last, ahead: np.repeat(last, HORIZON, axis=1) + 1), 1)
    assert "no better than chance" in said
    assert not any(word in said.lower() for word in ("buy", "sell", "invest", "profit"))


def test_no_two_forecasts_that_are_counted_share_a_step():
    made = priced(lambda last, ahead: ahead)
    far = direction(made, HORIZON)
    assert far is not None and far.counted <= -(-len(made.origins) // HORIZON)


def test_quotes_and_the_sample_of_shares_are_prices():
    def asking(reference):
        return Recipe(dataset=reference, task=Forecast(target="close"))

    assert is_price_forecast(asking(Sample(name="share_prices")))
    assert not is_price_forecast(asking(Sample(name="co2")))
    assert not is_price_forecast(asking(Generated(name="random_walk")))


# --- What is suggested for prices ---------------------------------------------------------------------------


def walk(drift: float, seed: int = 4) -> Series:
    values = 500 + np.cumsum(np.random.default_rng(seed).normal(drift, 1, 400))
    table = pd.DataFrame({"price": values}, index=pd.date_range("2020-01-01", periods=400, freq="B"))
    return Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table)


def test_a_forecast_of_prices_starts_from_the_last_one():
    found = suggestion(walk(0.0), Preparation())
    assert found.recipe.task.base == "last" and found.recipe.task.lower_bound is None


def test_prices_that_drift_are_not_taken_for_a_random_walk():
    drifting = suggestion(walk(0.6), Preparation())
    assert drifting.recipe.task.base in ("combination", "pretrained", "classical")
