"""Who looks after which runs, whatever becomes of servers and of clocks."""

import os
import subprocess
import sys
import time

import pytest

from components.runs import leases
from components.training.events import Checkpoint, Rollback, Status
from tests.own_clock import set_clock
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


def _own(store, server):
    return [run.id for run in store.active_runs(server)]


def test_a_server_adopts_in_their_order_what_a_dead_one_left(url, store):
    ids = [store.add(RECIPE, "ann", str(number)).id for number in range(4)]
    subprocess.run([sys.executable, "-c", DEAD_SERVER, url, *ids], check=True)
    server = store.register_server()
    assert _own(store, server) == []
    store.adopt_orphans(server)
    assert _own(store, server) == ids[:3]
    assert [store.run(run_id).status for run_id in ids] == ["waiting", "running", "paused", "finished"]


def test_a_server_is_dead_that_was_killed_and_nobody_has_asked_after(url, store):
    """Its process is still there, by its number, as long as whoever started it doesn't ask."""
    run_id = store.add(RECIPE, "ann", "left").id
    waits = f"{DEAD_SERVER}\nprint(flush=True)\nsys.stdin.read()"
    command = [sys.executable, "-c", waits, url, run_id]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as dying:
        dying.stdout.readline()
        server = store.register_server()
        store.adopt_orphans(server)
        assert _own(store, server) == []
        dying.kill()
        os.waitid(os.P_PID, dying.pid, os.WEXITED | os.WNOWAIT)
        store.adopt_orphans(server)
        assert _own(store, server) == [run_id]


def test_who_shares_only_the_name_of_the_machine_is_not_looked_for_by_number(
    store, run_id, server, monkeypatch
):
    """Containers on the host's network share its name, and count their processes each from 1."""
    monkeypatch.setattr(leases, "process_space", lambda: "another container")
    other = store.register_server()
    monkeypatch.setattr(leases, "process_began", lambda process: None)
    store.adopt_orphans(other)
    assert _own(store, server) == [run_id]


def test_a_living_server_keeps_its_runs(store, run_id, server):
    other = store.register_server()
    store.adopt_orphans(other)
    assert (_own(store, server), _own(store, other)) == ([run_id], [])


def test_a_server_is_never_dead_to_itself(store, run_id, server, monkeypatch):
    monkeypatch.setattr(leases, "process_began", lambda process: None)
    monkeypatch.setattr(leases, "LEASE_SECONDS", -1.0)
    store.adopt_orphans(server)
    assert _own(store, server) == [run_id]


def test_a_step_of_the_clock_kills_nobody(store, run_id, server, monkeypatch):
    set_clock(monkeypatch, leases, time=lambda: time.time() + 3600)
    other = store.register_server()
    store.adopt_orphans(other)
    assert _own(store, server) == [run_id]


def test_a_server_elsewhere_is_dead_when_it_has_been_silent_for_long(store, run_id, server, monkeypatch):
    monkeypatch.setattr(leases, "process_space", lambda: "another machine")
    other = store.register_server()
    clock = [0.0]
    set_clock(monkeypatch, leases, monotonic=lambda: clock[0])
    for _ in range(3):
        store.adopt_orphans(other)
        clock[0] += 50
        store.renew_lease(server)
    assert _own(store, server) == [run_id], "it gives signs of life"
    store.adopt_orphans(other)
    clock[0] += leases.LEASE_SECONDS + 1
    store.adopt_orphans(other)
    assert (_own(store, server), _own(store, other)) == ([], [run_id])


def test_a_server_that_leaves_lets_its_runs_wait_for_the_next(store, run_id, server, say):
    say(TRAINING_START, Status(status="running"), steps(1, 3), Checkpoint(step=2, epoch=0))
    store.release_server(server)
    assert (store.run(run_id).status, store.run(run_id).step) == ("waiting", 3)
    other = store.register_server()
    store.adopt_orphans(other)
    (left,) = store.active_runs(other)
    begun = store.start_attempt(run_id, left.attempt)
    assert begun.start.is_recovery
    assert (begun.start.stored.step, begun.start.stored.checkpoint) == (3, 2)


def test_a_run_that_was_never_submitted_is_interrupted_in_time(store, server, monkeypatch):
    young = store.add(RECIPE, "ann", "young")
    store.adopt_orphans(server)
    assert store.run(young.id).status == "waiting"
    monkeypatch.setattr(leases, "LEASE_SECONDS", -1.0)
    store.adopt_orphans(server)
    assert store.run(young.id).status == "interrupted"


def test_another_process_of_the_same_number_is_another_server(url, store, run_id, server):
    import sqlite3

    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE servers SET process_began = process_began - 1000")
    other = store.register_server()
    store.adopt_orphans(other)
    assert _own(store, other) == [run_id]


def test_a_run_is_put_back_three_times_and_then_fails(store, run_id, say):
    for number in range(4):
        attempt = store.run(run_id).attempt
        store.write([(run_id, attempt, one) for one in (TRAINING_START, Status(status="running"))])
        begun = store.start_attempt(run_id, attempt)
        assert (begun is None) == (number == 3)
    failed = store.run(run_id)
    assert (failed.status, failed.attempt) == ("failed", "")
    assert "stopped four times" in failed.reason and "Resume" in failed.reason
    store.begin(run_id, "server")
    assert store.run(run_id).reason == ""


def test_who_waits_may_lose_its_place_in_no_way(store, run_id):
    for _ in range(5):
        before = store.run(run_id)
        begun = store.start_attempt(run_id, before.attempt)
        assert begun.submitted == pytest.approx(before.submitted.timestamp(), abs=1e-3)
        assert not begun.start.is_recovery
    assert store.start_attempt(run_id, "f" * 32) is None, "another attempt has begun since"


def test_the_page_says_from_where_a_run_went_on(store, run_id, say):
    say(TRAINING_START, Status(status="running"), steps(1, 700))
    begun = store.start_attempt(run_id, store.run(run_id).attempt)
    assert store.run(run_id).reason.startswith("The machine that trained this run stopped; the run continues")
    said = (Status(status="running"), TRAINING_START, Rollback(step=640), Status(status="running"))
    store.write([(run_id, begun.token, one) for one in said])
    assert (
        store.points(run_id).reason
        == "The machine that trained this run stopped; the run went on from step 640."
    )
