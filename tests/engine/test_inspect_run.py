"""Looking into a run's model at any of its kept states leaves its answers what they are."""

import numpy as np
import pytest

from components import data
from components.engine import inspect_run, model_server
from components.engine.train_job import run_job
from components.errors import RunError
from components.insight.example import DatasetExample
from components.insight.requests import (
    AttentionRequest,
    GateActivityRequest,
    InfluenceRequest,
    TopActivationsRequest,
)
from components.recipe import Forecast, Generated, Optimizer, Recipe, Recurrent, Training
from components.storage import Folder
from components.tasks.forecasting.task import ForecastInputs
from components.training import checkpoints
from components.training.control import CommandQueue
from components.training.limits import Budget, Limits

RECIPE = Recipe(
    dataset=Generated(name="sine", length=100),
    task=Forecast(target="value", window=6, horizon=2),
    model=Recurrent(units=2, attention="dot"),
    optimizer=Optimizer(learning_rate=0.05),
    training=Training(epochs=3, patience=None),
)


@pytest.fixture(scope="module")
def artifacts(tmp_path_factory):
    place = str(tmp_path_factory.mktemp("artifacts"))
    folder = Folder(place).folder("runs").folder("one")
    run_job(RECIPE, lambda message: None, CommandQueue(), folder, Budget(Limits(60, 2**40, 60)))
    yield place
    model_server._loaded_runs.clear()


def look(artifacts, step, view):
    return inspect_run.inspect("one", RECIPE.to_json(), artifacts, step, view)


def test_every_kept_state_has_its_own_view(artifacts):
    kept = checkpoints.steps(Folder(artifacts).folder("runs").folder("one"))
    newest = data.load(RECIPE.dataset).table.to_numpy()[-6:]
    said = model_server.predict("one", RECIPE.to_json(), artifacts, ForecastInputs(newest)).value
    first, last = (look(artifacts, step, AttentionRequest(DatasetExample(1))) for step in (kept[0], None))
    assert first.epoch == 0
    assert last.epoch > 0
    assert np.abs(first.view.occlusion - last.view.occlusion).max() > 1e-3
    again = look(artifacts, kept[0], AttentionRequest(DatasetExample(1)))
    np.testing.assert_array_equal(again.view.attention, first.view.attention)
    np.testing.assert_array_equal(
        model_server.predict("one", RECIPE.to_json(), artifacts, ForecastInputs(newest)).value, said
    )


def test_every_view_is_there(artifacts):
    kept = tuple(checkpoints.steps(Folder(artifacts).folder("runs").folder("one")))
    assert look(artifacts, None, GateActivityRequest(DatasetExample(0))).view.all_units == 2
    assert look(artifacts, None, TopActivationsRequest(0, 1)).view.stretches
    reach = look(artifacts, None, InfluenceRequest(kept)).view
    assert reach.steps == kept
    alone = look(artifacts, kept[0], InfluenceRequest()).view
    np.testing.assert_allclose(reach.earlier[0], alone.influence)
    np.testing.assert_allclose(reach.influence, look(artifacts, None, InfluenceRequest()).view.influence)


def test_a_state_that_is_gone_is_said_to_be_gone(artifacts):
    with pytest.raises(RunError, match="no longer kept"):
        look(artifacts, 12345, GateActivityRequest(DatasetExample(0)))
