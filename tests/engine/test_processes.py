"""What the engine starts as processes, and that all of them end."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from components.engine.engine import Engine
from components.errors import RunError
from components.runs import schema
from components.runs.store import RunStore
from components.settings import Settings
from components.training.events import Pause, Resume, Stop
from tests.engine import fake_train_job
from tests.engine.conftest import PRELOAD, until

pytestmark = pytest.mark.timeout(400)  # workers come up slowly on a busy machine

SERVER = """
import json, sys, time
from components.engine.engine import close_engine, engine

began = time.monotonic()
own = engine()
print(json.dumps({"seconds": time.monotonic() - began, "same": engine() is own}), flush=True)
own.workers()
print(json.dumps({"tensorflow": "tensorflow" in sys.modules or "keras" in sys.modules}), flush=True)
input()
close_engine()
"""


@pytest.fixture
def one_worker(tmp_path):
    return Settings(
        workers=1, database=f"sqlite:///{tmp_path}/runs.sqlite", artifacts=str(tmp_path / "artifacts")
    )


def _family(process: int) -> list[psutil.Process]:
    return psutil.Process(process).children(recursive=True)


def _alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in processes if process.is_running() and process.status() != "zombie"]


def test_an_engine_is_there_at_once_and_takes_its_processes_along(one_worker):
    store = RunStore(one_worker.database)
    before = set(_family(os.getpid()))
    engine = Engine(one_worker, store, PRELOAD)
    assert engine.ready() is False, "it didn't wait for its processes"
    run = store.add(
        fake_train_job.recipe(fake_train_job.ENDLESS_STEPS), "ann", "goes on when the engine stops"
    )
    engine.submit(run, "ann")  # before any worker is up
    until(lambda: store.run(run.id).step > 0)
    assert engine.ready()
    started = [process for process in _family(os.getpid()) if process not in before]
    assert len(_alive(started)) >= 3
    engine.close()
    assert store.run(run.id).status == "waiting"
    until(lambda: not _alive(started))
    engine = Engine(one_worker, store, PRELOAD)  # the next one
    until(lambda: store.run(run.id).status == "running" and "stopped; the run" in store.run(run.id).reason)
    engine.close()


def test_nothing_outlives_a_server_that_is_killed(one_worker):
    environment = os.environ | {
        "UNROLL_WORKERS": "1",
        "UNROLL_DATABASE": one_worker.database,
        "UNROLL_ARTIFACTS": one_worker.artifacts,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # The processes that it starts may write there, too.
    told = (json.loads(line) for line in server.stdout if line.startswith("{"))
    first, second = next(told), next(told)
    assert first["same"]
    assert first["seconds"] < 2, "it waits for no worker, nor for the finished runs that it takes in"
    assert not second["tensorflow"], "the app process comes without it"
    started = _family(server.pid)
    assert len(started) >= 2
    store = RunStore(one_worker.database)
    run = store.add(fake_train_job.recipe(20), "ann", "left behind")
    (dead,) = _server_ids(store)
    store.begin(run.id, dead)
    os.kill(server.pid, signal.SIGKILL)
    server.wait()
    until(lambda: not _alive(started))
    engine = Engine(one_worker, store, PRELOAD)
    until(lambda: store.run(run.id).status == "finished")
    engine.close()


def _server_ids(store):
    with store._database.reader.connect() as connection:
        return connection.execute(select(schema.servers.c.id)).scalars().all()


@pytest.mark.parametrize("lost", ["Scheduler", "Nanny"])
def test_runs_go_on_by_themselves_when_a_part_of_the_cluster_dies(one_worker, lost):
    store = RunStore(one_worker.database)
    before = set(_family(os.getpid()))
    engine = Engine(one_worker, store, PRELOAD)
    run = store.add(fake_train_job.recipe(500), "ann", "survives")
    paused, waiting = (store.add(fake_train_job.recipe(30), "ann", name) for name in ("paused", "waiting"))
    engine.submit(run, "ann")
    engine.submit(paused, "ann")
    engine.control(paused.id, Pause(), "ann")
    engine.submit(waiting, "ann")
    until(lambda: store.run(run.id).step > 10)
    old = [process for process in _family(os.getpid()) if process not in before]
    for process in old:
        if f'"distributed.{lost}"' in " ".join(process.cmdline()):
            process.kill()
    until(lambda: store.run(run.id).status == "finished")
    assert store.points(run.id).steps == store.points(run.id).loss == list(range(1, 501))
    assert re.fullmatch(r"The machine .* stopped; the run went on from step \d+0\.", store.run(run.id).reason)
    until(lambda: store.run(paused.id).status == "paused")
    engine.control(paused.id, Resume(), "ann")
    until(lambda: store.run(waiting.id).status == "finished")
    assert [store.run(one.id).reason for one in (paused, waiting)] == ["", ""]
    engine.close()
    until(lambda: not _alive([process for process in _family(os.getpid()) if process not in before]))


def test_a_run_submitted_while_the_scheduler_dies_is_not_lost(one_worker):
    store = RunStore(one_worker.database)
    engine = Engine(one_worker, store, PRELOAD)
    for _ in range(2):
        until(lambda: engine.workers() == 1)
        for process in _family(os.getpid()):
            if '"distributed.Scheduler"' in " ".join(process.cmdline()):
                process.kill()
        run = store.add(fake_train_job.recipe(5), "ann", "comes at the worst moment")
        engine.submit(run, "ann")
        until(lambda run=run: store.run(run.id).status not in ("waiting", "running"))
        assert store.run(run.id).status == "finished"
    engine.close()


@pytest.mark.acceptance
def test_a_run_goes_on_while_its_database_is_locked_for_half_a_minute(one_worker):
    store = RunStore(one_worker.database)
    engine = Engine(one_worker, store, PRELOAD)
    run = store.add(fake_train_job.recipe(3000), "ann", "outlasts the lock")
    engine.submit(run, "ann")
    until(lambda: store.run(run.id).step > 10)
    other = sqlite3.connect(one_worker.database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    stood = store.run(run.id).step
    time.sleep(30)
    assert store.run(run.id).step == stood
    other.execute("ROLLBACK")
    other.close()
    until(lambda: store.run(run.id).step > stood + 500)
    with pytest.raises(RunError, match="belongs to someone else"):
        engine.control(run.id, Stop(), "bob")
    until(lambda: store.run(run.id).status == "finished")
    assert store.points(run.id).steps[-1] == 3000
    assert store.curves(run.id).shape[1] == 3000
    assert store.run(run.id).reason == "", "it was never lost"
    engine.close()
