"""What small files that unpack to much, or take long to look at, do to the server that everybody uses.

The machine may have other work, which holds up any server: an idle one beside it tells how much of a wait is
the machine's.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil

from components.data.datasets import Provenance
from components.data.isolation import reading
from components.data.isolation.handover import held_bytes
from components.recipe import Upload
from components.ui.visitor import COOKIE
from tests.benchmarks.ledger import Ledger
from tests.benchmarks.measurement import Measurement
from tests.bombs import BOMBS
from tests.live_server import LiveServer, live_server
from tests.page_socket import page_socket

MEGABYTE = 2**20
ANN = f"{COOKIE}={'a' * 64}"
SIZES = (5, 20, 60, 240)  # of 60, a table is nearly as large as it may be; of 240, nothing may be
MOST_GROWTH = 200  # megabytes
LONGEST_FREEZE = 0.5  # seconds


@dataclass(frozen=True)
class Brought:
    """What a bomb did.

    Attributes:
        growth: megabytes that the server's process grew by at most, beyond the table that it shows.
        left: megabytes that it held more than before when the bomb was done, beyond that table.
        freeze: seconds, the longest that it took to answer.
        control: likewise of the idle server beside it.
        load: of the machine.
    """

    growth: float
    left: float
    freeze: float
    control: float
    load: float


def measure(ledger: Ledger) -> Iterator[Measurement]:
    """Bring one bomb after the other, and watch the process that draws pages."""
    with ExitStack() as stack:
        attack = Attack(stack)
        found: list[Brought] = []
        bombs = [(kind, size) for size in SIZES for kind in BOMBS]
        for one in ledger.pieces(Brought, bombs, attack.bring, lambda bomb: bomb[0].format(bomb[1])):
            found.append(one)
            yield from _rows(found)


def _rows(found: list[Brought]) -> Iterator[Measurement]:
    """Sum up what was measured so far; the value of a row is the worst."""
    yield _worst(
        "growth of the server beyond the finished table", [one.growth for one in found], "MB", MOST_GROWTH
    )
    yield _worst("still held after a bomb, beyond its table", [one.left for one in found], "MB", MOST_GROWTH)
    yield _worst("longest wait for an answer", [one.freeze for one in found], "s", LONGEST_FREEZE)
    yield _worst("longest wait for an idle server beside it", [one.control for one in found], "s")
    yield _worst("load of the machine", [one.load for one in found], "processes")


def _worst(name: str, values: list[float], unit: str, bound: float | None = None) -> Measurement:
    compared = "nothing" if bound is None else "at most"
    return Measurement(name, max(values), unit, compared, bound, min(values), max(values), len(values))


class Attack:
    """A server, and one beside it that nobody brings anything to; both start with the first bomb.

    Args:
        stack: ends them.
    """

    def __init__(self, stack: ExitStack):
        self._stack = stack
        self._servers: list[LiveServer] = []

    def bring(self, bomb: tuple[str, int]) -> Brought:
        """Bring a bomb, and return what it did."""
        if not self._servers:
            self._servers = [self._start(), self._start()]
            self._upload("tidy.csv", b"day,x\n2020-01-01,1\n2020-01-02,2\n")
        kind, size = bomb
        name, content = kind.format(size), BOMBS[kind](size)
        begun = time.perf_counter()
        attacked, idle = map(Watch, self._servers)
        with attacked, idle:
            is_shown = self._upload(name, content)
            time.sleep(1)  # charts are drawn after the script's end
        table = _table_bytes(name, content) / MEGABYTE if is_shown else 0.0
        one = Brought(
            growth=attacked.growth - table,
            left=attacked.grown() - table,
            freeze=attacked.freeze,
            control=idle.freeze,
            load=os.getloadavg()[0],
        )
        print(f"{name}: {time.perf_counter() - begun:.1f} s, table of {table:.0f} MB, {one}", flush=True)
        return one

    def _start(self) -> LiveServer:
        home = self._stack.enter_context(TemporaryDirectory())
        return self._stack.enter_context(live_server(Path(home)))

    def _upload(self, name: str, content: bytes) -> bool:
        """Bring a file to its page, wait until that has run to its end, and return whether it is shown."""
        url = self._servers[0].url
        with page_socket(url, ANN) as page:
            shown = page.bring(url, ANN, name, content)
        return any(each.heading.body == name for each in shown)


def _table_bytes(name: str, content: bytes) -> int:
    """Return the size of the table that a page makes of a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        return held_bytes(reading.read(path, Upload(id="0" * 32, name=name), Provenance("a bomb", "none")))


class Watch:
    """Asks a server how it is ten times a second, and keeps the worst."""

    def __init__(self, server: LiveServer):
        self._url, self._process = server.url, psutil.Process(server.process.pid)
        self._before = self._process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.freeze = self.growth = 0.0

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def grown(self) -> float:
        """Return the megabytes that the process holds more than before."""
        return (self._process.memory_info().rss - self._before) / MEGABYTE

    def _look(self) -> None:
        with httpx.Client(timeout=120) as client:
            while not self._done.wait(0.1):
                start = time.perf_counter()
                client.get(f"{self._url}/_stcore/health")
                self.freeze = max(self.freeze, time.perf_counter() - start)
                self.growth = max(self.growth, self.grown())
