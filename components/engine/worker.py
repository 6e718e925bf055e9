"""What a worker is asked to do, by name: a whole run, several in turns, or one look at something.

The app imports this module too, in order to name its functions: so it is light, and what the work takes is
imported where the work is done.
"""

import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

from components.engine.memory_watch import OUT_OF_MEMORY, REMEDY, memory_watch
from components.engine.outbox import Outbox
from components.engine.round_robin import InterleavedRun, run_round_robin
from components.engine.run_guard import RunGuard
from components.engine.worker_renewal import then_renew
from components.errors import RunError, UnrollError, disk_error
from components.recipe import Recipe
from components.runs.artifacts import RunFiles
from components.runs.attempt_folder import AttemptFolder
from components.storage import Folder
from components.training.attempt_start import NEW_RUN, AttemptStart
from components.training.control import CommandQueue
from components.training.events import Status, command_adapter
from components.training.limits import Budget, Limits

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

UNKNOWN_ERROR = "Something went wrong. The reason is in the server's log."
_MARK = "memory"
"""What a run leaves in its folder while it nears its limit of memory."""
_PING, _PING_SECONDS = 0, 0.05
"""The number of what a worker says to itself, to learn whether it is heard; and for how long it listens."""


@dataclass(frozen=True)
class RunEnd:
    """How a run ended."""

    status: str
    reason: str = ""
    """for people"""
    detail: str = ""
    """for the server's log"""


def control_topic(attempt: str) -> str:
    """Name the topic on which an attempt at a run hears its commands."""
    return f"unroll-control-{attempt}"


@dataclass(frozen=True)
class RunAttempt:
    """What a worker is given of a run.

    Attributes:
        run_id: the run.
        attempt: token of this attempt.
        recipe: as JSON.
        start: what is known of the attempts before.
    """

    run_id: str
    attempt: str
    recipe: str
    start: AttemptStart = NEW_RUN


@then_renew
def train(run: RunAttempt, artifacts: str, limits: Limits, topic: str) -> RunEnd:
    """Do the work of a run → how it ended: from the start, or from where an earlier worker left it.

    Args:
        run: what is to be trained.
        artifacts: URL of the folder with a folder for each run.
        limits: what the run may use.
        topic: where the app hears.
    """
    with _run_channel(run, artifacts, limits, topic) as entered:
        try:
            from components.engine.train_job import run_job  # noqa: PLC0415 - brings in TensorFlow; tests put another

            recipe = Recipe.from_json(run.recipe)
            with memory_watch(entered.folder, _MARK, limits.memory, run.start.is_recovery):
                run_job(
                    recipe, entered.outbox.put, entered.control, entered.folder, entered.budget, run.start
                )
        except Exception as error:
            return _failure_end(error)
        return _work_end(entered.outbox)


@then_renew
def train_group(
    entrants: Sequence[RunAttempt], artifacts: str, limits: Limits, topic: str
) -> tuple[RunEnd, ...]:
    """Do the work of several runs in turns, the one that is furthest behind first → how each ended.

    Args:
        entrants: the runs.
        artifacts, limits, topic: as for one; the limits are those of each.
    """
    # While the others have their turns a run's clock goes on.
    limits = replace(limits, seconds=limits.seconds * len(entrants))
    outcomes: list[RunEnd] = [RunEnd("failed", UNKNOWN_ERROR)] * len(entrants)

    def turns(place: int, entered: _RunChannel) -> Iterator[int | None]:
        try:
            from components.engine.train_job import job_portions  # noqa: PLC0415 - brings in TensorFlow

            recipe, start = Recipe.from_json(entrants[place].recipe), entrants[place].start
            with memory_watch(entered.folder, _MARK, limits.memory, start.is_recovery):
                yield from job_portions(
                    recipe, entered.outbox.put, entered.control, entered.folder, entered.budget, start
                )
            outcomes[place] = _work_end(entered.outbox)
        except Exception as error:
            outcome = outcomes[place] = _failure_end(error)
            # At once: the others may go on for long.
            entered.outbox.put(Status(status="failed", reason=outcome.reason))

    with ExitStack() as stack:
        every = [stack.enter_context(_run_channel(one, artifacts, limits, topic)) for one in entrants]
        run_round_robin([InterleavedRun(turns(place, entered)) for place, entered in enumerate(every)])
    return tuple(outcomes)


@then_renew
def call(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | UnrollError:
    """Call a function → its answer, or what went wrong, without what only TensorFlow could read of it."""
    try:
        return function(*args, **kwargs)
    except UnrollError as error:
        # Raised, it would take its causes along.
        return type(error)(error.what, where=error.where, remedy=error.remedy)
    except Exception:
        logger.exception("A look at something failed")
        return RunError(UNKNOWN_ERROR)


@dataclass(frozen=True)
class _RunChannel:
    """What a run's work is given: where it says things, what is said to it, where it keeps things, and what
    it may use."""

    outbox: Outbox
    control: CommandQueue
    folder: Folder
    budget: Budget


@contextmanager
def _run_channel(run: RunAttempt, artifacts: str, limits: Limits, topic: str) -> Iterator[_RunChannel]:
    """Say that a run goes on, hear what is said to it, and send on what it says until it is over."""
    from distributed import get_worker  # noqa: PLC0415 - takes half a second and 25 MB

    worker, control = get_worker(), CommandQueue()
    # As one text: the scheduler would unpack a list, and weigh and pack it again, number by number.
    outbox = Outbox(lambda said: worker.log_event(topic, [run.run_id, run.attempt, json.dumps(said)]))
    outbox.put(Status(status="running"))
    folder = AttemptFolder(RunFiles.of(artifacts, run.run_id).folder.url, run.attempt)
    budget = Budget(limits)
    guard = RunGuard(control, budget, outbox.put, lambda: outbox.end is not None)
    try:
        folder.claim()
        with _command_subscription(control_topic(run.attempt), control):
            yield _RunChannel(outbox, control, folder, budget)
    finally:
        guard.close()
        outbox.close()


def _failure_end(error: Exception) -> RunEnd:
    """Return how a run ended whose work raised an error, which is being handled."""
    if isinstance(error, OSError):
        error = disk_error(error) or error
    if isinstance(error, UnrollError):
        return RunEnd("failed", str(error))
    # As it is it goes no further: to read an error of TensorFlow's, the app would have to import it.
    is_memory = isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
    reason = f"{OUT_OF_MEMORY} {REMEDY}" if is_memory else UNKNOWN_ERROR
    return RunEnd("failed", reason, traceback.format_exc())


def _work_end(outbox: Outbox) -> RunEnd:
    """Return how a run ended whose work is done."""
    if outbox.end is None:
        return RunEnd("failed", UNKNOWN_ERROR, "The worker ended without reporting how.")
    return RunEnd(outbox.end.status, outbox.end.reason)


@contextmanager
def _command_subscription(topic: str, control: CommandQueue) -> Iterator[None]:
    """Put into `control` what was said on a topic before now, and then what is said from now on."""
    from distributed import get_client  # noqa: PLC0415 - as above

    client = get_client()
    lock, early, caught_up, listens = threading.Lock(), list[Any](), threading.Event(), threading.Event()

    def listen(event: Any) -> None:
        listens.set()
        with lock:
            hear(event) if caught_up.is_set() else early.append(event)

    def hear(event: Any) -> None:
        _, (number, command) = event
        if number != _PING:
            control.put(command_adapter.validate_python(command), number)

    client.subscribe_topic(topic, listen)
    try:
        # The scheduler learns of the listener in its own time. What is said until then is in the history, so
        # that is asked for only once the listener has heard something: its own call.
        while not listens.is_set():
            client.log_event(topic, [_PING, None])
            listens.wait(_PING_SECONDS)
        history = client.get_events(topic)
        with lock:
            for event in (*history, *early):
                hear(event)
            caught_up.set()
        yield
    finally:
        client.unsubscribe_topic(topic)
