import subprocess
import sys
import time

import pytest

from components.runs import leases
from components.runs.store import RunStore
from components.training.events import Status
from tests.runs.sample_events import RECIPE, TRAINING_START, steps

DEAD_SERVER = """
import sys
from components.runs.store import RunStore
from components.training.events import Status
store = RunStore(sys.argv[1])
server = store.register_server()
for run_id, status in zip(sys.argv[2:], ("waiting", "running", "paused", "finished")):
    attempt = store.begin(run_id, server)
    if status != "waiting":
        store.write([(run_id, attempt, Status(status=status))])
"""


def test_a_server_interrupts_what_a_dead_one_left(url, store):
    ids = [store.add(RECIPE, "ann", str(number)).id for number in range(4)]
    subprocess.run([sys.executable, "-c", DEAD_SERVER, url, *ids], check=True)
    assert [store.run(run_id).status for run_id in ids] == ["waiting", "running", "paused", "finished"]
    server = store.register_server()
    assert [store.run(run_id).status for run_id in ids] == ["interrupted"] * 3 + ["finished"]
    assert "Resume" in store.run(ids[0]).reason
    store.begin(ids[1], server)
    assert store.run(ids[1]).status == "waiting"


def test_a_living_server_keeps_its_runs(store, run_id, server):
    other = store.register_server()
    store.renew_lease(other)
    assert store.run(run_id).status == "waiting"


def test_a_server_elsewhere_is_dead_when_it_is_silent_for_long(store, run_id, server, monkeypatch):
    monkeypatch.setattr(leases.platform, "node", lambda: "another machine")
    other = store.register_server()
    assert store.run(run_id).status == "waiting"
    monkeypatch.setattr(leases, "LEASE_SECONDS", -1.0)
    store.renew_lease(other)
    assert store.run(run_id).status == "interrupted"


def test_one_taken_for_dead_may_look_after_runs_again(store, run_id, server, monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(leases.platform, "node", lambda: "another machine")
        elsewhere.setattr(leases, "LEASE_SECONDS", -1.0)
        store.register_server()
    store.renew_lease(server)
    store.begin(run_id, server)
    store.renew_lease(server)
    assert store.run(run_id).status == "waiting"


def test_a_server_that_leaves_interrupts_its_own(store, run_id, server, say):
    say(TRAINING_START, Status(status="running"), steps(1, 3))
    store.release_server(server)
    assert (store.run(run_id).status, store.run(run_id).step) == ("interrupted", 3)


def test_a_run_that_was_never_submitted_is_interrupted_in_time(store, server, monkeypatch):
    young = store.add(RECIPE, "ann", "young")
    store.renew_lease(server)
    assert store.run(young.id).status == "waiting"
    monkeypatch.setattr(leases, "LEASE_SECONDS", -1.0)
    store.renew_lease(server)
    assert store.run(young.id).status == "interrupted"


def test_another_process_of_the_same_number_is_another_server(url, store, run_id, server):
    import sqlite3

    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE servers SET process_began = process_began - 1000")
    RunStore(url).register_server()
    assert store.run(run_id).status == "interrupted"
    assert time.time() - store.run(run_id).ended.timestamp() < 10
    assert store.run(run_id).attempt == ""


@pytest.fixture(autouse=True)
def _own_clock(monkeypatch):
    """Each test may change what counts as silence."""
    monkeypatch.setattr(leases, "LEASE_SECONDS", leases.LEASE_SECONDS)
