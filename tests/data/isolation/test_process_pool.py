"""A process reads one file after the other; what takes too much is ended, and said in a sentence."""

import os
import threading
import time
from pathlib import Path

import psutil
import pytest

from components.data.datasets import Provenance
from components.data.isolation import process_pool as pools
from components.data.isolation.handover import take_over
from components.data.isolation.process_pool import Limits, ProcessPool, request_folder
from components.data.isolation.requests import RESULT, FileToRead
from components.errors import DataError
from components.recipe import Upload

ENOUGH = Limits(memory=1 << 30, seconds=60, wait=60)
SHORT = Limits(memory=1 << 30, seconds=1, wait=60)
"""For what sleeps: up to four seconds."""


@pytest.fixture(scope="module")
def pool():
    return ProcessPool(2)


def work(path: Path, name: str = "my.csv", most_held: int = 1 << 20) -> FileToRead:
    return FileToRead(
        path=str(path),
        reference=Upload(id="0" * 32, name=name),
        provenance=Provenance("a test", "none"),
        most_unpacked=1 << 30,
        most_held=most_held,
    )


def read(pool: ProcessPool, path: Path, limits: Limits = ENOUGH, **options: object) -> int:
    """Return the rows of a file."""
    with request_folder() as folder:
        asked = work(path, **options)
        pool.run(asked, folder, limits, asked.reference.name)
        return len(take_over(folder / RESULT).frame)


def pids(pool: ProcessPool) -> list[int]:
    return [process._process.pid for process in pool._idle]


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small"
    path.write_bytes(b"day,x\n2020-01-01,1\n2020-01-02,2\n")
    return path


@pytest.fixture
def endless(tmp_path):
    """A file that nobody writes to: whoever opens it waits."""
    path = tmp_path / "endless"
    os.mkfifo(path)
    return path


def test_one_process_reads_one_file_after_the_other(pool, small):
    assert read(pool, small) == 2
    first = pids(pool)
    assert read(pool, small) == 2 and read(pool, small) == 2
    assert pids(pool) == first


def test_what_cannot_be_read_is_said_as_the_reader_says_it(pool, tmp_path):
    path = tmp_path / "long name"
    path.write_bytes(b"day," + b"x" * 1000 + b"\n2020-01-01,1\n2020-01-02,2\n")
    with pytest.raises(DataError) as caught:
        read(pool, path)
    assert caught.value.where == "my.csv"
    assert "A column name is longer than" in caught.value.what
    assert caught.value.remedy


def test_what_takes_too_long_is_ended(pool, endless, small):
    with pytest.raises(DataError, match="too large to be read"):
        read(pool, endless, SHORT)
    assert read(pool, small) == 2


def test_what_takes_too_much_memory_is_refused(pool, tmp_path, small):
    path = tmp_path / "large"
    path.write_bytes(b"a,b\n" + b"%d,word\n" % 1 * 3_000_000)
    with pytest.raises(DataError, match="too large"):
        read(pool, path, Limits(memory=40 << 20, seconds=60, wait=60), most_held=1 << 40)
    assert read(pool, small) == 2


def test_what_would_take_too_much_of_the_server_is_refused_with_both_sizes(pool, small):
    with pytest.raises(DataError, match=r"takes 0 MB of memory; at most 0 MB"):
        read(pool, small, most_held=10)


def test_a_mistake_of_ours_is_not_taken_for_the_visitors(pool, tmp_path, small):
    with pytest.raises(RuntimeError, match=r"(?s)While “my.csv” was read.*FileNotFoundError"):
        read(pool, tmp_path / "nowhere")
    assert read(pool, small) == 2


def test_nothing_is_left_on_disk(pool, small, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = sorted(tmp_path.iterdir())
    read(pool, small)
    assert sorted(tmp_path.iterdir()) == before


def test_what_writes_too_much_is_ended(pool, small, monkeypatch):
    monkeypatch.setattr(pools, "_folder_bytes", lambda _: 1 << 40)
    monkeypatch.setattr(pools, "_LOOK_SECONDS", 0.0001)
    with pytest.raises(DataError, match="too large"):
        read(pool, small)


def test_who_waits_too_long_for_others_is_told(small, endless):
    pool = ProcessPool(1)
    failed = []

    def wedge() -> None:
        with pytest.raises(DataError):
            read(pool, endless, SHORT)
        failed.append(True)

    thread = threading.Thread(target=wedge)
    thread.start()
    time.sleep(0.2)
    with pytest.raises(DataError, match="busy reading other files"):
        read(pool, small, Limits(memory=1 << 30, seconds=60, wait=0.01))
    assert read(pool, small) == 2  # once the other has been ended
    thread.join()
    assert failed


def test_a_process_that_ended_while_idle_is_replaced(pool, small):
    assert read(pool, small) == 2
    for pid in pids(pool):
        psutil.Process(pid).kill()
    while any(process.is_alive for process in pool._idle):
        time.sleep(0.01)
    assert read(pool, small) == 2


@pytest.mark.parametrize(
    ("seconds", "of_processor", "counted"),
    [(10, 10, 10), (10, 19, 10), (10, 6, 6), (10, 0, 2.5)],
    ids=["alone", "on two cores", "on a busy machine", "asleep"],
)
def test_what_other_work_took_hardly_counts(seconds, of_processor, counted):
    assert pools._spent(seconds, of_processor) == counted
