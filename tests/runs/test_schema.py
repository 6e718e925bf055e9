"""What a database that doesn't answer is said to be: a reason in a sentence, never a traceback."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from components.errors import StorageError
from components.runs import schema
from components.runs.store import RunStore
from tests.runs.sample_events import RECIPE


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


@pytest.fixture
def quick(path, monkeypatch):
    monkeypatch.setattr(schema, "_SECONDS_TO_LOCK", 0.05)
    store = RunStore(f"sqlite:///{path}")
    yield store
    store.close()


def test_a_locked_database_is_busy_and_goes_on_when_it_is_free(quick, path):
    run = quick.add(RECIPE, "ann", "Toys")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    with pytest.raises(StorageError, match="is busy") as refused:
        quick.add(RECIPE, "ann", "Toys")
    assert time.monotonic() - began < 10
    assert refused.value.remedy == "Try again in a moment."
    assert quick.run(run.id) == run, "reading waits for nobody"
    other.execute("ROLLBACK")
    other.close()
    quick.begin(run.id, "here")
    assert len(quick.runs("ann")) == 1


def test_nobody_waits_half_a_minute_for_a_lock():
    assert schema._SECONDS_TO_LOCK <= 5


def test_of_many_who_write_at_once_none_is_refused(quick):
    """As a class does that presses Train: they wait for each other longer than for another process."""
    together = threading.Barrier(30)

    def press(number: int) -> None:
        together.wait()
        for _ in range(5):
            quick.begin(quick.add(RECIPE, f"visitor {number}", "Toys").id, "here")

    with ThreadPoolExecutor(30) as visitors:
        for pressed in [visitors.submit(press, number) for number in range(30)]:
            pressed.result()
    assert [len(quick.runs(f"visitor {number}")) for number in range(30)] == [5] * 30


def test_a_full_disk_is_said_and_nothing_that_was_there_is_lost(quick):
    run = quick.add(RECIPE, "ann", "Toys")
    with quick._database.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageError, match="disk of this server is full"):
        for _ in range(1000):
            quick.add(RECIPE, "ann", "Toys" * 1000)
    assert quick.run(run.id) == run
    with quick._database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    quick.begin(run.id, "here")


def test_a_database_that_may_only_be_read_is_read(quick, path):
    run = quick.add(RECIPE, "ann", "Toys")
    with quick._database.writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    with pytest.raises(StorageError, match="can't be written to"):
        quick.pin(run.id, True)
    assert quick.run(run.id) == run
