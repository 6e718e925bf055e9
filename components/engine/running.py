"""Work in a worker: a whole run, with commands coming in and messages going out; or one look."""

import json
import logging
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from distributed import get_client, get_worker

from components.engine.job import UNKNOWN, Outcome, control_topic
from components.engine.outbox import Outbox
from components.errors import RunError, UnrollError
from components.recipe import Recipe
from components.storage import Folder
from components.training.control import Control
from components.training.limits import Limits
from components.training.messages import Status, commands

P = ParamSpec("P")
T = TypeVar("T")

logger = logging.getLogger(__name__)

OUT_OF_MEMORY = (
    "This run needs more memory than there is. Choose a smaller batch, a shorter window or fewer units."
)


def train(run_id: str, attempt: str, recipe: str, artifacts: str, limits: Limits, topic: str) -> Outcome:
    """Do the work of a run; `job.train` says what it is given."""
    worker, control = get_worker(), Control()
    # As one text: the scheduler would unpack a list, and weigh and pack it again, number by number.
    outbox = Outbox(lambda said: worker.log_event(topic, [run_id, attempt, json.dumps(said)]))
    outbox.put(Status(status="running"))
    folder = Folder(artifacts).folder("runs").folder(run_id)
    try:
        with _hearing(control_topic(attempt), control):
            return _work(Recipe.from_json(recipe), outbox, control, folder, limits)
    finally:
        outbox.close()


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


def _work(recipe: Recipe, outbox: Outbox, control: Control, folder: Folder, limits: Limits) -> Outcome:
    from components.engine.work import work  # noqa: PLC0415 - brings in TensorFlow; tests put another here

    try:
        work(recipe, outbox.put, control, folder, limits)
    except UnrollError as error:
        return Outcome("failed", str(error))
    except Exception as error:
        # As it is it goes no further: to read an error of TensorFlow's, the app would have to import it.
        is_memory = isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"
        return Outcome("failed", OUT_OF_MEMORY if is_memory else UNKNOWN, traceback.format_exc())
    if outbox.end is None:
        return Outcome("failed", UNKNOWN, "The work came to its end without saying how.")
    return Outcome(outbox.end.status, outbox.end.reason)


@contextmanager
def _hearing(topic: str, control: Control) -> Iterator[None]:
    """Put into `control` what was said on a topic before now, and then what is said from now on."""
    client = get_client()
    lock, early, caught_up = threading.Lock(), list[Any](), threading.Event()

    def listen(event: Any) -> None:
        with lock:
            hear(event) if caught_up.is_set() else early.append(event)

    def hear(event: Any) -> None:
        _, (number, command) = event
        control.put(commands.validate_python(command), number)

    client.subscribe_topic(topic, listen)
    try:
        history = client.get_events(topic)
        with lock:
            for event in (*history, *early):
                hear(event)
            caught_up.set()
        yield
    finally:
        client.unsubscribe_topic(topic)
