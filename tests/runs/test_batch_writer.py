import sqlite3
import time
from collections.abc import Callable

import pytest

from components.errors import StorageError
from components.runs import batch_writer as writing
from components.runs.batch_writer import BatchWriter
from components.training.events import Mark
from tests.runs.sample_events import TRAINING_START, steps


def until(holds: Callable[[], bool], seconds: float = 5) -> float:
    """Wait until something holds → seconds waited."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it never came true"
        time.sleep(0.005)
    return time.monotonic() - began


@pytest.fixture
def writer(store, server):
    writer = BatchWriter(store, server)
    yield writer
    writer.close()


@pytest.fixture
def attempt(store, run_id):
    attempt = store.run(run_id).attempt
    store.write([(run_id, attempt, TRAINING_START)])
    return attempt


def test_what_is_put_is_soon_in_the_store(store, writer, run_id, attempt):
    for number in range(1, 6):
        writer.put(run_id, attempt, [steps(number, number).model_dump()])
        assert until(lambda: store.run(run_id).step == number) < 0.5  # noqa: B023


def test_messages_come_in_order_and_whole(store, writer, run_id, attempt):
    for number in range(1, 301):
        writer.put(run_id, attempt, [steps(number, number)])
    until(lambda: store.run(run_id).step == 300)
    assert store.points(run_id).steps == list(range(1, 301))


def test_nonsense_is_left_out_and_the_rest_is_kept(store, writer, run_id, attempt):
    ragged = steps(4, 6).model_copy(update={"before": (1.0,)})
    writer.put(run_id, attempt, [{"kind": "nobody knows"}, "what", steps(1, 3), ragged])
    writer.put(run_id, attempt, [steps(4, 6).model_copy(update={"layers": ()}), steps(4, 5)])
    until(lambda: store.run(run_id).step == 5)
    assert store.points(run_id).steps == [1, 2, 3, 4, 5]


def test_closing_writes_what_is_left(store, server, run_id, attempt):
    writer = BatchWriter(store, server)
    for number in range(1, 101):
        writer.put(run_id, attempt, [steps(number, number)])
    writer.close()
    assert store.run(run_id).step == 100


def test_a_database_that_is_away_for_a_moment_loses_nothing(store, writer, run_id, attempt, monkeypatch):
    monkeypatch.setattr(writing, "RETRY_SECONDS", 0.05)
    write, refused = store.write, []

    def busy(batch):
        if len(refused) < 3:
            refused.append(batch)
            raise StorageError("The database of runs is busy.")
        write(batch)

    monkeypatch.setattr(store, "write", busy)
    writer.put(run_id, attempt, [steps(1, 2), Mark(step=2, what="clip", value=1.0)])
    until(lambda: len(store.marks(run_id)) == 1)
    assert (store.run(run_id).step, len(refused)) == (2, 3)


def test_the_writer_gives_signs_of_life(store, server, monkeypatch):
    beats: list[str] = []
    monkeypatch.setattr(writing, "HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr(store, "renew_lease", beats.append)
    writer = BatchWriter(store, server)
    until(lambda: len(beats) > 2)
    writer.close()
    assert set(beats) == {server}


def test_who_flushes_finds_all_in_the_store_that_was_put_before(store, writer, run_id, attempt):
    for number in range(1, 101):
        writer.put(run_id, attempt, [steps(number, number)])
    writer.flush()
    assert store.run(run_id).step == 100


def test_a_database_that_is_locked_for_long_loses_nothing(url, store, writer, run_id, attempt, monkeypatch):
    """As long as half a minute would be for a server: many times what a write waits for."""
    monkeypatch.setattr(writing, "RETRY_SECONDS", 0.02)
    with store._database.writer.connect() as connection:  # the pool's only one, which the writer uses next
        connection.exec_driver_sql("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for number in range(1, 31):
        writer.put(run_id, attempt, [steps(number, number)])
    time.sleep(0.6)
    assert store.run(run_id).step == 0, "it is read all the while"
    other.execute("ROLLBACK")
    other.close()
    until(lambda: store.run(run_id).step == 30)
    assert store.points(run_id).steps == list(range(1, 31))
