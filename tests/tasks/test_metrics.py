"""Metrics are scikit-learn's where it has them, and their own formulas elsewhere."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import metrics as sklearn
from utilsforecast import losses as nixtla

from components.tasks.metrics import MAE, Predictions, mae, mape, mase, mse, rmse, rmsse, score, smape
from components.tasks.regression.metrics import METRICS, R2
from components.tasks.regression.result import NumberScore

VALUES = st.floats(-1e6, 1e6).filter(lambda value: value == 0 or abs(value) > 1e-6)
SHAPES = st.shared(st.tuples(st.integers(1, 8), st.integers(1, 6)), key="shape")
TRUTHS = hnp.arrays(np.float64, SHAPES, elements=VALUES)
FORECASTS = hnp.arrays(np.float64, SHAPES, elements=VALUES)


@given(truth=TRUTHS, forecast=FORECASTS)
def test_equal_scikit_learns(truth, forecast):
    flat = truth.ravel(), forecast.ravel()
    assert mse(truth, forecast) == pytest.approx(sklearn.mean_squared_error(*flat))
    assert mae(truth, forecast) == pytest.approx(sklearn.mean_absolute_error(*flat))
    assert rmse(truth, forecast) == pytest.approx(sklearn.root_mean_squared_error(*flat))
    if (truth != 0).all():
        assert mape(truth, forecast) == pytest.approx(sklearn.mean_absolute_percentage_error(*flat))


def test_a_share_of_nothing_has_no_number():
    assert math.isnan(mape(np.array([[1.0, 0.0]]), np.array([[1.0, 1.0]])))


@given(truth=TRUTHS, forecast=FORECASTS)
def test_smape_is_its_formula_and_treats_both_sides_alike(truth, forecast):
    shares = [
        2 * abs(y - z) / (abs(y) + abs(z)) if y or z else 0.0
        for y, z in zip(truth.ravel(), forecast.ravel(), strict=True)
    ]
    assert smape(truth, forecast) == pytest.approx(sum(shares) / len(shares))
    assert smape(truth, forecast) == smape(forecast, truth)
    assert 0 <= smape(truth, forecast) <= 2


@given(
    truth=TRUTHS,
    forecast=FORECASTS,
    training=hnp.arrays(np.float64, st.integers(2, 40), elements=VALUES),
    season=st.none() | st.integers(1, 12),
)
def test_mase_is_its_formula(truth, forecast, training, season):
    m = season or 1
    errors = [abs(training[t] - training[t - m]) for t in range(m, len(training))]
    assume(sum(errors) > 1e-6)
    wanted = mae(truth, forecast) / (sum(errors) / len(errors))
    assert mase(truth, forecast, training, season) == pytest.approx(wanted)


@settings(max_examples=50)
@given(
    values=hnp.arrays(np.float64, st.tuples(st.just(2), st.integers(1, 20)), elements=VALUES),
    training=hnp.arrays(np.float64, st.integers(2, 40), elements=VALUES),
    season=st.integers(1, 12),
)
def test_equal_utilsforecasts(values, training, season):
    truth, forecast = values
    assume(len(training) > season and np.abs(training[season:] - training[:-season]).sum() > 1e-3)
    then = pd.DataFrame({"unique_id": "a", "y": truth, "said": forecast})
    before = pd.DataFrame({"unique_id": "a", "y": training})

    def theirs(loss, *rest):
        return loss(then, ["said"], *rest)["said"].item()

    assert mae(truth, forecast) == pytest.approx(theirs(nixtla.mae))
    assert mse(truth, forecast) == pytest.approx(theirs(nixtla.mse))
    assert rmse(truth, forecast) == pytest.approx(theirs(nixtla.rmse))
    assert mase(truth, forecast, training, season) == pytest.approx(theirs(nixtla.mase, season, before))
    assert rmsse(truth, forecast, training, season) == pytest.approx(theirs(nixtla.rmsse, season, before))
    if (truth != 0).all():
        assert mape(truth, forecast) == pytest.approx(theirs(nixtla.mape))
    # They divide by the sum of truth and forecast, the M4 competition by its half.
    assert smape(truth, forecast) == pytest.approx(2 * theirs(nixtla.smape))


def test_mase_of_the_naive_forecast_on_its_own_training_part_is_one():
    training = np.array([1.0, 5.0, 2.0, 8.0, 3.0])
    assert mase(training[None, 1:], training[None, :-1], training, None) == pytest.approx(1)


@pytest.mark.parametrize(
    ("training", "season"), [([3.0, 3.0, 3.0], 1), ([1.0, 2.0, 1.0, 2.0], 2), ([1.0, 2.0], 2)]
)
def test_mase_without_a_scale_has_no_number(training, season):
    assert math.isnan(mase(np.ones((1, 1)), np.zeros((1, 1)), np.array(training), season))


def test_a_metric_ranks_scores_by_its_direction_and_says_so():
    truth = np.array([1.0, 2.0, 4.0])
    near, far = (
        score(NumberScore, name, name.upper(), Predictions(truth, truth + off), METRICS)
        for name, off in (("near", 0.1), ("far", 1.0))
    )
    for metric in (MAE, R2):
        assert metric.best([far, near]) is near
        outcome = metric.outcome(far, [far, near], won=False)
        assert (outcome.model, outcome.rule) == (metric.value(far), metric.value(near))
        assert (outcome.rule_name, outcome.larger_is_better) == ("NEAR", metric.larger_is_better)
        assert metric.name in outcome.measure
    assert (MAE.direction, R2.direction) == ("shorter is better", "longer is better")


def test_a_metric_without_meaning_is_none():
    same = score(NumberScore, "model", "", Predictions(np.ones(3), np.zeros(3)), METRICS)
    assert same.r2 is None and same.mae == 1
