"""The supervisor: what is missing of the engine it brings back, and no run is lost with a process.

It looks by itself, twice a second. The store is the truth: a run that goes on or waits there, and that no
task of the scheduler trains, is put in line (again), at its place and as it was.
"""

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from components.engine import worker
from components.errors import UnrollError
from components.runs import retention
from components.runs.batch_writer import BatchWriter
from components.runs.fair_queue import priority
from components.runs.store import ActiveRun, Attempt, RunStore
from components.training.events import Stop

if TYPE_CHECKING:
    from distributed import Future as Task

    from components.engine.scheduler_client import SchedulerClient

SECONDS_BETWEEN_LOOKS = 0.5
SECONDS_BETWEEN_ADOPTIONS = 2.0
"""Seconds between two looks for what dead servers left, and for runs that were deleted."""
LONGEST_SILENCE = 30.0
"""Seconds after which it is asked whether a run's worker still lives."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 5.0  # seconds between two tries to bring back what doesn't come

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _RunTask:
    """A task that trains one attempt, or several in turns, and the scheduler that has it."""

    attempts: tuple[Attempt, ...]
    task: "Task[Any]"
    client: "SchedulerClient"


class Supervisor:
    """Looks after the runs of this server.

    Args:
        store: where runs are kept.
        server: this server's id in it.
        writer: brings what runs say to the store.
        connect: returns a scheduler that is up, after waiting for it.
        arguments: what a worker is given beside a run: where artifacts are, the limits, the topic.
        restart: puts in line again what else was lost with a worker.
    """

    def __init__(
        self,
        store: RunStore,
        server: str,
        writer: BatchWriter,
        connect: Callable[[], "SchedulerClient"],
        arguments: tuple[Any, ...],
        restart: Callable[[], None],
    ):
        self._store, self._server, self._writer = store, server, writer
        self._connect, self._arguments, self._restart = connect, arguments, restart
        self._tasks: dict[str, _RunTask] = {}  # by the token of the attempt
        self._looked_into: set[str] = set()
        self.submitting = threading.Lock()
        """held while several runs are put in line as one, so that all of them are seen at once"""
        self._adopted = float("-inf")
        self._wake, self._closed = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Have it look at once."""
        self._wake.set()

    def close(self) -> None:
        """Look no more."""
        self._closed.set()
        self._wake.set()
        self._thread.join()

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._closed.is_set():
            try:
                self._look()
                pause = _FIRST_PAUSE
            except UnrollError as error:
                if not self._closed.is_set():
                    logger.warning("The engine isn't whole: %s", error)
                    self._closed.wait(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
            except Exception:
                if not self._closed.is_set():
                    logger.exception("The supervisor couldn't look after the runs")
                    self._closed.wait(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
            self._wake.wait(SECONDS_BETWEEN_LOOKS)
            self._wake.clear()

    def _look(self) -> None:
        client = self._connect()
        client.restore_workers()
        is_due = time.monotonic() - self._adopted > SECONDS_BETWEEN_ADOPTIONS
        if is_due:
            self._store.adopt_orphans(self._server)
            self._adopted = time.monotonic()
        with self.submitting:
            runs = self._store.active_runs(self._server)
            self._forget(client, {run.attempt for run in runs})
            self._put_in_line(client, [run for run in runs if not self._is_held(run.attempt, client)])
        self._hand_on(client)
        for run in runs:
            if run.silence > LONGEST_SILENCE and self._is_held(run.attempt, client):
                self._look_into(client, run)
        self._restart()
        if is_due:
            self._delete_due()

    def _delete_due(self) -> None:
        """Delete what is to go. A disk that refuses that keeps nobody's run waiting."""
        try:
            retention.delete_due(self._store, self._arguments[0])
        except (OSError, UnrollError):
            logger.exception("Deleted runs can't be removed")

    # --- Putting in line --------------------------------------------------------------------------

    def _is_held(self, attempt: str, client: "SchedulerClient") -> bool:
        """Return whether a task has an attempt, or has brought it to an end."""
        from components.engine.scheduler_client import is_lost  # noqa: PLC0415 - there since the engine is up

        held = self._tasks.get(attempt)
        return held is not None and held.client is client and not is_lost(held.task)

    def _put_in_line(self, client: "SchedulerClient", lost: Sequence[ActiveRun]) -> None:
        """Put runs in line that no task has: new ones, and those whose worker or scheduler was lost."""
        if any(run.attempt in self._tasks for run in lost):
            self._writer.flush()  # the last words of those that were lost
        together: dict[str, list[ActiveRun]] = {}
        for run in lost:
            together.setdefault(run.task or run.id, []).append(run)
        begun = []
        for group in together.values():
            attempts = [self._store.start_attempt(run.id, run.attempt) for run in group]
            for run in group:
                self._tasks.pop(run.attempt, None)
                # A worker of an outside scheduler goes on for a server that is gone, and nobody hears it.
                client.publish(worker.control_topic(run.attempt), _message(Stop().model_dump()))
            begun.append((tuple(filter(None, attempts)), group[0].task is not None))
        if begun:
            self._hand_on(client)  # before a worker has them, so that it knows which it has obeyed already
        for attempts_of_task, is_group in begun:
            if attempts_of_task:
                self._queue(client, attempts_of_task, is_group)

    def _queue(self, client: "SchedulerClient", attempts: tuple[Attempt, ...], is_group: bool) -> None:
        entrants = tuple(worker.RunAttempt(one.run_id, one.token, one.recipe, one.start) for one in attempts)
        key, place = f"train-{attempts[0].token}", priority(attempts[0].turn, attempts[0].submitted)
        function, given = (worker.train_group, entrants) if is_group else (worker.train, entrants[0])
        task = client.queue(key, place, function, given, *self._arguments)
        for attempt in attempts:
            self._tasks[attempt.token] = _RunTask(attempts, task, client)
        task.add_done_callback(partial(self._record_ends, attempts))

    def _record_ends(self, attempts: tuple[Attempt, ...], task: "Task[Any]") -> None:
        """Note how the runs of a task ended. If one said so itself, the store no longer hears this."""
        from components.engine.scheduler_client import run_ends  # noqa: PLC0415 - there since the engine is up

        for attempt, end in zip(attempts, run_ends(task, len(attempts)), strict=False):
            if end.detail:
                logger.error("Run %s: %s", attempt.run_id, end.detail)
            said = {"kind": "status", "status": end.status, "reason": end.reason}
            self._writer.put(attempt.run_id, attempt.token, [said])
        self.wake()

    def _forget(self, client: "SchedulerClient", active: set[str]) -> None:
        """Drop the attempts that are over: of a run that was cancelled, the task may just have begun."""
        for token in self._tasks.keys() - active:
            held = self._tasks.pop(token)
            if held.client is not client or held.task.done():
                continue
            client.publish(worker.control_topic(token), _message(Stop().model_dump()))
            if not any(attempt.token in active for attempt in held.attempts):
                held.task.cancel()

    # --- Commands, and signs of life --------------------------------------------------------------

    def _hand_on(self, client: "SchedulerClient") -> None:
        """Say to the runs what was said to them at whichever server, also before their worker was lost."""
        messages = self._store.messages(self._server)
        for message in messages:
            client.publish(
                worker.control_topic(message.attempt), [message.number, json.loads(message.command)]
            )
        self._store.set_handed_on(messages)

    def _look_into(self, client: "SchedulerClient", run: ActiveRun) -> None:
        """Ask, in a thread, whether the worker of a silent run lives; if not, take the run away from it."""
        if run.attempt in self._looked_into:
            return
        self._looked_into.add(run.attempt)
        held = self._tasks[run.attempt]

        def ask() -> None:
            try:
                if client.has_living_worker(held.task.key):
                    self._store.hear(run.id)
                else:
                    logger.warning("Run %s is silent and its worker doesn't answer", run.id)
                    client.abandon(held.task)
                    self.wake()
            except Exception:
                logger.exception("It isn't known whether the worker of run %s lives", run.id)
            finally:
                self._looked_into.discard(run.attempt)

        threading.Thread(target=ask, name="look-into", daemon=True).start()


def _message(command: dict[str, Any]) -> list[Any]:
    """Return a command as a run hears it: with a number of its own, so what is heard twice counts once."""
    return [secrets.randbits(62) + 1, command]
