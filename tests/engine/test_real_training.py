"""The engine with the work that it is for: TensorFlow in its worker, a real run, and that worker killed."""

import os
import signal

import pytest

from components.engine.engine import Engine
from components.recipe import Forecast, Generated, Recipe, Recurrent, Training
from components.runs.store import RunStore
from components.settings import Settings
from components.storage import Folder
from tests.engine.conftest import until

pytestmark = pytest.mark.timeout(400)  # workers come up slowly on a busy machine

RECIPE = Recipe(
    dataset=Generated(name="sine", length=400, seed=1),
    task=Forecast(target="value", window=12, horizon=2),
    model=Recurrent(kind="lstm", units=4, dropout=0.2),
    training=Training(batch=8, epochs=80, patience=None),
)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    place = tmp_path_factory.mktemp("real")
    settings = Settings(
        workers=1, database=f"sqlite:///{place}/runs.sqlite", artifacts=str(place / "artifacts")
    )
    engine = Engine(settings, RunStore(settings.database))
    until(engine.ready, seconds=300)
    yield engine
    engine.close()


def _start(engine: Engine) -> str:
    run = engine.store.add(RECIPE, "ann", "Real")
    engine.submit(run, "ann")
    return run.id


def _end(engine: Engine, run_id: str) -> None:
    until(lambda: engine.store.run(run_id).status not in ("waiting", "running", "paused"), seconds=300)
    run = engine.store.run(run_id)
    assert run.status == "finished", run.reason


def test_workers_come_warm(real):
    assert real.ask(eval, "'tensorflow' in __import__('sys').modules") is True


def test_a_run_whose_worker_is_killed_ends_with_the_very_losses_of_an_unbroken_one(real):
    unbroken = _start(real)
    _end(real, unbroken)
    broken = _start(real)
    until(lambda: len(real.store.checkpoints(broken)) >= 2)
    os.kill(real.ask(os.getpid), signal.SIGKILL)
    _end(real, broken)
    one, other = real.store.points(unbroken), real.store.points(broken)
    assert other.generation > one.generation, "it went back to a checkpoint"
    assert len(one.steps) == one.steps_total
    assert (one.steps, one.loss, one.before, one.layers) == (
        other.steps,
        other.loss,
        other.before,
        other.layers,
    )
    assert real.store.epochs(unbroken) == real.store.epochs(broken)
    folder = Folder(real._settings.artifacts).folder("runs").folder(broken)
    assert {"result.npz", "model.keras"} <= set(folder.names())
