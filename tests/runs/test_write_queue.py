"""Whoever has waited longest writes next, and nobody waits for ever."""

import threading

import pytest

from components.errors import StorageError
from components.runs.write_queue import WriteQueue
from tests.engine.conftest import until


def test_whoever_has_waited_longest_is_next():
    queue, order = WriteQueue(patience=60), list[int]()

    def write(number: int) -> None:
        with queue:
            order.append(number)

    with queue:
        threads = [threading.Thread(target=write, args=(number,)) for number in range(20)]
        for number, thread in enumerate(threads):
            thread.start()
            until(lambda number=number: len(queue._waiting) == number + 1)
        assert order == []
    for thread in threads:
        thread.join()
    assert order == list(range(20))


def test_one_writes_at_a_time():
    queue, inside, most = WriteQueue(patience=60), 0, 0

    def write() -> None:
        nonlocal inside, most
        for _ in range(200):
            with queue:
                inside += 1
                most = max(most, inside)
                inside -= 1

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_who_has_waited_long_enough_is_told_and_holds_nobody_up():
    queue = WriteQueue(patience=0.02)
    refused = list[StorageError]()

    def write() -> None:
        with pytest.raises(StorageError, match="is busy") as error, queue:
            pass
        refused.append(error.value)

    with queue:
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert [error.remedy for error in refused] == ["Try again in a moment."]
    with queue:
        pass


def test_a_write_that_fails_lets_the_next_one_in():
    queue = WriteQueue(patience=0.02)
    with pytest.raises(ZeroDivisionError), queue:
        raise ZeroDivisionError
    with queue:
        pass
