"""The store of runs: what was asked, how each run stands, and all that it said."""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Literal

import numpy as np
from sqlalchemy import Connection, Row, insert, select, update

from components.errors import RunError
from components.recipe import Recipe
from components.runs import event_writer, fair_queue, leases, queries, schema
from components.runs.event_writer import ACTIVE, end_columns
from components.runs.live_updates import RunUpdate, read_update
from components.training.events import Checkpoint, Divergence, EpochEnd, Event, GradientThroughTime, Mark

RunStatus = Literal["waiting", "running", "paused", "finished", "stopped", "failed", "interrupted"]

MOST_POINTS = 4000
"""More points than this are thinned: a chart is no wider."""

FEWEST_TIMED_STEPS = 50
"""With fewer, a run's speed says more of its warming up than of its pace."""


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


class RunStore:
    """Runs in a database. Safe to use from many threads, and from several servers at once.

    Args:
        url: of SQLAlchemy. A SQLite file and its folder are made where they don't exist.

    Raises:
        RunError: if the database can't be opened, or was made by another version of Unroll.
    """

    def __init__(self, url: str):
        self._database = schema.open_database(url)

    def close(self) -> None:
        """Close all connections."""
        self._database.writer.dispose()

    # --- The life of a run ------------------------------------------------------------------------

    def add(self, recipe: Recipe, owner: str, title: str, estimate: float | None = None) -> Run:
        """Make a run. It waits until it is submitted.

        Args:
            recipe: what is to be trained.
            owner: whose it is.
            title: what it is called.
            estimate: seconds that its training is thought to take.
        """
        run_id = secrets.token_hex(16)
        with self._database.writer.begin() as connection:
            connection.execute(
                insert(schema.runs).values(
                    id=run_id,
                    owner=owner,
                    title=title,
                    recipe=recipe.to_json(),
                    status="waiting",
                    created=time.time(),
                    epochs_total=recipe.training.epochs,
                    estimate=estimate,
                )
            )
        return self.run(run_id)

    def begin(self, run_id: str, server: str, turn: int | None = None, task: str | None = None) -> str:
        """Begin an attempt at a run that is new, interrupted, stopped or failed → the attempt's token.

        Args:
            run_id: the run.
            server: that looks after it.
            turn: in line; None: its owner's next.
            task: names the runs that train in turns in one worker; None: it trains by itself.

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
            )
        return attempt

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
        with self._database.writer.begin() as connection:
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
        query = select(schema.runs).where(schema.runs.c.owner == owner)
        with self._database.reader.connect() as connection:
            rows = connection.execute(query.order_by(schema.runs.c.created.desc()).limit(limit))
            return tuple(_run(row) for row in rows)

    def speeds(self, limit: int = 20) -> tuple[tuple[Recipe, float], ...]:
        """Return how many steps a second the newest runs made, whoever's they are, each with its recipe."""
        runs = schema.runs.c
        query = select(runs.recipe, runs.steps_per_second).where(
            runs.steps_per_second.is_not(None), runs.step >= FEWEST_TIMED_STEPS
        )
        with self._database.reader.connect() as connection:
            rows = connection.execute(query.order_by(runs.created.desc()).limit(limit))
            return tuple((Recipe.from_json(row.recipe), row.steps_per_second) for row in rows)

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

    # --- Servers ----------------------------------------------------------------------------------

    def register_server(self) -> str:
        """Enter this process as a server, and interrupt what dead ones left → the server's id."""
        with self._database.writer.begin() as connection:
            server = leases.register(connection)
            leases.interrupt_orphans(connection)
            return server

    def renew_lease(self, server: str) -> None:
        """Give a server's sign of life, and interrupt what dead ones left. Due every few seconds."""
        with self._database.writer.begin() as connection:
            leases.renew_lease(connection, server)
            leases.interrupt_orphans(connection)

    def release_server(self, server: str) -> None:
        """Take a server out that stops, and interrupt the runs that it looked after."""
        with self._database.writer.begin() as connection:
            leases.release(connection, server)

    # --- Rows -------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self, run_id: str) -> Iterator[tuple[Connection, Row[Any]]]:
        with self._database.reader.connect() as connection:
            yield connection, _require_row(_row(connection, run_id))

    @contextmanager
    def _changing(self, run_id: str) -> Iterator[tuple[Connection, Row[Any]]]:
        with self._database.writer.begin() as connection:
            yield connection, _require_row(_lock_row(connection, run_id))


def _row(connection: Connection, run_id: str) -> Row[Any] | None:
    return connection.execute(select(schema.runs).where(schema.runs.c.id == run_id)).one_or_none()


def _lock_row(connection: Connection, run_id: str) -> Row[Any] | None:
    """Read a row so that no other transaction changes it before this one ends."""
    query = select(schema.runs).where(schema.runs.c.id == run_id).with_for_update()
    return connection.execute(query).one_or_none()


def _require_row(row: Row[Any] | None) -> Row[Any]:
    if row is None:
        raise RunError("There is no such run.", remedy="Check the link or train a new model.")
    return row


def _update_row(connection: Connection, run_id: str, **values: Any) -> None:
    connection.execute(update(schema.runs).where(schema.runs.c.id == run_id).values(**values))


def _run(row: Row[Any]) -> Run:
    values = {name: value for name, value in row._mapping.items() if name in Run.__dataclass_fields__}
    values["recipe"] = Recipe.from_json(row.recipe)
    values["layers"] = tuple(json.loads(row.layers))
    values["death"] = queries.divergence(row)
    for moment in ("created", "submitted", "started", "ended"):
        if values[moment] is not None:
            values[moment] = datetime.fromtimestamp(values[moment], UTC)
    return Run(**values)
