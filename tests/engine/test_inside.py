"""Looking into a run's model at any of its kept states leaves its answers what they are."""

import numpy as np
import pytest

from components import data
from components.engine import inside, trial
from components.engine.work import work
from components.errors import RunError
from components.insight.example import Picked
from components.insight.views import SeeAttention, SeeMemory, SeeReach, SeeStretches
from components.recipe import Forecast, Generated, Optimizer, Recipe, Recurrent, Training
from components.storage import Folder
from components.tasks.forecast import Past
from components.training import checkpoints
from components.training.control import Control
from components.training.limits import Limits

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
    work(RECIPE, lambda message: None, Control(), folder, Limits(60, 2**40, 60))
    yield place
    trial._at_hand.clear()


def look(artifacts, step, view):
    return inside.look("one", RECIPE.to_json(), artifacts, step, view)


def test_every_kept_state_has_its_own_view(artifacts):
    kept = checkpoints.steps(Folder(artifacts).folder("runs").folder("one"))
    newest = data.load(RECIPE.dataset).table.to_numpy()[-6:]
    said = trial.ask("one", RECIPE.to_json(), artifacts, Past(newest)).said
    first, last = (look(artifacts, step, SeeAttention(Picked(1))) for step in (kept[0], None))
    assert first.epoch == 0
    assert last.epoch > 0
    assert np.abs(first.seen.occlusion - last.seen.occlusion).max() > 1e-3
    again = look(artifacts, kept[0], SeeAttention(Picked(1)))
    np.testing.assert_array_equal(again.seen.attention, first.seen.attention)
    np.testing.assert_array_equal(trial.ask("one", RECIPE.to_json(), artifacts, Past(newest)).said, said)


def test_every_view_is_there(artifacts):
    kept = tuple(checkpoints.steps(Folder(artifacts).folder("runs").folder("one")))
    assert look(artifacts, None, SeeMemory(Picked(0))).seen.all_units == 2
    assert look(artifacts, None, SeeStretches(0, 1)).seen.stretches
    reach = look(artifacts, None, SeeReach(kept)).seen
    assert reach.steps == kept
    alone = look(artifacts, kept[0], SeeReach()).seen
    np.testing.assert_allclose(reach.earlier[0], alone.influence)
    np.testing.assert_allclose(reach.influence, look(artifacts, None, SeeReach()).seen.influence)


def test_a_state_that_is_gone_is_said_to_be_gone(artifacts):
    with pytest.raises(RunError, match="no longer kept"):
        look(artifacts, 12345, SeeMemory(Picked(0)))
