"""The forecast task: honest parts, exact units, complaints in place, a verdict that holds."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.data.datasets import Provenance, Series
from components.models.forecaster import Forecaster
from components.recipe import Forecast, Preparation, Recipe, Recurrent, Sample, Training, Transformer
from components.tasks import example_count, forecast, recipe_issues
from components.tasks.forecasting import evaluate as evaluating
from components.tasks.forecasting.classical import Classical
from components.tasks.forecasting.result import ForecastResult
from components.tasks.forecasting.task import ForecastInputs
from components.tasks.result_file import pack, unpack
from tests.charts.forecast_result import result, score
from tests.tasks.outputs import perfect


def dataset(rows=100, **columns) -> Series:
    index = pd.date_range("2000-01-01", periods=rows, freq="D", name="day")
    trend = np.arange(rows) + 10.0
    table = pd.DataFrame({"y": trend + 3 * np.sin(trend), "x": np.cos(trend)} | columns, index=index)
    return Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table, season=7)


def recipe(batch=32, model=None, preparation=None, **task) -> Recipe:
    return Recipe(
        dataset=Sample(name="toy"),
        preparation=preparation or Preparation(),
        task=Forecast(**{"target": "y", "window": 10, "horizon": 4, "season": 7} | task),
        model=model or Recurrent(),
        training=Training(batch=batch),
    )


@pytest.fixture(autouse=True)
def without_classical_methods(monkeypatch):
    """Leave out ETS, ARIMA and the pretrained network: they take seconds, and have tests of their own."""
    monkeypatch.setattr(evaluating, "classical", lambda *args: (Classical("ets", "ETS", None, "No ETS."),))
    monkeypatch.setattr(evaluating, "MOST_ORIGINS", 0)


BLIND = Forecaster(None, None)
"""A stand-in for what was built, where only its outputs are looked at."""
TRANSFORMS = ["none", "log", "difference", "seasonal_difference"]


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("scaling", ["none", "standard", "minmax"])
def test_outputs_that_are_right_in_scaled_units_are_right_in_the_targets_own(transform, scaling):
    problem = forecast.prepare(recipe(transform=transform, scaling=scaling, covariates=("x",)), dataset())
    result = forecast.evaluate(problem, perfect(problem), BLIND, best_epoch=1)
    rows = result.origins[:, None] + np.arange(1, 5)
    np.testing.assert_allclose(result.forecasts, problem.raw[rows], rtol=1e-4)
    assert result.scores[0].rmse < 0.01 < result.scores[1].rmse


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_as_many_examples_are_promised_as_are_prepared(transform):
    wanted = recipe(transform=transform)
    assert example_count(wanted, dataset()) == len(forecast.prepare(wanted, dataset()).train)


def test_batches_are_windows_and_what_followed_them():
    problem = forecast.prepare(recipe(scaling="none", covariates=("x",)), dataset())
    inputs, targets = problem.batch(np.array([0, 5], dtype="int32"))
    np.testing.assert_allclose(inputs[1, :, 0], problem.raw[5:15], rtol=1e-6)
    np.testing.assert_allclose(inputs[1, :, 1], problem.dataset.table["x"][5:15], rtol=1e-6)
    np.testing.assert_allclose(targets[1], problem.raw[15:19], rtol=1e-6)


def test_nothing_before_the_test_part_changes_when_the_test_part_is_garbage():
    clean, spoilt = dataset(), dataset()
    spoilt.table.iloc[85:] = 1e6
    before, after = (forecast.prepare(recipe(covariates=("x",)), data) for data in (clean, spoilt))
    np.testing.assert_array_equal(before.values[:85], after.values[:85])
    np.testing.assert_array_equal(before.train, after.train)
    np.testing.assert_array_equal(before.validation, after.validation)


def test_the_preview_is_the_end_of_the_validation_part_in_whole_horizons():
    problem, shown = forecast.prepare(recipe(), dataset()), forecast.preview(recipe(), dataset())
    assert shown.times[-1] == dataset().table.index[84]
    assert len(shown.times) % 4 == 0
    assert shown.times.is_unique
    snapshot = problem.snapshot(perfect(problem))
    np.testing.assert_allclose(snapshot.numbers, shown.truth, rtol=1e-5)


def test_the_forecast_beyond_the_end_looks_at_the_last_window():
    problem = forecast.prepare(recipe(scaling="none"), dataset())
    seen = []

    def outputs(examples):
        seen.append(problem.batch(examples)[0].numpy()[-1, :, 0])
        return np.zeros((len(examples), 4), dtype="float32")

    forecast.evaluate(problem, outputs, BLIND, 1)
    np.testing.assert_allclose(seen[-1], problem.raw[-10:], rtol=1e-6)


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_asked_with_the_rows_that_it_knows_it_says_what_it_forecast(transform):
    wanted = recipe(transform=transform, covariates=("x",))
    problem = forecast.prepare(wanted, dataset())
    built = forecast.build(wanted, problem)
    outputs = lambda examples: built.model(problem.batch(examples)[0]).numpy()  # noqa: E731
    rows = dataset().table[["y", "x"]].to_numpy()[-(problem.lag + 10) :]
    said = forecast.predict(problem, built, ForecastInputs(rows))
    np.testing.assert_allclose(said, forecast.evaluate(problem, outputs, built, 1).future, rtol=1e-4)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        ({"target": "z"}, "task.target"),
        ({"covariates": ("z",)}, "task.covariates"),
        ({"window": 67}, "task.window"),
        ({"window": 60, "transform": "seasonal_difference"}, "task.window"),
        ({"horizon": 16}, "task.horizon"),
        ({"season": 70}, "task.season"),
        ({"target": "x", "transform": "log"}, "task.transform"),
        ({"base": "last", "transform": "seasonal_difference"}, "task.base"),
        ({"base": "season", "window": 6}, "task.base"),
        ({"strategy": "decoder", "model": Transformer()}, "task.strategy"),
        ({"strategy": "recursive", "loss": "quantile"}, "task.strategy"),
        ({"loss": "negative_binomial"}, "task.loss"),
        ({"loss": "gaussian", "transform": "difference"}, "task.transform"),
        ({"loss": "quantile", "transform": "seasonal_difference", "horizon": 8}, "task.transform"),
        ({"passes": 10}, "task.passes"),
        (
            {"model": Recurrent(units=1024, attention="additive"), "batch": 4096, "window": 50},
            "model.attention",
        ),
    ],
)
def test_what_cannot_work_is_said_at_its_control(settings, field):
    complaints = recipe_issues(recipe(**settings), dataset())
    assert field in [complaint.field for complaint in complaints]


def test_an_evaluation_that_would_take_too_long_is_said_beforehand(monkeypatch):
    wanted = recipe(passes=50, model=Recurrent(dropout=0.2))
    assert recipe_issues(wanted, dataset()) == ()
    windows = len(forecast.prepare(wanted, dataset()).test)
    monkeypatch.setattr("components.tasks.forecasting.checks.MOST_SAMPLED_VALUES", 20 * windows * 4)
    (issue,) = recipe_issues(wanted, dataset())
    assert issue.field == "task.passes"
    assert f"50 MC samples of {windows} test windows" in str(issue)
    assert "Choose at most 20 MC samples" in str(issue)


@pytest.mark.parametrize(
    "settings",
    [
        {"window": 66},
        {"horizon": 15},
        {"transform": "seasonal_difference"},
        {},
        {"loss": "quantile", "transform": "seasonal_difference"},
        {"base": "season", "window": 7},
        {"base": "season", "window": 3, "transform": "seasonal_difference"},
    ],
)
def test_what_just_fits_works(settings):
    assert recipe_issues(recipe(**settings), dataset()) == ()
    problem = forecast.prepare(recipe(**settings), dataset())
    assert min(len(problem.train), len(problem.validation), len(problem.test)) >= 1


def test_the_verdict_says_when_the_model_does_not_beat_doing_nothing():
    problem = forecast.prepare(recipe(), dataset())
    good = forecast.evaluate(problem, perfect(problem), BLIND, 1).verdict
    bad = forecast.evaluate(problem, lambda examples: perfect(problem)(examples) + 5, BLIND, 1).verdict
    assert good.startswith("The model beats the naive forecasts.")
    assert bad.startswith("The model doesn't beat the naive forecasts.")


def test_what_is_left_out_is_noted_and_what_is_there_is_scored(monkeypatch):
    problem = forecast.prepare(recipe(), dataset())
    assert forecast.evaluate(problem, perfect(problem), BLIND, 1).notes[0] == "No ETS."
    rows = np.zeros((len(problem.test), 4))
    monkeypatch.setattr(evaluating, "classical", lambda *args: (Classical("ets", "ETS", rows, "ETS: so."),))
    result = forecast.evaluate(problem, perfect(problem), BLIND, 1)
    assert result.scores[-1].label == "ETS"
    np.testing.assert_array_equal(result.baselines["ETS"], rows)


def test_a_result_comes_back_from_its_file():
    problem = forecast.prepare(recipe(), dataset())
    weights = np.random.default_rng(0).dirichlet(np.ones(10), size=4).astype("float32")
    result = forecast.evaluate(problem, perfect(problem), BLIND, 3)
    result = replace(result, attention=weights, attention_rows="step ahead")
    back = unpack(pack(result), ForecastResult)
    assert back.scores == result.scores
    assert (back.verdict, back.best_epoch, back.attention_rows) == (result.verdict, 3, "step ahead")
    pd.testing.assert_index_equal(back.times, result.times, check_names=False, exact=False)
    pd.testing.assert_index_equal(back.future_times, result.future_times, check_names=False, exact=False)
    for name in ("truth", "origins", "forecasts", "future", "attention"):
        np.testing.assert_array_equal(getattr(back, name), getattr(result, name))
    assert back.baselines.keys() == result.baselines.keys()


def test_baselines_without_a_season_leave_the_seasonal_one_out():
    problem = forecast.prepare(recipe(season=None), dataset())
    names = [score.name for score in forecast.evaluate(problem, perfect(problem), BLIND, 1).scores]
    assert names == ["model", "last_value", "drift", "mean"]


@pytest.mark.parametrize("window_scaling", ["none", "affine"])
@pytest.mark.parametrize(
    ("base", "rule", "transform"),
    [
        ("last", "Last value (naive)", "none"),
        ("last", "Last value (naive)", "log"),
        ("last", "Last value (naive)", "difference"),
        ("season", "Seasonal naive", "none"),
        ("season", "Seasonal naive", "log"),
        ("season", "Seasonal naive", "difference"),
        ("season", "Seasonal naive", "seasonal_difference"),
    ],
)
@pytest.mark.parametrize("loss", ["mse", "quantile"])
def test_before_any_training_it_is_the_simple_rule_that_it_adds_to(
    base, rule, transform, window_scaling, loss
):
    wanted = recipe(
        base=base,
        transform=transform,
        window_scaling=window_scaling,
        horizon=10,
        loss=loss if transform in ("none", "log") else "mse",
        covariates=("x",),
        model=Recurrent(units=2),
    )
    problem = forecast.prepare(wanted, dataset())
    built = forecast.build(wanted, problem)
    outputs = lambda examples: built.model(problem.batch(examples)[0]).numpy()  # noqa: E731
    result = forecast.evaluate(problem, outputs, built, 1)
    np.testing.assert_allclose(result.forecasts, result.baselines[rule], rtol=1e-4)


def test_one_by_one_learns_by_the_first_step_and_forecasts_all_of_them():
    wanted = recipe(strategy="recursive", model=Recurrent(units=2), covariates=("x",))
    problem = forecast.prepare(wanted, dataset())
    model = forecast.build(wanted, problem).model
    inputs, targets = problem.batch(problem.test[:3])
    assert model(inputs, training=True).shape == (3, 1)
    said = model(inputs)
    assert said.shape == (3, 4)
    assert float(problem.loss(targets, model(inputs, training=True))) > 0
    fed_back = np.concatenate([inputs[:, 1:], np.stack([said[:, :1], inputs[:, -1:, 1]], -1)], axis=1)
    np.testing.assert_allclose(model(fed_back)[:, 0], said[:, 1], rtol=1e-5)


def test_quantiles_never_cross():
    wanted = recipe(loss="quantile", model=Recurrent(units=3), window_scaling="affine")
    problem = forecast.prepare(wanted, dataset())
    model = forecast.build(wanted, problem).model
    rng = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(variable + 2 * rng.normal(size=variable.shape))
    assert (np.diff(model(problem.batch(problem.test)[0]), axis=-1) >= 0).all()


def test_the_doctor_is_told_of_rules_that_cost_nothing_not_of_methods_that_are_fitted():
    held = result(model_error=2.0)
    fitted = replace(held, scores=(*held.scores, score("arima", "ARIMA", 1.0)))
    assert not fitted.won
    assert fitted.outcome.rule_name == "Last value" and not fitted.outcome.is_clearly_worse
