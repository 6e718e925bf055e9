"""The server's side: a few reading processes, kept ready, and ended when they take too much."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from components.data.isolation.requests import Answer, Request, Work, too_large_error
from components.errors import DataError
from components.settings import settings

_ROOT = Path(__file__).parents[3]
_MODULE = "components.data.isolation.reading_process"
_LOOK_SECONDS = 0.1  # between two looks at what a process takes
_MOST_IDLE_BYTES = 300 << 20  # of a process that is kept; one that holds more is ended
_LONGEST_STRETCH = 4  # times as long as without other work may something take on a busy machine
_MOST_DISK_BYTES = 4 << 30  # of all that is written while a file is read
_PROCESSES = max(2, (os.cpu_count() or 1) // 2)
# One thread for what is numbers, for DuckDB and Arrow have theirs; and memory goes back when it's freed.
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
}


class BusyError(DataError):
    """Too many other files are being read."""


@dataclass(frozen=True)
class Limits:
    """What reading one file may take.

    Attributes:
        memory: bytes.
        seconds: from the first to the last, the start of a process included; on a busy machine, up to four
            times as long.
        wait: seconds until there must be a process that is free.
    """

    memory: int
    seconds: float
    wait: float


class ProcessPool:
    """Processes that read, one file at a time each.

    Args:
        most: how many there may be.
    """

    def __init__(self, most: int = _PROCESSES):
        self._places = threading.BoundedSemaphore(most)
        self._idle: list[_ReadingProcess] = []
        self._lock = threading.Lock()

    def prestart(self) -> None:
        """Start a process, if there is none, while nobody waits for it."""
        with self._lock:
            if not any(process.is_alive for process in self._idle):
                self._idle = [_ReadingProcess()]

    def run(self, work: Work, folder: Path, limits: Limits, name: str) -> Answer:
        """Have something done.

        Args:
            work: what.
            folder: for what is handed over, and all that is written meanwhile.
            limits: what it may take.
            name: of the file, to call it in messages.

        Raises:
            DataError: if the file can't be read, or takes more than is allowed.
            BusyError: if no process becomes free in time.
            RuntimeError: for a mistake of ours, with its traceback.
        """
        request = Request(folder=str(folder), memory=limits.memory, work=work).model_dump_json()
        with self._place(limits.wait, name):
            process = self._take()
            try:
                answer = process.ask(request, folder, limits)
                while answer is None and process.was_idle_too_long:
                    process = _ReadingProcess()
                    answer = process.ask(request, folder, limits)
            finally:
                self._give_back(process)
        if answer is None:
            raise too_large_error(name)
        if answer.refusal is not None:
            raise answer.refusal.error()
        if answer.mistake is not None:
            raise RuntimeError(f"While “{name}” was read:\n{answer.mistake}")
        return answer

    @contextmanager
    def _place(self, wait: float, name: str) -> Iterator[None]:
        if not self._places.acquire(timeout=wait):
            raise BusyError(
                "The server is busy reading other files.", where=name, remedy="Try again in a minute."
            )
        try:
            yield
        finally:
            self._places.release()

    def _take(self) -> "_ReadingProcess":
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_alive:
                    return process
        return _ReadingProcess()

    def _give_back(self, process: "_ReadingProcess") -> None:
        if process.is_busy or not process.is_alive or process.memory > _MOST_IDLE_BYTES:
            process.end()
            return
        with self._lock:
            self._idle.append(process)


class _ReadingProcess:
    """One process; what it answers comes by a thread, so that it can be waited for with an end."""

    def __init__(self) -> None:
        self._process = psutil.Popen(
            [sys.executable, "-m", _MODULE],
            cwd=_ROOT,
            env=os.environ | _ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.is_busy = False
        threading.Thread(target=self._listen, name="reading process", daemon=True).start()

    @property
    def is_alive(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None

    @property
    def was_idle_too_long(self) -> bool:
        """Whether it had ended by itself, just when it was asked."""
        return self._process.wait() == 0

    @property
    def memory(self) -> int:
        """Bytes that it holds; 0 once it has ended."""
        with suppress(psutil.Error):
            return int(self._process.memory_info().rss)
        return 0

    @property
    def processor_seconds(self) -> float:
        """Seconds for which it had a core, those of all threads together; 0 once it has ended."""
        with suppress(psutil.Error):
            times = self._process.cpu_times()
            return float(times.user + times.system)
        return 0.0

    def ask(self, request: str, folder: Path, limits: Limits) -> Answer | None:
        """Return the answer; None where the process ended, or had to be ended, before there was one."""
        self.is_busy = True
        begun = time.monotonic(), self.processor_seconds
        with suppress(OSError):
            self._process.stdin.write(request + "\n")
            self._process.stdin.flush()
        while True:
            with suppress(queue.Empty):
                line = self._lines.get(timeout=_LOOK_SECONDS)
                self.is_busy = line is None
                return None if line is None else Answer.model_validate_json(line)
            if (
                _spent(time.monotonic() - begun[0], self.processor_seconds - begun[1]) > limits.seconds
                or self.memory > limits.memory
                or _folder_bytes(folder) > _MOST_DISK_BYTES
            ):
                self.end()
                return None

    def end(self) -> None:
        """End it, whatever it does."""
        with suppress(psutil.Error):
            self._process.kill()
        self._process.wait()
        with suppress(OSError):
            self._process.stdin.close()

    def _listen(self) -> None:
        with self._process.stdout as answers:
            for line in answers:
                self._lines.put(line)
        self._lines.put(None)
        self._process.wait()


def _spent(seconds: float, of_processor: float) -> float:
    """Return the seconds that count of a time: without those when the machine did something else, up to a
    bound."""
    return max(min(seconds, of_processor), seconds / _LONGEST_STRETCH)


def _folder_bytes(folder: Path) -> int:
    """Return the size of all files in a folder, whatever comes and goes meanwhile."""
    size = 0
    for inside, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                size += Path(inside, name).stat().st_size
    return size


@cache
def process_pool() -> ProcessPool:
    """Return the pool of this process."""
    return ProcessPool()


def run(work: Work, folder: Path, name: str) -> Answer:
    """Have something done within the server's limits. Arguments and errors are those of `ProcessPool.run`."""
    granted = settings()
    limits = Limits(granted.read_memory, granted.read_seconds, wait=granted.read_seconds)
    return process_pool().run(work, folder, limits, name)


@contextmanager
def request_folder() -> Iterator[Path]:
    """Return a folder for a request, gone afterwards with all that a process left in it."""
    with TemporaryDirectory(prefix="unroll-reading-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)
