"""A run's own model answers: by its best weights, while it learns too, and only once there are some."""

import numpy as np
import pytest

from components import data
from components.engine import model_server
from components.engine.train_job import run_job
from components.errors import RunError
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs.artifacts import RunFiles
from components.storage import Folder
from components.tasks.forecasting.result import ForecastResult
from components.tasks.forecasting.task import ForecastInputs
from components.tasks.result_file import unpack
from components.training import checkpoints
from components.training.control import CommandQueue
from components.training.limits import Budget, Limits

RECIPE = Recipe(
    dataset=Generated(name="sine", length=100),
    task=Forecast(target="value", window=6, horizon=2),
    model=Recurrent(units=2),
    training=Training(epochs=3, patience=None),
)


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory):
    place = str(tmp_path_factory.mktemp("artifacts"))
    folder = Folder(place).folder("runs").folder("one")
    run_job(RECIPE, lambda message: None, CommandQueue(), folder, Budget(Limits(60, 2**40, 60)))
    return place


def _ask(artifacts, run="one"):
    newest = data.load(RECIPE.dataset).table.to_numpy()[-6:]
    return model_server.predict(run, RECIPE.to_json(), artifacts, ForecastInputs(newest))


def test_it_says_what_the_results_say(artifacts):
    result = unpack(RunFiles.of(artifacts, "one").result(), ForecastResult)
    answer = _ask(artifacts)
    np.testing.assert_allclose(answer.value, result.future, rtol=1e-5)
    assert answer.epoch == result.best_epoch


def test_a_newer_state_is_taken_up_and_the_model_not_built_again(artifacts, monkeypatch):
    first = _ask(artifacts)
    monkeypatch.setattr("components.engine.train_job.problem_and_model", None)
    folder = Folder(artifacts).folder("runs").folder("one")
    state = checkpoints.load(folder, checkpoints.steps(folder)[-1]).state
    state.best_variables[-1][...] += 1
    state.progress.__dict__["step"] += 1
    checkpoints.save(folder, state, 0)
    assert np.all(np.abs(_ask(artifacts).value - first.value) > 0.1)


def test_where_the_last_weights_are_kept_they_answer(tmp_path):
    recipe = RECIPE.model_copy(update={"training": Training(epochs=3, patience=None, weights="last")})
    folder = Folder(str(tmp_path)).folder("runs").folder("one")
    run_job(recipe, lambda message: None, CommandQueue(), folder, Budget(Limits(60, 2**40, 60)))
    result = unpack(RunFiles(folder).result(), ForecastResult)
    newest = data.load(recipe.dataset).table.to_numpy()[-6:]
    model_server._loaded_runs.clear()
    answer = model_server.predict("one", recipe.to_json(), str(tmp_path), ForecastInputs(newest))
    model_server._loaded_runs.clear()
    assert answer.epoch == result.best_epoch == 3
    np.testing.assert_allclose(answer.value, result.future, rtol=1e-5)


def test_few_models_are_kept_at_hand(artifacts, monkeypatch):
    monkeypatch.setattr(model_server, "MOST_LOADED_RUNS", 1)
    Folder(artifacts).folder("runs").folder("two")
    files, there = (Folder(artifacts).folder("runs").folder(run) for run in ("two", "one"))
    for name in there.names():
        files.write(name, there.read(name))
    _ask(artifacts)
    _ask(artifacts, "two")
    assert list(model_server._loaded_runs) == ["two"]


def test_a_run_that_kept_nothing_yet_says_so(tmp_path):
    with pytest.raises(RunError, match="hasn't learnt anything"):
        model_server.predict("none", RECIPE.to_json(), str(tmp_path), None)
