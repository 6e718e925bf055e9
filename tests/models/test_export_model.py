"""The saved model takes and gives the series' own numbers, in plain Keras, and agrees with the run."""

import subprocess
import sys

import keras
import numpy as np
import pandas as pd
import pytest

from components.data.datasets import Provenance, Series
from components.models.export_model import export_forecaster
from components.recipe import Forecast, Recipe, Recurrent, Sample, Transformer
from components.tasks import forecast


@pytest.mark.parametrize(
    ("transform", "season"),
    [
        ("none", None),
        ("log", None),
        ("difference", None),
        ("seasonal_difference", 3),
        ("seasonal_difference", 9),
    ],
)
@pytest.mark.parametrize(
    "model", [Recurrent(units=3, attention="dot"), Transformer(units=4, heads=2, layers=1)]
)
def test_the_saved_model_forecasts_as_the_run_did(transform, season, model, tmp_path):
    rows = np.arange(120.0)
    table = pd.DataFrame({"y": 50 + rows + 9 * np.sin(rows), "x": np.cos(rows)})
    dataset = Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table, season)
    task = Forecast(
        target="y",
        covariates=("x",),
        window=8,
        horizon=5,
        transform=transform,
        season=season,
        scaling="minmax",
    )
    problem = forecast.prepare(Recipe(dataset=dataset.reference, task=task, model=model), dataset)
    built = forecast.build(Recipe(dataset=dataset.reference, task=task, model=model), problem).model
    examples = problem.test[:4]
    ours = problem.forecasts(lambda numbers: built(problem.batch(numbers)[0]).numpy(), examples)

    export_forecaster(built, task, problem.scaler, problem.lag, problem.floor).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    need = problem.lag + task.window
    past = np.stack([table.to_numpy()[s + task.window - need : s + task.window] for s in examples])
    np.testing.assert_allclose(loaded(past), ours, rtol=1e-4)


@pytest.mark.parametrize(
    "settings",
    [
        {"base": "season", "window_scaling": "affine", "transform": "log"},
        {"base": "season", "transform": "difference"},
        {"base": "last", "strategy": "decoder", "loss": "quantile"},
        {"base": "last", "strategy": "recursive", "window_scaling": "standard"},
        {"loss": "student_t", "transform": "log", "window_scaling": "standard"},
        {"loss": "negative_binomial", "base": "last"},
    ],
)
def test_whatever_a_forecast_is_made_of_is_in_the_saved_model(settings, tmp_path):
    rows = np.arange(120.0)
    table = pd.DataFrame({"y": np.round(50 + rows + 9 * np.sin(rows)), "x": np.cos(rows)})
    dataset = Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table, 6)
    task = Forecast(target="y", covariates=("x",), window=8, horizon=9, season=6, **settings)
    recipe = Recipe(dataset=dataset.reference, task=task, model=Recurrent(units=3))
    assert forecast.issues(recipe, dataset) == ()
    problem = forecast.prepare(recipe, dataset)
    built = forecast.build(recipe, problem).model
    rng = np.random.default_rng(0)
    for variable in built.trainable_variables:  # so that nothing is zero as it begins
        variable.assign(variable + 0.3 * rng.normal(size=variable.shape))
    examples = problem.test[:4]
    ours = problem.forecasts(lambda numbers: built(problem.batch(numbers)[0]).numpy(), examples)

    forecast.export_model(problem, built).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    need = problem.lag + task.window
    past = np.stack([table.to_numpy()[s + task.window - need : s + task.window] for s in examples])
    np.testing.assert_allclose(loaded(past), ours, rtol=1e-3)


def test_it_loads_where_there_is_no_code_of_ours(tmp_path):
    table = pd.DataFrame({"y": np.arange(60.0) + 1})
    dataset = Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table)
    task = Forecast(target="y", window=6, horizon=2, transform="difference")
    recipe = Recipe(dataset=dataset.reference, task=task, model=Recurrent(units=3, attention="additive"))
    problem = forecast.prepare(recipe, dataset)
    built = forecast.build(recipe, problem).model
    export_forecaster(built, task, problem.scaler, problem.lag, problem.floor).save(tmp_path / "model.keras")
    script = (
        "import keras, numpy; m = keras.models.load_model('model.keras');"
        "print(m.predict(numpy.ones((1, 7, 1)), verbose=0).shape)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    assert done.stdout.strip() == "(1, 2)"
