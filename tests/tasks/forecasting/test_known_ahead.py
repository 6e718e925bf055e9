"""What is known ahead reaches the model for the very steps that it is known of, and nothing else does."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from components.data import calendar
from components.insight.example import stack_examples
from components.insight.probe import Probe
from components.recipe import Forecast, Recurrent, Transformer
from components.tasks import forecast, plan, recipe_issues
from components.tasks.forecasting import evaluate as evaluating
from components.tasks.forecasting.task import ForecastInputs
from tests.tasks.forecasting.test_task import dataset, recipe

MODELS = [Recurrent(units=3), Recurrent(kind="gru", units=3, attention="dot"), Transformer(units=4, heads=2)]
ALL = {"known": ("x",), "calendar": True, "holidays": "FR"}


@pytest.fixture(autouse=True)
def without_classical_methods(monkeypatch):
    """Fitting them takes long, and they are told nothing."""
    monkeypatch.setattr(evaluating, "classical", lambda *_: ())


def ready(model=None, data=None, **task):
    wanted, data = recipe(model=model, **ALL | task), data or dataset(z=np.arange(100.0))
    problem = forecast.prepare(wanted, data)
    return problem, forecast.build(wanted, problem)


def test_a_window_goes_with_what_is_known_of_the_steps_to_come():
    problem, _ = ready(scaling="none", covariates=("z",))
    (window, ahead), targets = problem.batch(np.array([0, 5], "int32"))
    table, told = problem.dataset.table, calendar.features(problem.dataset.table.index, 4, "FR")
    assert window.shape[-1] == 3 + told.shape[1] and ahead.shape == (2, 4, 1 + told.shape[1])
    np.testing.assert_allclose(window[1, :, :3], table[["y", "z", "x"]][5:15], rtol=1e-6)
    np.testing.assert_allclose(window[1, :, 3:], told[5:15], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ahead[1, :, 0], table["x"][15:19], rtol=1e-6)
    np.testing.assert_allclose(ahead[1, :, 1:], told[15:19], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(targets[1], table["y"][15:19], rtol=1e-6)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("strategy", ["direct", "recursive", "decoder"])
def test_only_what_is_known_ahead_of_the_steps_to_come_changes_a_forecast(model, strategy):
    if strategy == "decoder" and isinstance(model, Transformer):
        strategy = "direct"
    clean = dataset(z=np.arange(100.0))
    table = clean.table.copy()
    table.iloc[40:, [0, 2]] = -5.0  # the target, and a column that isn't known ahead
    later = table.copy()
    later.iloc[41, 1] += 9
    task = {"covariates": ("z",), "strategy": strategy, "scaling": "none"}
    example = np.array([30], "int32")  # it ends at row 39

    def said(frame):
        problem, built = ready(model, replace(clean, table=frame), **task)
        return built.model(problem.batch(example)[0]).numpy()[0]

    changed = said(later) - said(table)
    np.testing.assert_array_equal(said(clean.table), said(table))
    assert changed[1] != 0
    if strategy == "recursive":
        assert changed[0] == 0


def test_what_the_calendar_says_is_the_same_in_the_window_and_ahead_however_a_window_is_scaled():
    problem, built = ready(Recurrent(units=3), window_scaling="affine")
    (window, ahead), _ = problem.batch(np.array([3, 60], "int32"))
    seen = keras.Model(built.model.inputs, built.model.get_layer("lstm_1").input)([window, ahead])
    np.testing.assert_allclose(seen[..., -problem.ahead :], window[..., -problem.ahead :], atol=1e-6)


@pytest.mark.parametrize("transform", ["none", "log", "seasonal_difference"])
@pytest.mark.parametrize("strategy", ["direct", "recursive", "decoder"])
def test_asked_with_what_it_knows_it_says_what_it_forecast(transform, strategy):
    problem, built = ready(transform=transform, strategy=strategy, covariates=("z",))
    outputs = lambda examples: built.model(problem.batch(examples)[0]).numpy()  # noqa: E731
    rows = problem.dataset.table[["y", "z", "x"]].to_numpy()[-(problem.lag + 10) :]
    expected = forecast.evaluate(problem, outputs, built, 1).future
    np.testing.assert_allclose(forecast.predict(problem, built, ForecastInputs(rows)), expected, rtol=1e-4)
    ahead = rows[-7:, 2:][[0, 1, 2, 3]]  # as last season
    said = forecast.predict(problem, built, ForecastInputs(rows, ahead))
    np.testing.assert_allclose(said, expected, rtol=1e-4)
    other = forecast.predict(problem, built, ForecastInputs(rows, ahead + 3))
    assert not np.allclose(other, expected, rtol=1e-4)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("strategy", ["direct", "recursive"])
def test_a_model_that_is_told_of_the_steps_to_come_can_be_looked_into(model, strategy):
    problem, built = ready(model, strategy=strategy)
    wanted = recipe(model=model, **ALL, strategy=strategy)
    assert plan(wanted, problem.dataset).parameters == sum(
        int(np.prod(v.shape)) for v in built.model.trainable_variables
    )
    probe = Probe(built.model, problem.loss, compiled=False)
    seen = probe.gradients(*problem.batch(problem.validation[:3]))
    assert len(seen.entries) == 1
    assert probe.outputs(stack_examples(forecast.sample_evenly(problem, 4))).shape[0] == 4


def test_a_column_that_is_not_there_is_said_at_its_control():
    assert [c.field for c in recipe_issues(recipe(known=("q",)), dataset())] == ["task.known"]
    with pytest.raises(ValueError, match="named twice"):
        Forecast(target="y", covariates=("x",), known=("x",))
