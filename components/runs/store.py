"""The store of runs: what was asked, how each run stands, and all that it said."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal

import numpy as np
from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from components.errors import RunError
from components.recipe import Recipe
from components.runs import event_writer, fair_queue, leases, queries, schema
from components.runs.catalog import Catalog
from components.runs.event_writer import ACTIVE, end_columns, recovery_notice
from components.runs.live_updates import PreviewPoint, RunUpdate, read_previews, read_update
from components.runs.studies import StudyStore
from components.tasks.cost_model import TimedRun
from components.training.attempt_start import AttemptStart, StoredProgress
from components.training.events import Checkpoint, Divergence, EpochEnd, Event, GradientThroughTime, Mark

RunStatus = Literal["waiting", "running", "paused", "finished", "stopped", "failed", "interrupted"]

MOST_POINTS = 4000
"""More points than this are thinned: a chart is no wider."""

FEWEST_TIMED_STEPS = 50
"""With fewer, a run's speed says more of its warming up than of its pace."""


MOST_RECOVERIES = 3
"""How often a run is put back by itself that lost its worker."""

WORKER_LOST = (
    "The machine that trained this run stopped four times, most likely because it ran out of memory. Choose "
    "a smaller batch, a shorter window or fewer units, or press Resume to continue from the last checkpoint."
)


@dataclass(frozen=True)
class RunMoment:
    """How a run stood at some moment."""

    step: int
    row: Row[Any]
    """of the store"""


@dataclass(frozen=True)
class ActiveRun:
    """What a server has to know of a run that it looks after."""

    id: str
    owner: str
    attempt: str
    status: str
    task: str | None
    """the same of all runs that train in turns in one worker"""
    silence: float
    """seconds since it was last heard; 0 while it waits"""


@dataclass(frozen=True)
class Attempt:
    """An attempt that begins: what its worker is given."""

    run_id: str
    token: str
    recipe: str
    turn: int
    submitted: float
    """in seconds since 1970"""
    start: AttemptStart


@dataclass(frozen=True)
class Message:
    """A command on its way to an attempt."""

    id: int
    attempt: str
    number: int
    """of the command"""
    command: str
    """as JSON"""


@dataclass(frozen=True)
class Run:
    """One execution of a recipe, as it stood when it was read."""

    id: str
    """128 random bits in hexadecimal: who has it may look"""
    owner: str
    """whose cookie it is; only its owner may control it"""
    title: str
    recipe: Recipe
    status: RunStatus
    reason: str
    """why it has this status, one plain sentence, or nothing where it needs none"""
    created: datetime
    submitted: datetime | None
    """when it was last put in line"""
    started: datetime | None
    ended: datetime | None
    generation: int
    """how often it went back to an earlier step"""
    step: int
    epoch: int
    """whole epochs done"""
    steps_per_epoch: int
    """0 until it has begun, and so for parameters"""
    parameters: int
    layers: tuple[str, ...]
    clip: float | None
    learning_rate: float | None
    """in force at the last step; None before the first"""
    steps_per_second: float | None
    death: Divergence | None
    """how its loss stopped being a number, where it did"""
    attempt: str
    """token of the submission whose messages count; empty before the first and after the end"""
    turn: int = 0
    """its place in line: the lowest goes first, then the oldest"""
    task: str | None = None
    """the same of all runs that train in turns in one worker"""
    estimate: float | None = None
    """seconds that its training was thought to take"""
    pinned: bool = False
    """whether its owner keeps it, whatever its age"""
    without_data: bool = False
    """whether others see it without the data that it used"""


@dataclass(frozen=True)
class StoredUpload:
    """A file that a visitor brought."""

    id: str
    owner: str
    name: str
    bytes: int
    created: datetime


class RunStore:
    """Runs in a database. Safe to use from many threads, and from several servers at once.

    Args:
        url: of SQLAlchemy. A SQLite file and its folder are made where they don't exist.

    Raises:
        RunError: if the database can't be opened, or was made by another version of Unroll.
    """

    def __init__(self, url: str):
        self._database = schema.open_database(url)
        self._watch = leases.LeaseWatch()
        self.catalog = Catalog(self._database)
        """what there is, as its visitors keep and find it"""
        self.studies = StudyStore(self._database)
        """what was planned together"""

    def close(self) -> None:
        """Close all connections."""
        self._database.writer.dispose()

    # --- The life of a run ------------------------------------------------------------------------

    def add(
        self, recipe: Recipe, owner: str, title: str, estimate: float | None = None, overhead: float = 0.0
    ) -> Run:
        """Make a run. It waits until it is submitted.

        Args:
            recipe: what is to be trained.
            owner: whose it is.
            title: what it is called.
            estimate: seconds that its training is thought to take.
            overhead: seconds that all else is thought to take: to prepare, to validate and to measure it.
        """
        run_id = secrets.token_hex(16)
        with self._database.writing() as connection:
            row = _run_row(run_id, owner, title, recipe)
            connection.execute(
                insert(schema.runs).values(
                    **row, status="waiting", created=time.time(), estimate=estimate, overhead=overhead
                )
            )
        return self.run(run_id)

    def add_finished(
        self,
        run_id: str,
        owner: str,
        title: str,
        recipe: Recipe,
        created: float,
        events: Sequence[Event],
    ) -> None:
        """Take in a run that was trained elsewhere, in place of one of its id, and keep it whatever its age.

        How long it took there isn't known.

        Args:
            run_id: what it is to be found by.
            owner: whose it is.
            title: what it is called.
            recipe: what was trained.
            created: when its training began, in seconds since 1970.
            events: what it said, its end included.
        """
        with self._database.writing() as connection:
            connection.execute(delete(schema.runs).where(schema.runs.c.id == run_id))
            begun = _run_row(run_id, owner, title, recipe)
            connection.execute(insert(schema.runs).values(**begun, status="running", created=created))
            row = _require_row(_lock_row(connection, run_id))
            event_writer.write_events(connection, row, events)
            _update_row(connection, run_id, started=None, ended=created, pinned=True)

    def begin(
        self,
        run_id: str,
        server: str,
        turn: int | None = None,
        task: str | None = None,
        only_evaluate: bool = False,
        only_train: bool = False,
    ) -> str:
        """Begin an attempt at a run that is new, interrupted, stopped or failed → the attempt's token.

        Args:
            run_id: the run.
            server: that looks after it.
            turn: in line; None: its owner's next.
            task: names the runs that train in turns in one worker; None: it trains by itself.
            only_evaluate: whether it is only measured.
            only_train: whether it isn't measured.

        Raises:
            RunError: if there is no such run, or it goes on already, or is finished.
        """
        attempt = secrets.token_hex(16)
        with self._changing(run_id) as (connection, row):
            if row.attempt:
                raise RunError("This run is already in progress.")
            if row.status == "finished":
                raise RunError("This run has finished.", remedy="Change the recipe and train again.")
            _update_row(
                connection,
                run_id,
                status="waiting",
                reason="",
                submitted=time.time(),
                ended=None,
                server=server,
                attempt=attempt,
                turn=fair_queue.next_turn(connection, row.owner) if turn is None else turn,
                task=task,
                only_evaluate=only_evaluate,
                only_train=only_train,
                begun=False,
                recoveries=0,
                recovered_from=None,
            )
            connection.execute(delete(schema.commands).where(schema.commands.c.run == run_id))
        return attempt

    def start_attempt(self, run_id: str, lost: str) -> Attempt | None:
        """Begin another attempt at a run that no worker has, as it was and at its place in line.

        A run that was going on begins so three times at most; then it fails.

        Args:
            run_id: the run.
            lost: token of the attempt before.

        Returns:
            What a worker is to be given; None where the run is over, or another attempt has begun.
        """
        token = secrets.token_hex(16)
        with self._changing(run_id) as (connection, row):
            if row.status not in ACTIVE or row.attempt != lost:
                return None
            recoveries = row.recoveries + (row.status != "waiting")
            if recoveries > MOST_RECOVERIES:
                _update_row(connection, run_id, **end_columns("failed", WORKER_LOST))
                return None
            recovered_from = -1 if row.begun else None
            _update_row(
                connection,
                run_id,
                status="waiting",
                reason=recovery_notice(recovered_from),
                attempt=token,
                recoveries=recoveries,
                recovered_from=recovered_from,
            )
            announced = select(func.max(schema.checkpoints.c.step)).where(schema.checkpoints.c.run == run_id)
            checkpoint = connection.execute(announced).scalar_one()
            stored = StoredProgress(row.step, -1 if checkpoint is None else checkpoint)
            start = AttemptStart(stored, row.begun, row.only_evaluate, row.only_train)
            return Attempt(run_id, token, row.recipe, row.turn, row.submitted, start)

    def next_turn(self, owner: str) -> int:
        """Return the turn in line of what an owner has a worker do next."""
        with self._database.reader.connect() as connection:
            return fair_queue.next_turn(connection, owner)

    def cancel(self, run_id: str) -> bool:
        """Stop a run if it still waits; tell whether it did."""
        with self._changing(run_id) as (connection, row):
            if row.status != "waiting":
                return False
            _update_row(
                connection, run_id, **end_columns("stopped", "The run was stopped before it started.")
            )
            return True

    def add_command(self, run_id: str, number: int, command: str) -> None:
        """Keep what is said to a run until the server that looks after it hands it on.

        Args:
            run_id: the run.
            number: the command's own.
            command: as JSON.

        Raises:
            RunError: if there is no such run, or it is over.
        """
        with self._changing(run_id) as (connection, row):
            if row.status not in ACTIVE:
                raise RunError("This run has ended, so it can't be changed any more.")
            connection.execute(insert(schema.commands).values(run=run_id, number=number, command=command))

    def messages(self, server: str) -> tuple[Message, ...]:
        """Return what was said to the runs of a server and not yet handed to their present attempts."""
        runs, commands = schema.runs.c, schema.commands.c
        query = (
            select(commands.id, runs.attempt, commands.number, commands.command)
            .join(schema.runs, runs.id == commands.run)
            .where(runs.server == server, runs.attempt != "", commands.attempt != runs.attempt)
            .order_by(commands.id)
        )
        with self._database.reader.connect() as connection:
            return tuple(Message(*row) for row in connection.execute(query))

    def set_handed_on(self, messages: Sequence[Message]) -> None:
        """Note that messages were handed to their attempts."""
        if messages:
            with self._database.writing() as connection:
                for message in messages:
                    own = schema.commands.c.id == message.id
                    connection.execute(update(schema.commands).where(own).values(attempt=message.attempt))

    def set_status(self, run_id: str, status: RunStatus, reason: str = "") -> None:
        """Set the status of a run that is not over yet. One that ends by this hears no late messages."""
        with self._changing(run_id) as (connection, row):
            if row.status in ACTIVE:
                goes_on = {"status": status, "reason": reason}
                _update_row(
                    connection, run_id, **(goes_on if status in ACTIVE else end_columns(status, reason))
                )

    def write(self, batch: Sequence[tuple[str, str, Event]]) -> None:
        """Write what runs said, each with run and attempt, in one transaction.

        What is said in the name of another attempt than the run's own, or of no known run, is ignored.
        """
        by_run = sorted(batch, key=lambda said: said[0])
        with self._database.writing() as connection:
            for run_id, said in groupby(by_run, key=lambda said: said[0]):
                row = _lock_row(connection, run_id)
                own = [message for _, attempt, message in said if row and row.attempt == attempt]
                if row and row.attempt and own:
                    event_writer.write_events(connection, row, own)

    # --- Reading ----------------------------------------------------------------------------------

    def run(self, run_id: str) -> Run:
        """Return a run.

        Raises:
            RunError: if there is none of that id.
        """
        with self._reading(run_id) as (_, row):
            return _run(row)

    def runs(self, owner: str, limit: int = 50) -> tuple[Run, ...]:
        """List the runs of an owner, the newest first."""
        runs = schema.runs.c
        query = select(schema.runs).where(runs.owner == owner, runs.deleted.is_(None), ~runs.archived)
        with self._database.reader.connect() as connection:
            rows = connection.execute(query.order_by(schema.runs.c.created.desc()).limit(limit))
            return tuple(_run(row) for row in rows)

    def timed_runs(self, limit: int = 60) -> tuple[TimedRun, ...]:
        """Return how long the newest runs took, whoever's they are.

        Runs that were steered or went back, and those that trained in turns with others, took other times
        than their recipes need.
        """
        runs, commands = schema.runs.c, schema.commands.c
        is_steered = select(commands.id).where(commands.run == runs.id).exists()
        query = select(schema.runs, is_steered.label("is_steered")).where(
            runs.steps_per_second.is_not(None), runs.step >= FEWEST_TIMED_STEPS, runs.task.is_(None)
        )
        with self._database.reader.connect() as connection:
            rows = connection.execute(query.order_by(runs.created.desc()).limit(limit)).all()
        return tuple(
            TimedRun(
                row.recipe,
                row.steps_per_second,
                row.steps_per_epoch,
                row.epoch,
                row.step,
                row.ended - row.started if _is_in_one_go(row) else None,
            )
            for row in rows
        )

    def queue_position(self, run_id: str) -> int:
        """Count the runs that wait before this one; 0 if it doesn't wait.

        Raises:
            RunError: if there is no such run.
        """
        with self._reading(run_id) as (connection, row):
            return fair_queue.queue_position(connection, row)

    def points(self, run_id: str, since: int = 0, generation: int = 0, most: int = MOST_POINTS) -> RunUpdate:
        """Return what is new of a run since an earlier reply; everything if the run went back since then.

        Args:
            run_id: the run.
            since: as the last reply said; 0 at first.
            generation: as the last reply said; anything at first.
            most: points of the learning curves that are given at most.

        Raises:
            RunError: if there is no such run.
        """
        with self._reading(run_id) as (connection, row):
            return read_update(connection, row, since, generation, most)

    def moment(self, run_id: str) -> "RunMoment":
        """Return how a run stands now, to ask later what was new then.

        Raises:
            RunError: if there is no such run.
        """
        with self._reading(run_id) as (_, row):
            return RunMoment(row.step, row)

    def points_at(
        self, moment: "RunMoment", since: int, generation: int, most: int = MOST_POINTS
    ) -> RunUpdate:
        """Return what `points` would have returned at an earlier moment."""
        with self._database.reader.connect() as connection:
            return read_update(connection, moment.row, since, generation, most)

    def previews(self, run_id: str) -> tuple[PreviewPoint, ...]:
        """Return what a run's task showed of itself after its epochs; of many, after evenly chosen ones.

        Raises:
            RunError: if there is no such run.
        """
        with self._reading(run_id) as (connection, _):
            return read_previews(connection, run_id)

    def curves(self, run_id: str) -> np.ndarray:
        """Return every step of a run → (3 + layers, steps): loss, norm before and after clipping, and by
        layer.

        Raises:
            RunError: if there is no such run.
        """
        with self._reading(run_id) as (connection, row):
            return queries.curves(connection, run_id, len(json.loads(row.layers)))

    def epochs(self, run_id: str) -> tuple[EpochEnd, ...]:
        """Return the ends of a run's epochs, in order."""
        with self._database.reader.connect() as connection:
            return tuple(queries.epochs(connection, run_id))

    def clock(self, run_id: str) -> tuple[tuple[int, float], ...]:
        """Return steps of a run, in order, each with the seconds that it had trained by then; none where that
        wasn't kept."""
        with self._database.reader.connect() as connection:
            return tuple(queries.clock(connection, run_id))

    def marks(self, run_id: str) -> tuple[Mark, ...]:
        """Return what was changed by hand, in the order of steps."""
        with self._database.reader.connect() as connection:
            return tuple(queries.marks(connection, run_id))

    def checkpoints(self, run_id: str) -> tuple[Checkpoint, ...]:
        """Return the states that can be gone back to, in the order of steps."""
        with self._database.reader.connect() as connection:
            return tuple(queries.checkpoints(connection, run_id))

    def through_time(self, run_id: str) -> tuple[GradientThroughTime, ...]:
        """Return how much each time step weighed in the loss, in the order of the updates."""
        with self._database.reader.connect() as connection:
            return tuple(queries.through_time(connection, run_id))

    # --- What is kept -----------------------------------------------------------------------------

    def active_count(self, owner: str) -> int:
        """Count the runs of an owner that wait, train or are paused; those that train in turns are one."""
        runs = schema.runs.c
        query = select(func.count(func.distinct(func.coalesce(runs.task, runs.id)))).where(
            runs.owner == owner, runs.status.in_(ACTIVE), runs.submitted.is_not(None)
        )
        with self._database.reader.connect() as connection:
            return connection.execute(query).scalar_one()

    def pin(self, run_id: str, pinned: bool) -> None:
        """Keep a run, whatever its age, or let it go when its time has come.

        Raises:
            RunError: if there is no such run.
        """
        with self._changing(run_id) as (connection, _):
            _update_row(connection, run_id, pinned=pinned)

    def pin_only(self, owner: str, run_ids: Sequence[str]) -> None:
        """Keep these runs of an owner, whatever their age, and let the others go when their time has come."""
        runs = schema.runs.c
        with self._database.writing() as connection:
            own = update(schema.runs).where(runs.owner == owner)
            connection.execute(own.values(pinned=runs.id.in_(run_ids)))

    def delete(self, run_id: str) -> None:
        """Delete a run that is over, with all that it said.

        Raises:
            RunError: if there is no such run, or it isn't over.
        """
        with self._changing(run_id) as (connection, row):
            if row.status in ACTIVE:
                raise RunError("This run is still in progress.", remedy="Stop it first, then delete it.")
            connection.execute(delete(schema.runs).where(schema.runs.c.id == run_id))

    def disposable_runs(self) -> tuple[tuple[str, float], ...]:
        """List the runs that are over and not pinned → their ids, and when they ended."""
        runs = schema.runs.c
        ended = func.coalesce(runs.ended, runs.created)
        query = select(runs.id, ended).where(runs.status.not_in(ACTIVE), ~runs.pinned)
        with self._database.reader.connect() as connection:
            return tuple((row[0], row[1]) for row in connection.execute(query))

    def ids(self) -> frozenset[str]:
        """Return the ids of all runs."""
        with self._database.reader.connect() as connection:
            return frozenset(connection.execute(select(schema.runs.c.id)).scalars())

    def has(self, run_id: str) -> bool:
        """Return whether there is a run of that id."""
        with self._database.reader.connect() as connection:
            return _row(connection, run_id) is not None

    def recipes(self) -> tuple[str, ...]:
        """Return the recipes of all runs, as JSON."""
        with self._database.reader.connect() as connection:
            return tuple(connection.execute(select(schema.runs.c.recipe).distinct()).scalars())

    def add_upload(self, upload_id: str, owner: str, name: str, size: int) -> None:
        """Note whose a file is that was brought here, and its size in bytes."""
        with self._database.writing() as connection:
            values = {"id": upload_id, "owner": owner, "name": name, "bytes": size, "created": time.time()}
            connection.execute(insert(schema.uploads).values(**values))

    def claim_upload(self, upload_id: str, owner: str, name: str, size: int) -> None:
        """Note whose a file is that may be kept already, as what is fetched twice is: the first one's."""
        with suppress(IntegrityError):
            self.add_upload(upload_id, owner, name, size)

    def uploads(self, owner: str) -> tuple[StoredUpload, ...]:
        """List the files that an owner brought, the newest first."""
        query = select(schema.uploads).where(schema.uploads.c.owner == owner)
        with self._database.reader.connect() as connection:
            rows = connection.execute(query.order_by(schema.uploads.c.created.desc()))
            return tuple(_upload(row) for row in rows)

    def upload(self, upload_id: str) -> StoredUpload:
        """Return a file that was brought.

        Raises:
            RunError: if there is none of that id, or nobody knows whose it is.
        """
        query = select(schema.uploads).where(schema.uploads.c.id == upload_id)
        with self._database.reader.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise RunError("There is no such file.")
        return _upload(row)

    def forget_upload(self, upload_id: str) -> None:
        """Forget a file, if it was known."""
        with self._database.writing() as connection:
            connection.execute(delete(schema.uploads).where(schema.uploads.c.id == upload_id))

    def is_in_use(self, upload_id: str) -> bool:
        """Return whether a run that isn't over learns from a file."""
        runs = schema.runs.c
        query = select(func.count()).where(runs.status.in_(ACTIVE), runs.recipe.contains(upload_id))
        with self._database.reader.connect() as connection:
            return connection.execute(query).scalar_one() > 0

    # --- Servers ----------------------------------------------------------------------------------

    def register_server(self) -> str:
        """Enter this process as a server → its id."""
        with self._database.writing() as connection:
            return leases.register(connection)

    def renew_lease(self, server: str) -> None:
        """Give a server's sign of life. Due every few seconds."""
        with self._database.writing() as connection:
            leases.renew_lease(connection, server)

    def adopt_orphans(self, server: str) -> None:
        """Have a server look after what dead ones left."""
        with self._database.writing() as connection:
            leases.adopt_orphans(connection, server, self._watch.living(connection, server))

    def release_server(self, server: str) -> None:
        """Take a server out that stops; the next one goes on with its runs."""
        with self._database.writing() as connection:
            leases.release(connection, server)

    def active_runs(self, server: str) -> tuple[ActiveRun, ...]:
        """Return the runs that a server looks after and that aren't over, those first in line first."""
        runs = schema.runs.c
        query = select(schema.runs).where(runs.server == server, runs.status.in_(ACTIVE), runs.attempt != "")
        with self._database.reader.connect() as connection:
            now = schema.database_time(connection)
            return tuple(
                ActiveRun(
                    row.id,
                    row.owner,
                    row.attempt,
                    row.status,
                    row.task,
                    0.0 if row.status == "waiting" or row.heard is None else now - row.heard,
                )
                for row in connection.execute(query.order_by(runs.turn, runs.submitted))
            )

    def hear(self, run_id: str) -> None:
        """Note that a run lives which has said nothing."""
        with self._changing(run_id) as (connection, _):
            _update_row(connection, run_id, heard=schema.database_time(connection))

    # --- Rows -------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self, run_id: str) -> Iterator[tuple[Connection, Row[Any]]]:
        with self._database.reader.connect() as connection:
            row = _require_row(_row(connection, run_id))
            yield connection, _require_row(row if row.deleted is None else None)

    @contextmanager
    def _changing(self, run_id: str) -> Iterator[tuple[Connection, Row[Any]]]:
        with self._database.writing() as connection:
            yield connection, _require_row(_lock_row(connection, run_id))


def _row(connection: Connection, run_id: str) -> Row[Any] | None:
    return connection.execute(select(schema.runs).where(schema.runs.c.id == run_id)).one_or_none()


def _lock_row(connection: Connection, run_id: str) -> Row[Any] | None:
    """Read a row so that no other transaction changes it before this one ends."""
    query = select(schema.runs).where(schema.runs.c.id == run_id).with_for_update()
    return connection.execute(query).one_or_none()


def _run_row(run_id: str, owner: str, title: str, recipe: Recipe) -> dict[str, Any]:
    """Return the columns of a run that it has from the beginning."""
    return {
        "id": run_id,
        "owner": owner,
        "title": title,
        "recipe": recipe.to_json(),
        "epochs_total": recipe.training.epochs,
    }


def _require_row(row: Row[Any] | None) -> Row[Any]:
    if row is None:
        raise RunError("There is no such run.", remedy="Check the link or train a new model.")
    return row


def _update_row(connection: Connection, run_id: str, **values: Any) -> None:
    connection.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(**values))


def _upload(row: Row[Any]) -> StoredUpload:
    created = datetime.fromtimestamp(row.created, UTC)
    return StoredUpload(row.id, row.owner, row.name, row.bytes, created)


def _is_in_one_go(row: Row[Any]) -> bool:
    """Return whether a run went from its first step to its results without a pause or a step back."""
    is_whole = row.status == "finished" and row.ended is not None and row.started is not None
    return is_whole and not (row.is_steered or row.generation or row.recoveries or row.only_evaluate)


def _run(row: Row[Any]) -> Run:
    values = {name: value for name, value in row._mapping.items() if name in Run.__dataclass_fields__}
    values["recipe"] = Recipe.from_json(row.recipe)
    values["layers"] = tuple(json.loads(row.layers))
    values["death"] = queries.divergence(row)
    for moment in ("created", "submitted", "started", "ended"):
        if values[moment] is not None:
            values[moment] = datetime.fromtimestamp(values[moment], UTC)
    return Run(**values)
