"""The engine, as the app sees it: runs go in, are steered, and what they say is in the store."""

import json
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from components.data.datasets import Dataset
from components.engine import admission, worker
from components.engine.housekeeping import Housekeeping
from components.engine.question import Question
from components.engine.question_limit import QuestionLimit
from components.engine.study_keeper import StudyKeeper
from components.engine.supervisor import Supervisor
from components.errors import RunError, UnrollError
from components.runs import retention
from components.runs.batch_writer import BatchWriter
from components.runs.catalog import RunLabels
from components.runs.event_writer import ACTIVE
from components.runs.fair_queue import priority
from components.runs.shelf import ShelfStock
from components.runs.store import MOST_RECOVERIES, Run, RunStore
from components.settings import Settings, settings
from components.training.attempt_start import Aim
from components.training.events import Command, Stop

if TYPE_CHECKING:
    from distributed import Future as Task

    from components.engine.scheduler_client import SchedulerClient

T = TypeVar("T")

logger = logging.getLogger(__name__)


@dataclass
class _ExtraTraining:
    """A training that belongs to a run."""

    place: float
    """in line"""
    function: Callable[..., None]
    args: tuple[Any, ...]
    task: "Task[Any] | None" = None
    losses: int = 0
    """how often its worker was lost"""
    failure: str | None = None
    """why it failed, nothing where it didn't; None while it isn't over"""


@dataclass(frozen=True)
class ExtraTrainingStatus:
    """How further work stands: how many of its jobs aren't over, and why others failed."""

    pending: int
    failed: tuple[str, ...]


class Engine:
    """Runs recipes on Dask workers: its own on this machine, or those of an outside scheduler.

    It is there at once, and comes up in the background; who needs it before waits for it. If it
    couldn't come up, or went down, its supervisor tries again, and so does the next call.

    Args:
        settings: where things live and what a run may use.
        store: where runs are kept.
        preload: modules that this machine's workers import before their first run.

    Raises:
        RunError: if the store doesn't answer.
    """

    def __init__(
        self, settings: Settings, store: RunStore, preload: Sequence[str] = ("components.engine.preload",)
    ):
        self.store = store
        self._settings, self._preload = settings, preload
        self._limits = admission.run_limits(settings)
        self._questions = QuestionLimit(settings.visitor_questions)
        self._server = store.register_server()
        self._writer = BatchWriter(store, self._server)
        self._housekeeping = Housekeeping(store, settings)
        # Nobody else on the scheduler shall guess where runs report to.
        self._topic = f"unroll-events-{secrets.token_hex(16)}"
        self._extra_trainings: dict[tuple[str, str], list[_ExtraTraining]] = {}
        self._lock, self._closed = threading.Lock(), False
        self._queueing_further = threading.Lock()  # one at a time, so that nobody's is put in line twice
        self._starter = ThreadPoolExecutor(1, "engine")
        self._opening: Future[SchedulerClient] = self._starter.submit(self._connect)
        self._supervisor = Supervisor(
            store,
            self._server,
            self._writer,
            self._client,
            (settings.artifacts, self._limits, self._topic),
            self._restart_extra_trainings,
        )
        self.studies = StudyKeeper(self.submit, self.control, self.workers, store, self._server, settings)
        """begins and ends runs that are planned together"""
        self.shelf = ShelfStock(store, settings.artifacts)
        """puts the finished runs that come with Unroll into the store"""

    # --- Runs -------------------------------------------------------------------------------------

    def submit(
        self,
        run: Run,
        visitor: str,
        aim: Aim = "whole",
        dataset: Dataset | None = None,
    ) -> None:
        """Put a run in the waiting line, at its owner's next turn: a new one, or one that is to go on.

        Args:
            run: the run.
            visitor: who asks for it.
            aim: whether it trains and is measured, or one of both alone.
            dataset: what a new one learns from. One that is to go on was held against the limits before.

        Raises:
            LimitError: if it can't end within the limits of a run.
            RunError: if it is another's, goes on already or is finished, or the engine can't start.
        """
        self._require_own(run.id, visitor)
        if dataset is not None:
            admission.admit(self.store, self._settings, run.recipe, dataset)
        self._require_place(visitor)
        self._client()  # before the run is said to wait
        self.store.begin(run.id, self._server, only_evaluate=aim == "evaluate", only_train=aim == "train")
        self._supervisor.wake()

    def submit_group(self, runs: Sequence[Run], visitor: str, datasets: Sequence[Dataset] = ()) -> None:
        """Put runs in the waiting line as one: they train in one worker, taking turns step by step.

        Args:
            runs: the runs.
            visitor: who asks for it.
            datasets: what each learns from; none where they are to go on.

        Raises:
            LimitError: if they can't end within the limits of a run.
            RunError: if one is another's, goes on already or is finished, or the engine can't start.
        """
        for run in runs:
            self._require_own(run.id, visitor)
        if datasets:
            recipes = [run.recipe for run in runs]
            admission.admit_group(self.store, self._settings, list(zip(recipes, datasets, strict=True)))
        self._require_place(visitor)
        self._client()  # before the runs are said to wait
        turn, group = self.store.next_turn(visitor), secrets.token_hex(16)
        with self._supervisor.submitting:
            for run in runs:
                self.store.begin(run.id, self._server, turn, group)
        self._supervisor.wake()

    def control(self, run_id: str, command: Command, visitor: str) -> None:
        """Say something to a run, whichever server looks after it.

        One that waits hears it when it begins, save Stop: that ends it at once.

        Raises:
            RunError: if there is no such run, or it is another's or over.
        """
        self._require_own(run_id, visitor)
        # A number of its own: what is heard twice counts once.
        self.store.add_command(run_id, secrets.randbits(62) + 1, command.model_dump_json())
        if isinstance(command, Stop):
            self.store.cancel(run_id)
        self._supervisor.wake()

    def pin(self, run_id: str, pinned: bool, visitor: str) -> None:
        """Keep a run, whatever its age, or let it go when its time has come.

        Raises:
            RunError: if there is no such run, or it is another's.
        """
        self._require_own(run_id, visitor)
        self.store.pin(run_id, pinned)

    def delete_upload(self, upload_id: str, visitor: str) -> None:
        """Delete a file that a visitor brought or had fetched. What was trained on it stays, as it is.

        Raises:
            RunError: if there is no such file, or it is another's, or is still learnt from.
        """
        if self.store.upload(upload_id).owner != visitor:
            raise RunError("This file belongs to someone else.")
        if self.store.is_in_use(upload_id):
            raise RunError("A run in progress is using this file.", remedy="Stop it first.")
        if self.store.studies.is_in_use(upload_id):
            raise RunError(
                "An unfinished search or sweep is using this file.",
                remedy="Wait until it ends, or delete it on the Tune page.",
            )
        retention.delete_file(self.store, self._settings.artifacts, upload_id)

    def _require_place(self, visitor: str) -> None:
        """Let a visitor put something in line who may have more there.

        Raises:
            LimitError: if that is as much as one visitor may.
        """
        with self._lock:
            keys = list(self._extra_trainings)
        standing = [(run_id, self.extra_training_status(run_id, name)) for run_id, name in keys]
        pending = [run_id for run_id, status in standing if status and status.pending]
        others = sum(self.store.run(run_id).owner == visitor for run_id in pending)
        admission.require_place(self.store, self._settings, visitor, others)

    def set_labels(self, labels: Mapping[str, RunLabels], visitor: str) -> None:
        """Say something else of runs: their titles, notes and tags, and whether they are pinned or archived.

        Raises:
            RunError: if there is no such run, or it is another's.
        """
        for run_id in labels:
            self._require_own(run_id, visitor)
        self.store.catalog.set_labels(labels)

    def delete_runs(self, run_ids: Sequence[str], visitor: str) -> None:
        """Delete runs. Those that go on are stopped; rows and files go when it can't be undone any more.

        Raises:
            RunError: if there is no such run, or it is another's.
        """
        for run_id in run_ids:
            self._require_own(run_id, visitor)
        for run_id in run_ids:
            if self.store.run(run_id).status in ACTIVE:
                with suppress(RunError):  # of one that has just ended by itself
                    self.control(run_id, Stop(), visitor)
            with self._lock:
                names = [name for owner, name in self._extra_trainings if owner == run_id]
            for name in names:
                self.cancel_extra_trainings(run_id, name, visitor)
        self.store.catalog.set_deleted(run_ids, True)

    def restore_runs(self, run_ids: Sequence[str], visitor: str) -> None:
        """Bring deleted runs back, as long as they aren't gone.

        Raises:
            RunError: if one is gone, or is another's.
        """
        for run_id in run_ids:
            self._require_own(run_id, visitor)
        self.store.catalog.set_deleted(run_ids, False)

    def delete_collection(self, collection_id: str, visitor: str) -> None:
        """Remove a collection; its runs stay.

        Raises:
            RunError: if there is no such collection, or it is another's.
        """
        if self.store.catalog.collection(collection_id).owner != visitor:
            raise RunError("This collection belongs to someone else.")
        self.store.catalog.drop_collection(collection_id)

    def _require_own(self, run_id: str, visitor: str) -> None:
        """Let a visitor's own run pass: every command asks here.

        Raises:
            RunError: if there is no such run, or it is another's.
        """
        if self.store.catalog.owner(run_id) != visitor:
            raise RunError(
                "This run belongs to someone else.", remedy="Use its recipe to train a model of your own."
            )

    def _queue(self, key: str, place: float, function: Callable[..., Any], *args: Any) -> "Task[Any]":
        """Put a task in line; where the scheduler turns out to be gone, once more in that of another.

        Raises:
            RunError: if no scheduler takes it.
        """
        line = self._client()
        try:
            return line.queue(key, place, function, *args)
        except RunError:
            another = self._client()
            if another is line:
                raise
            return another.queue(key, place, function, *args)

    # --- Other work for workers -------------------------------------------------------------------

    def ask(
        self, function: Callable[..., T], *args: Any, timeout: float = 30, visitor: str | None = None
    ) -> T:
        """Call a function in a worker, beside its run, and wait for the answer.

        Args:
            function: one that the worker finds by its name.
            args: what it is given; like its answer, nothing that only TensorFlow can read.
            timeout: seconds to wait for the answer.
            visitor: who asks; None: the app itself, which may ask as often as it likes.

        Raises:
            UnrollError: as the function does.
            LimitError: if the visitor has asked too often.
            RunError: if there is no answer in time, or none at all.
        """
        return self.question(function, *args, timeout=timeout, visitor=visitor).answer()

    def question(
        self, function: Callable[..., T], *args: Any, timeout: float = 30, visitor: str | None = None
    ) -> Question[T]:
        """Have a function called in a worker, beside its run, and don't wait; arguments as of `ask`.

        Raises:
            LimitError: if the visitor has asked too often.
            RunError: if the engine can't start.
        """
        if visitor is not None:
            self._questions.count(visitor)
        return Question(self._client().ask(worker.call, function, *args), timeout)

    def questions_left(self, visitor: str) -> int:
        """Return how many more questions a visitor may ask now."""
        return self._questions.left(visitor)

    def submit_extra_trainings(
        self,
        run_id: str,
        name: str,
        jobs: Sequence[tuple[Callable[..., None], tuple[Any, ...]]],
        visitor: str,
    ) -> None:
        """Put work that belongs to a run in the waiting line, where each of it has a turn like a run.

        Args:
            run_id: the run.
            name: of all of it together; while some of it goes on, nothing more is put in line under it.
            jobs: a function that the worker finds by its name and what it is given, before the limits of
                a run, for each; what it makes it keeps itself.
            visitor: who asks for it.

        Raises:
            RunError: if the run is another's, or the engine can't start.
        """
        self._require_own(run_id, visitor)
        with self._queueing_further:
            standing = self.extra_training_status(run_id, name)
            if standing and standing.pending:
                return
            self._require_place(visitor)
            turn, now = self.store.next_turn(visitor), time.time()
            trainings = [
                self._queue_extra_training(_ExtraTraining(priority(turn + number, now), function, args))
                for number, (function, args) in enumerate(jobs)
            ]
            with self._lock:
                self._extra_trainings[run_id, name] = trainings

    def extra_training_status(self, run_id: str, name: str) -> ExtraTrainingStatus | None:
        """Return how further work of a run stands; None where this server knows of none."""
        with self._lock:
            trainings = list(self._extra_trainings.get((run_id, name), ()))
        if not trainings:
            return None
        ends = [one.failure for one in trainings]
        return ExtraTrainingStatus(ends.count(None), tuple(filter(None, ends)))

    def cancel_extra_trainings(self, run_id: str, name: str, visitor: str) -> None:
        """Take out of the waiting line what of further work hasn't begun, and no longer look at the rest.

        Raises:
            RunError: if the run is another's.
        """
        self._require_own(run_id, visitor)
        with self._lock:
            trainings = self._extra_trainings.pop((run_id, name), [])
        for one in trainings:
            if one.task is not None:
                one.task.cancel()

    def _queue_extra_training(self, one: "_ExtraTraining") -> "_ExtraTraining":
        """Put a training in line, once more where its worker was lost.

        Raises:
            RunError: if no scheduler takes it.
        """
        one.task = self._queue(
            f"further-{secrets.token_hex(16)}",
            one.place,
            worker.call,
            one.function,
            *one.args,
            self._limits,
        )
        one.task.add_done_callback(partial(_record_end, one))
        return one

    def _restart_extra_trainings(self) -> None:
        """Put in line again what was lost with its worker, three times at most."""
        with self._lock:
            lost = [one for trainings in self._extra_trainings.values() for one in trainings if _is_lost(one)]
        for one in lost:
            one.losses += 1
            self._queue_extra_training(one)

    # --- The engine itself ------------------------------------------------------------------------

    def workers(self) -> int:
        """Count the workers that are up.

        Raises:
            RunError: if the engine can't start.
        """
        return self._client().workers()

    def ready(self) -> bool:
        """Tell, without waiting, whether a worker is up."""
        line = self._current_client()
        try:
            return line is not None and not line.is_down and line.workers() > 0
        except RunError:
            return False

    def close(self) -> None:
        """End the workers that it started. The runs that go on wait for the next server."""
        with self._lock:
            self._closed = True
        self._housekeeping.close()
        self.shelf.close()
        self.studies.close()
        self._starter.shutdown(wait=True, cancel_futures=True)
        self._supervisor.close()
        line = self._current_client()
        if line is not None:
            line.close()
        self._writer.close()
        self.store.release_server(self._server)

    def _client(self) -> "SchedulerClient":
        """Return the line to the scheduler, after waiting for it; open another if it is down."""
        with self._lock:
            if self._closed:
                raise RunError("The engine has stopped.")
            line = self._current_client()
            if self._opening.done() and (line is None or line.is_down):
                if line is not None:
                    # In its own time: the supervisor puts the runs that it had into the line of the next.
                    threading.Thread(target=line.close, daemon=True).start()
                self._opening = self._starter.submit(self._connect)
            opening = self._opening
        return opening.result()

    def _current_client(self) -> "SchedulerClient | None":
        """Return the line if it is there already."""
        there = self._opening.done() and not self._opening.cancelled() and self._opening.exception() is None
        return self._opening.result() if there else None

    def _connect(self) -> "SchedulerClient":
        try:
            from components.engine.scheduler_client import connect  # noqa: PLC0415 - it takes its time

            line = connect(self._settings, self._preload)
        except UnrollError:
            raise
        except Exception as error:
            logger.exception("The engine can't start")
            raise RunError("The engine can't start.", remedy="The reason is in the server's log.") from error
        line.subscribe(self._topic, self._receive)
        return line

    def _receive(self, letter: tuple[str, str, str]) -> None:
        run_id, attempt, said = letter
        self._writer.put(run_id, attempt, json.loads(said))


def _is_lost(one: _ExtraTraining) -> bool:
    """Return whether a training was lost with its worker, and may be put in line again."""
    from components.engine.scheduler_client import is_lost  # noqa: PLC0415 - there since the engine is up

    return one.failure is None and one.task is not None and is_lost(one.task) and one.losses < MOST_RECOVERIES


def _record_end(one: _ExtraTraining, task: "Task[Any]") -> None:
    """Note how further work ended, and leave nothing of it with its worker, which may be replaced."""
    if task is not one.task or _is_lost(one):
        return
    answer = (
        task.result() if task.status == "finished" else RunError("The run's worker crashed or was stopped.")
    )
    one.failure = str(answer) if isinstance(answer, UnrollError) else ""
    one.task = None


# Streamlit can't cache what holds a Dask client safely: its menu can empty the cache while runs go on.
_instances: list[Engine] = []
_instances_lock = threading.Lock()


def engine() -> Engine:
    """Return this process' engine and, in it, the store of runs; started at the first call.

    Raises:
        RunError: if the store of runs can't be opened.
    """
    with _instances_lock:
        if not _instances:
            started = Engine(settings(), RunStore(settings().database))
            _instances.append(started)
            # Nobody waits for it: who asks for one of them has it put in before the others.
            threading.Thread(target=_fill_shelf, args=(started.shelf,), name="shelf", daemon=True).start()
        return _instances[0]


def _fill_shelf(shelf: ShelfStock) -> None:
    """Put the runs that come with Unroll into the store; a server whose disk is full does without."""
    try:
        shelf.fill()
    except (UnrollError, OSError):
        logger.exception("The finished runs that come with Unroll can't be stored")


def close_engine() -> None:
    """Stop this process' engine, if it was started."""
    with _instances_lock:
        while _instances:
            stopped = _instances.pop()
            stopped.close()
            stopped.store.close()
