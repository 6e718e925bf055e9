"""A worker that holds on to memory is replaced between two pieces of work, and nobody notices."""

import os
from collections.abc import Iterator

import pytest

from components.engine.engine import Engine
from components.engine.worker_renewal import then_renew
from components.runs.store import RunStore
from components.settings import Settings
from tests.engine import fake_train_job
from tests.engine.conftest import PRELOAD, until

pytestmark = pytest.mark.timeout(400)  # workers come up slowly on a busy machine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One worker with half a gigabyte."""
    folder = tmp_path_factory.mktemp("renewal")
    settings = Settings(
        workers=1,
        run_memory=2**29,
        database=f"sqlite:///{folder}/runs.sqlite",
        artifacts=str(folder / "artifacts"),
    )
    engine = Engine(settings, RunStore(settings.database), PRELOAD)
    until(lambda: engine.workers() == 1)
    yield engine
    engine.close()


def test_runs_in_line_go_on_in_another_process_after_one_that_leaves_much_behind(engine) -> None:
    store = engine.store
    runs = [store.add(fake_train_job.recipe(3, how), "ann", how) for how in ("greedily", "well", "well")]
    for run in runs:
        engine.submit(run, "ann")
    for run in runs:
        until(lambda run=run: store.run(run.id).status == "finished")
    ended = [store.run(run.id) for run in runs]
    assert [(run.reason, run.generation) for run in ended] == [("", 0)] * 3, "nothing was lost on the way"
    first, second, third = (run.learning_rate for run in ended)  # the process that made the last step
    assert first != second == third


def test_an_answer_arrives_whatever_it_leaves_behind(engine) -> None:
    before = engine.ask(os.getpid)
    assert engine.ask(fake_train_job.grow, fake_train_job.GROWTH) == before
    assert engine.ask(os.getpid, timeout=150) not in (before, os.getpid())


def test_further_work_is_done_once_though_its_worker_is_replaced(engine, tmp_path) -> None:
    run = engine.store.add(fake_train_job.recipe(1), "ann", "has further work")
    jobs = [(fake_train_job.greedy_training, (str(tmp_path), number)) for number in (1, 2)]
    engine.submit_extra_trainings(run.id, "some", jobs, "ann")
    until(lambda: engine.extra_training_status(run.id, "some").pending == 0)
    before = engine.ask(os.getpid, timeout=150)  # by a worker that has taken the place of another
    assert engine.ask(os.getpid, timeout=150) == before
    assert engine.extra_training_status(run.id, "some").failed == ()


def test_work_that_no_worker_does_is_left_alone() -> None:
    assert then_renew(fake_train_job.grow)(1) == os.getpid()
