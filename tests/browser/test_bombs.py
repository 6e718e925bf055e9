"""What small files do that unpack to much: the process that draws everybody's pages hardly grows."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from components.ui.visitor import COOKIE
from tests.bombs import BOMBS
from tests.live_server import LiveServer
from tests.page_socket import PageSocket, page_socket

ANN = f"{COOKIE}={'a' * 64}"
IS_SHOWN_AS_TEXTS = "many{}.parquet"  # it is within the limits
SIZES = {kind: 4 for kind in BOMBS if kind != IS_SHOWN_AS_TEXTS} | {"repeated{}.parquet": 20}
"""Of each kind: enough to see, had it been unpacked in the wrong process."""
TABLES = {"rows{}.csv.gz": 8 << 21, "sequence{}.ts.gz": 8 << 21}
"""Bytes that the finished table may take, where there is much of it."""
MOST_GROWTH = 100 << 20


@contextmanager
def watched(process: psutil.Process) -> Iterator[list[int]]:
    """Note the memory of a process all the while."""
    seen, done = [process.memory_info().rss], threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            seen.append(process.memory_info().rss)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


@pytest.fixture(scope="module")
def page(server: LiveServer) -> Iterator[PageSocket]:
    """A page of a server that has read a file, and so has loaded what that takes."""
    with page_socket(server.url, ANN) as opened:
        opened.bring(server.url, ANN, "tidy.csv", b"day,x\n2020-01-01,1\n2020-01-02,2\n")
        yield opened


@pytest.mark.parametrize(("kind", "size"), SIZES.items())
def test_a_file_that_unpacks_to_much_hardly_makes_the_server_grow(
    server: LiveServer, page: PageSocket, kind: str, size: int
) -> None:
    with watched(server.process) as memory:
        shown = page.bring(server.url, ANN, kind.format(size), BOMBS[kind](size))
    assert max(memory) - memory[0] < MOST_GROWTH + TABLES.get(kind, 0)
    titles = [each.alert.title for each in shown if each.HasField("alert")]
    assert "Something went wrong" not in titles
