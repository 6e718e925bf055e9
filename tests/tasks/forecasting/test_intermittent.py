"""Intermittent demand: recognised, forecast by its own rules, and a forecast of nothing is never praised."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.data import load
from components.recipe import Generated, Preparation
from components.tasks import recipe_issues
from components.tasks.forecasting.intermittent import croston, is_intermittent, nothing, tsb
from components.tasks.forecasting.result import Score, ranking_metric
from components.tasks.forecasting.suggest import suggestion
from components.tasks.forecasting.verdict import verdict
from components.tasks.metrics import MAE, RMSE

RNG = np.random.default_rng(0)
DEMAND = np.where(RNG.random(400) < 0.15, RNG.poisson(3, 400) + 1.0, 0.0)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (DEMAND, True),
        (DEMAND * 1.5, True),
        (np.arange(50.0), False),
        (RNG.normal(size=200), False),
        (np.zeros(50), False),
        (np.where(np.arange(100) % 10 == 0, 0.0, 5.0), False),
    ],
)
def test_demand_is_intermittent_where_zeros_are_many_and_nothing_is_negative(values, expected):
    assert is_intermittent(values) is expected


def test_demand_of_five_every_third_row_is_forecast_as_five_thirds():
    series = np.tile([0.0, 0.0, 5.0], 200)
    last = np.array([len(series) - 1])
    assert croston(series, last, 2).tolist() == [[pytest.approx(5 / 3)] * 2]
    assert tsb(series, last, 1)[0, 0] == pytest.approx(5 / 3, rel=0.2)


def test_croston_smooths_size_and_interval_by_a_tenth():
    # Demands of 4 (after 2 rows) and 8 (after 3 more): size 4 + 0.1 · 4, interval 2 + 0.1 · 1.
    series = np.array([0.0, 4.0, 0.0, 0.0, 8.0, 0.0])
    assert croston(series, np.array([0, 1, 3, 4, 5]), 1)[:, 0] == pytest.approx(
        [0, 4 / 2, 4 / 2, 4.4 / 2.1, 4.4 / 2.1]
    )


def test_what_nobody_buys_any_more_fades_away_for_tsb_and_stays_for_croston():
    series = np.concatenate([np.tile([0.0, 4.0], 50), np.zeros(60)])
    ends = np.array([99, 159])
    assert tsb(series, ends, 1)[1, 0] < 0.01 * tsb(series, ends, 1)[0, 0]
    assert croston(series, ends, 1)[1, 0] == croston(series, ends, 1)[0, 0]


@pytest.mark.parametrize("rule", [croston, tsb, nothing])
def test_no_rule_looks_past_its_origin(rule):
    origins = np.array([10, 200, 350])
    garbled = DEMAND.copy()
    garbled[201:] = 1e6
    np.testing.assert_array_equal(rule(DEMAND, origins, 3)[:2], rule(garbled, origins, 3)[:2])


def scored(name, mae, rmse, label=""):
    return Score(name, label or name, mse=rmse**2, mae=mae, rmse=rmse, mape=None, smape=None, mase=None)


NOTHING, CROSTON = scored("zero", 0.5, 1.5, "Always 0"), scored("croston", 0.8, 1.3, "Croston")


def test_a_forecast_of_nothing_is_never_praised():
    model = scored("model", 0.49, 1.49)
    said = verdict(model, (NOTHING, CROSTON), "pieces", share=0.03)
    assert said.startswith("The model forecasts next to nothing: on average 3% of what was really needed.")
    assert "Croston" in said and "beats" not in said
    assert ranking_metric((model, NOTHING, CROSTON)) is RMSE
    assert ranking_metric((model, CROSTON)) is MAE


def test_a_forecast_that_serves_demand_wins_though_always_0_has_the_smaller_absolute_error():
    said = verdict(scored("model", 0.7, 1.1), (NOTHING, CROSTON), "", share=0.9)
    assert said.startswith("The model beats the baselines.")


@pytest.mark.parametrize(("values", "loss"), [(DEMAND, "negative_binomial"), (DEMAND * 1.37, "mse")])
def test_what_is_proposed_for_demand_fits_it(values, loss):
    table = pd.DataFrame({"sold": values}, pd.date_range("2020-01-01", periods=len(values), freq="D"))
    dataset = replace(load(Generated(name="sine")), table=table)
    proposed = suggestion(dataset, Preparation())
    assert proposed.recipe.task.loss == loss
    assert proposed.recipe.task.base == "none"
    assert recipe_issues(proposed.recipe, dataset) == ()
    assert any("% of the values are 0" in reason.sentence for reason in proposed.reasons)
