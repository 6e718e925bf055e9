"""The line to a Dask scheduler: the one place of the app that knows Dask.

Importing it takes half a second and 25 MB, so the engine does it in the background.
"""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import psutil
from dask.task_spec import Task
from dask.typing import Key
from distributed import Client, Future, KilledWorker
from distributed.client import ClosedClientError
from distributed.deploy.spec import SpecCluster

from components.engine import worker
from components.engine.cluster import start_cluster
from components.errors import RunError, UnrollError
from components.settings import Settings

T = TypeVar("T")

_SECONDS_TO_CONNECT = 10  # also when the connection was lost; after that it counts as down
_SECONDS_TO_ANSWER = 2
_SECONDS_TO_SHOW_LIFE = 20
_SECONDS_BETWEEN_LOOKS = 0.01  # a task reaches the scheduler in about as long


def is_lost(task: "Future[Any]") -> bool:
    """Return whether a task was lost, with its worker or with its scheduler, before it came to an end."""
    if task.status in ("cancelled", "lost"):
        return True
    return task.status == "error" and isinstance(task.exception(), KilledWorker)


@dataclass(frozen=True)
class SchedulerClient:
    """A connection to a scheduler, and the cluster where it is our own."""

    client: Client
    cluster: SpecCluster | None

    @property
    def is_down(self) -> bool:
        """Whether the scheduler is gone for good."""
        if self.cluster is None:
            return self.client.status in ("closing", "closed")
        # A scheduler on this machine is lost only by dying; the client would look for it for half a minute.
        return self.client.status != "running" or _has_ended(self.cluster.scheduler)

    def restore_workers(self) -> None:
        """Start others in place of our own workers whose nanny has ended; it doesn't wait for them."""
        if self.cluster is None:
            return
        for name, part in list(self.cluster.workers.items()):
            if _has_ended(part):
                self.cluster.workers.pop(name, None)
        if self.cluster.worker_spec.keys() - self.cluster.workers.keys():
            self.cluster.scale(len(self.cluster.worker_spec))

    def has_living_worker(self, key: Key) -> bool:
        """Return whether there is a worker that has a task and answers.

        Raises:
            OSError: if the scheduler doesn't answer.
        """
        addresses = [address for address, keys in self.client.processing().items() if key in keys]
        if not addresses:
            return False
        try:
            # In its event loop: its threads may all be busy.
            self.client.sync(
                self.client._run, os.getpid, workers=addresses, callback_timeout=_SECONDS_TO_SHOW_LIFE
            )
        except Exception:  # also a worker that leaves at this very moment
            return False
        return True

    def abandon(self, task: "Future[Any]") -> None:
        """Give up a task whose worker doesn't answer, and have its nanny start another worker."""
        addresses = [address for address, keys in self.client.processing().items() if task.key in keys]
        task.cancel(force=True)
        with suppress(Exception):
            self.client.restart_workers(addresses, timeout=_SECONDS_TO_SHOW_LIFE, raise_for_error=False)

    def workers(self) -> int:
        """Count the workers that are up.

        Raises:
            RunError: if the scheduler doesn't answer.
        """
        with _connection_errors():
            return len(self.client.nthreads())

    def subscribe(self, topic: str, listener: Callable[[Any], None]) -> None:
        """Have a listener called, in a thread of Dask's, with whatever is said on a topic."""
        self.client.subscribe_topic(topic, lambda event: listener(event[1]))

    def publish(self, topic: str, message: Any) -> None:
        """Say something on a topic: numbers, texts, lists and dictionaries of them.

        Raises:
            RunError: if the scheduler doesn't answer.
        """
        with _connection_errors():
            self.client.log_event(topic, message)

    def queue(self, key: str, priority: float, function: Callable[..., T], *args: Any) -> "Future[T]":
        """Have a function called when a worker is free for it: of all that wait, the highest priority first.

        Raises:
            RunError: if the scheduler doesn't take it.
        """
        # Dask keeps a task that is marked so in one line for all workers. Another it gives to some
        # worker beforehand, where it waits though others be free, and is blamed when that one dies.
        task = Task(key, function, *args, _data_producer=True)
        with _connection_errors():
            queued = self.client.get({key: task}, key, sync=False, priority=priority)
            try:
                self._wait_until_taken(key, queued)
            except OSError:
                queued.release()
                raise
        return queued

    def _wait_until_taken(self, key: str, queued: "Future[Any]") -> None:
        """Wait until the scheduler has a task: what is sent to one that has just died is lost without a word.

        Raises:
            OSError: if it doesn't come to have it.
        """
        deadline = time.monotonic() + _SECONDS_TO_CONNECT
        while not (self.is_down or queued.cancelled()) and time.monotonic() < deadline:
            scheduler = self.client.scheduler
            if scheduler is None:  # the client closes
                break
            with suppress(OSError):  # it may answer yet, or its death show
                states = self.client.sync(
                    scheduler.get_task_status, keys=[key], callback_timeout=_SECONDS_TO_ANSWER
                )
                if states[key] is not None:
                    return
            time.sleep(_SECONDS_BETWEEN_LOOKS)
        raise OSError("the scheduler didn't take a task")

    def ask(self, function: Callable[..., T], *args: Any) -> "Future[T]":
        """Have a function called at once, beside what the worker does."""
        # A family of its own: many of one family Dask would put in the line of the runs.
        key = (f"ask-{secrets.token_hex(8)}", 0)
        return self.client.submit(function, *args, key=key, pure=False)

    def close(self) -> None:
        """Hang up, and end the cluster if it is our own; also where they are gone already."""
        lost = self.is_down
        with suppress(Exception):
            self.client.close(timeout=2)
        if self.cluster is not None:
            if lost:
                _kill_processes(self.cluster)
            with suppress(Exception):
                self.cluster.close(timeout=10)


def _has_ended(part: Any) -> bool:
    """Return whether a process that was started has ended; asyncio hears of it a little later."""
    if part.process is None or part.process.returncode is not None:
        return part.process is not None
    try:
        return psutil.Process(part.process.pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _kill_processes(cluster: SpecCluster) -> None:
    """End at once what is left of a cluster; Dask would first look for its scheduler for half a minute."""
    for part in _processes(cluster):
        if part.process is not None and part.process.returncode is None:
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(part.process.pid)
                for one in (*process.children(recursive=True), process):
                    one.kill()


def _processes(cluster: SpecCluster) -> list[Any]:
    """Return the scheduler, and then the workers."""
    return [cluster.scheduler, *cluster.workers.values()]


@contextmanager
def _connection_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, ClosedClientError) as error:
        raise RunError("The engine doesn't answer.", remedy="Try again in a moment.") from error


def connect(settings: Settings, preload: Sequence[str]) -> SchedulerClient:
    """Connect to the scheduler that the settings name, or to one that is started for it here.

    Raises:
        RunError: if no cluster can be started on this system.
        OSError: if the scheduler doesn't answer.
    """
    if settings.scheduler:
        return SchedulerClient(
            Client(settings.scheduler, timeout=_SECONDS_TO_CONNECT, set_as_default=False), None
        )
    cluster = start_cluster(settings.workers, settings.run_memory, preload)
    return SchedulerClient(Client(cluster, timeout=_SECONDS_TO_CONNECT, set_as_default=False), cluster)


def run_ends(
    task: "Future[worker.RunEnd | tuple[worker.RunEnd, ...]]", count: int
) -> tuple[worker.RunEnd, ...]:
    """Return how each of so many runs ended whose task is over; nothing where it was lost with its worker."""
    if is_lost(task):
        return ()
    if task.status == "finished":
        ended = task.result()
        return ended if isinstance(ended, tuple) else (ended,)
    return (_failure_end(task),) * count


def _failure_end(task: "Future[worker.RunEnd | tuple[worker.RunEnd, ...]]") -> worker.RunEnd:
    error = task.exception()
    if isinstance(error, UnrollError):
        return worker.RunEnd("failed", str(error))
    return worker.RunEnd("failed", worker.UNKNOWN_ERROR, repr(error))
