import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from components.engine.engine import Engine
from components.recipe import Recipe
from components.runs.store import RunStore
from components.settings import Settings
from tests.engine import fake_train_job

PRELOAD = ("tests.engine.fake_train_job",)


def until(holds: Callable[[], object], seconds: float = 150) -> float:
    """Wait until something holds, on a machine that may be busy → seconds waited."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came true"
        time.sleep(0.01)
    return time.monotonic() - began


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine")


@pytest.fixture(scope="session")
def server_settings(place: Path) -> Settings:
    return Settings(
        workers=2,
        visitor_runs=100,
        database=f"sqlite:///{place}/runs.sqlite",
        artifacts=str(place / "artifacts"),
    )


@pytest.fixture(scope="session")
def engine(server_settings: Settings, place: Path) -> Iterator[Engine]:
    """Two workers that do light work in place of the real one, whatever folder the server started from."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        engine = Engine(server_settings, RunStore(server_settings.database), PRELOAD)
        until(lambda: engine.workers() == 2)
    yield engine
    engine.close()


@pytest.fixture
def runs(engine: Engine) -> Iterator[SimpleNamespace]:
    """What tests do with runs; all that they leave is stopped."""
    store, made = engine.store, []

    def start(steps: int, how: str = "well", owner: str = "ann") -> str:
        return submit(fake_train_job.recipe(steps, how), owner)

    def submit(recipe: Recipe, owner: str) -> str:
        run = store.add(recipe, owner, "a test's")
        engine.submit(run, owner)
        made.append(run.id)
        return run.id

    def start_together(*each: tuple[int, str]) -> list[str]:
        together = [store.add(fake_train_job.recipe(steps, how), "ann", how) for steps, how in each]
        made.extend(run.id for run in together)
        engine.submit_group(together, "ann")
        return [run.id for run in together]

    def status(run_id: str) -> str:
        return store.run(run_id).status

    def ended(run_id: str, seconds: float = 150) -> str:
        until(lambda: status(run_id) not in ("waiting", "running", "paused"), seconds)
        return status(run_id)

    def at(run_id: str, step: int) -> None:
        until(lambda: store.run(run_id).step >= step)

    yield SimpleNamespace(
        start=start,
        submit=submit,
        start_together=start_together,
        status=status,
        ended=ended,
        at=at,
    )
    from components.training.events import Stop

    left = [run.id for run in store.catalog.entries(made, "ann")]  # the others were deleted
    for run_id in left:
        if status(run_id) in ("waiting", "running", "paused"):
            engine.control(run_id, Stop(), store.run(run_id).owner)
    for run_id in left:
        ended(run_id)
