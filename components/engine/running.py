"""Work in a worker: a whole run, with commands coming in and messages going out; or one look."""

import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

from distributed import get_client, get_worker

from components.engine.job import UNKNOWN, Entrant, Outcome, control_topic
from components.engine.outbox import Outbox
from components.engine.together import Turn, take_turns
from components.errors import RunError, UnrollError
from components.recipe import Recipe
from components.storage import Folder
from components.training.control import Control
from components.training.limits import Limits
from components.training.messages import Status, commands

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

_CALL, _CALL_SECONDS = 0, 0.05
"""The number of what a worker says to itself, to learn whether it is heard; and for how long it listens."""
OUT_OF_MEMORY = (
    "This run needs more memory than there is. Choose a smaller batch, a shorter window or fewer units."
)


def train(run_id: str, attempt: str, recipe: str, artifacts: str, limits: Limits, topic: str) -> Outcome:
    """Do the work of a run; `job.train` says what it is given."""
    with _entered(run_id, attempt, artifacts, topic) as entered:
        try:
            from components.engine.work import work  # noqa: PLC0415 - brings in TensorFlow; tests put another

            work(Recipe.from_json(recipe), entered.outbox.put, entered.control, entered.folder, limits)
        except Exception as error:
            return _failed(error)
        return _ended(entered.outbox)


def train_together(
    entrants: Sequence[Entrant], artifacts: str, limits: Limits, topic: str
) -> tuple[Outcome, ...]:
    """Do the work of several runs in turns; `job.train_together` says what it is given."""
    # While the others have their turns a run's clock goes on.
    limits = replace(limits, seconds=limits.seconds * len(entrants))
    outcomes: list[Outcome] = [Outcome("failed", UNKNOWN)] * len(entrants)

    def turns(place: int, entered: _Entered) -> Iterator[int | None]:
        try:
            from components.engine.work import turns  # noqa: PLC0415 - brings in TensorFlow

            recipe = Recipe.from_json(entrants[place].recipe)
            yield from turns(recipe, entered.outbox.put, entered.control, entered.folder, limits)
            outcomes[place] = _ended(entered.outbox)
        except Exception as error:
            outcome = outcomes[place] = _failed(error)
            # At once: the others may go on for long.
            entered.outbox.put(Status(status="failed", reason=outcome.reason))

    with ExitStack() as stack:
        every = [stack.enter_context(_entered(one.run_id, one.attempt, artifacts, topic)) for one in entrants]
        take_turns([Turn(turns(place, entered)) for place, entered in enumerate(every)])
    return tuple(outcomes)


def look(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | UnrollError:
    """Call a function → its answer, or what went wrong, without what only TensorFlow could read of it."""
    try:
        return function(*args, **kwargs)
    except UnrollError as error:
        # Raised, it would take its causes along.
        return type(error)(error.what, where=error.where, remedy=error.remedy)
    except Exception:
        logger.exception("A look at something failed")
        return RunError(UNKNOWN)


@dataclass(frozen=True)
class _Entered:
    """What a run's work is given: where it says things, what is said to it, and where it keeps things."""

    outbox: Outbox
    control: Control
    folder: Folder


@contextmanager
def _entered(run_id: str, attempt: str, artifacts: str, topic: str) -> Iterator[_Entered]:
    """Say that a run goes on, hear what is said to it, and send on what it says until it is over."""
    worker, control = get_worker(), Control()
    # As one text: the scheduler would unpack a list, and weigh and pack it again, number by number.
    outbox = Outbox(lambda said: worker.log_event(topic, [run_id, attempt, json.dumps(said)]))
    outbox.put(Status(status="running"))
    try:
        with _hearing(control_topic(attempt), control):
            yield _Entered(outbox, control, Folder(artifacts).folder("runs").folder(run_id))
    finally:
        outbox.close()


def _failed(error: Exception) -> Outcome:
    """Tell how a run ended whose work raised an error, which is being handled."""
    if isinstance(error, UnrollError):
        return Outcome("failed", str(error))
    # As it is it goes no further: to read an error of TensorFlow's, the app would have to import it.
    is_memory = isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
    return Outcome("failed", OUT_OF_MEMORY if is_memory else UNKNOWN, traceback.format_exc())


def _ended(outbox: Outbox) -> Outcome:
    """Tell how a run ended whose work is done."""
    if outbox.end is None:
        return Outcome("failed", UNKNOWN, "The work came to its end without saying how.")
    return Outcome(outbox.end.status, outbox.end.reason)


@contextmanager
def _hearing(topic: str, control: Control) -> Iterator[None]:
    """Put into `control` what was said on a topic before now, and then what is said from now on."""
    client = get_client()
    lock, early, caught_up, listens = threading.Lock(), list[Any](), threading.Event(), threading.Event()

    def listen(event: Any) -> None:
        listens.set()
        with lock:
            hear(event) if caught_up.is_set() else early.append(event)

    def hear(event: Any) -> None:
        _, (number, command) = event
        if number != _CALL:
            control.put(commands.validate_python(command), number)

    client.subscribe_topic(topic, listen)
    try:
        # The scheduler learns of the listener in its own time. What is said until then is in the history, so
        # that is asked for only once the listener has heard something: its own call.
        while not listens.is_set():
            client.log_event(topic, [_CALL, None])
            listens.wait(_CALL_SECONDS)
        history = client.get_events(topic)
        with lock:
            for event in (*history, *early):
                hear(event)
            caught_up.set()
        yield
    finally:
        client.unsubscribe_topic(topic)
