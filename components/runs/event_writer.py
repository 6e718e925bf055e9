"""Writing down what a run says: the one place where messages become rows."""

import json
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from components.runs import schema
from components.runs.serialization import pack_steps, to_bytes, unpack_steps
from components.tasks.metrics import finite_or_none
from components.training.events import (
    Checkpoint,
    CheckpointsDiscarded,
    Divergence,
    EpochEnd,
    Evaluation,
    Event,
    GradientThroughTime,
    Mark,
    Rollback,
    Status,
    Steps,
    TrainingStart,
)

ACTIVE = frozenset({"waiting", "running", "paused"})
"""Statuses of a run that isn't over."""

SPEED_SMOOTHING = 0.6
"""Share of the old speed in the new one, so that the time left doesn't jump about."""


def end_columns(status: str, reason: str) -> dict[str, Any]:
    """Return what changes in a run's row when it ends. With its attempt's token, its hearing goes."""
    return {"status": status, "reason": reason, "ended": time.time(), "attempt": ""}


def recovery_notice(recovered_from: int | None) -> str:
    """Return what the page says of a run whose worker was lost; nothing of one whose worker wasn't.

    Args:
        recovered_from: the step that it went on from; -1 while that isn't known.
    """
    if recovered_from is None:
        return ""
    if recovered_from < 0:
        return "The machine that trained this run stopped; the run continues from its last checkpoint."
    if recovered_from == 0:
        return "The machine that trained this run stopped; the run started again."
    return f"The machine that trained this run stopped; the run went on from step {recovered_from:,}."


def write_events(connection: Connection, run: Row[Any], messages: Sequence[Event]) -> None:
    """Write down what a run said, in a transaction that holds its row.

    Steps that are there already aren't written again. What follows the run's end is ignored.
    """
    scribe = _EventWriter(connection, run)
    for message in messages:
        scribe.write(message)
    scribe.close()


class _EventWriter:
    def __init__(self, connection: Connection, run: Row[Any]):
        self._connection, self._id, self._stored = connection, run.id, run._mapping
        self._columns: dict[str, Any] = {**run._mapping, "revision": run.revision + 1}

    def write(self, message: Event) -> None:
        if self._columns["status"] not in ACTIVE:
            return
        match message:
            case TrainingStart():
                self._started(message)
            case Steps():
                self._steps(message)
            case EpochEnd():
                self._epoch(message)
            case GradientThroughTime():
                self._through_time(message)
            case Divergence():
                self._columns["death"] = json.dumps(message.model_dump())
            case Checkpoint():
                self._replace_row(schema.checkpoints, step=message.step, epoch=message.epoch)
            case CheckpointsDiscarded():
                own, table = schema.checkpoints.c.run == self._id, schema.checkpoints
                self._connection.execute(delete(table).where(own, table.c.step < message.step))
            case Mark():
                self._mark(message)
            case Rollback():
                self._roll_back(message.step)
            case Evaluation():
                self._columns["evaluation"] = message.model_dump_json()
            case Status():
                self._status(message)

    def close(self) -> None:
        self._columns["heard"] = schema.database_time(self._connection)
        changed = {name: value for name, value in self._columns.items() if value != self._stored[name]}
        own = schema.runs.c.id == self._id
        self._connection.execute(update(schema.runs).where(own).values(**changed))

    def _started(self, message: TrainingStart) -> None:
        self._columns.update(
            parameters=message.parameters,
            layers=json.dumps(message.layers),
            steps_per_epoch=message.steps_per_epoch,
            clip=message.clip,
        )

    def _steps(self, message: Steps) -> None:
        there = max(0, self._columns["step"] + 1 - message.first)
        if message.first + there > message.last:
            return
        if len(message.layers) != len(json.loads(self._columns["layers"])):
            raise ValueError("steps of other layers than the run began with")
        new = len(message.losses) - there
        self._replace_row(
            schema.chunks,
            first=message.first + there,
            last=message.last,
            payload=pack_steps(message, there),
            seconds=self._seconds_before(message.first + there)
            + max(0.0, message.seconds) * new / len(message.losses),
        )
        self._columns.update(step=message.last, learning_rate=message.learning_rate)
        if message.seconds > 0:
            speed, before = len(message.losses) / message.seconds, self._columns["steps_per_second"]
            self._columns["steps_per_second"] = (
                speed if before is None else before + (1 - SPEED_SMOOTHING) * (speed - before)
            )

    def _seconds_before(self, step: int) -> float:
        """Return how long the run had trained before a step; where that wasn't kept, at its mean pace."""
        chunks = schema.chunks.c
        before = select(chunks.seconds).where(chunks.run == self._id, chunks.first < step)
        newest = before.order_by(chunks.first.desc()).limit(1)
        known = self._connection.execute(newest).scalar_one_or_none()
        speed = self._columns["steps_per_second"]
        return (step - 1) / (speed or math.inf) if known is None else float(known)

    def _epoch(self, message: EpochEnd) -> None:
        self._replace_row(
            schema.epochs,
            epoch=message.epoch,
            step=message.step,
            training=finite_or_none(message.training),
            validation=finite_or_none(message.validation),
            best=message.best,
            snapshot=to_bytes(np.array(message.snapshot.numbers)),
            written=json.dumps(message.snapshot.texts),
            score=finite_or_none(message.snapshot.score),
        )
        self._columns["epoch"] = message.epoch

    def _through_time(self, message: GradientThroughTime) -> None:
        self._replace_row(
            schema.through_time,
            step=message.step,
            length=message.length,
            rows=json.dumps(message.rows),
            norms=to_bytes(np.array(message.norms)),
            ratios=to_bytes(np.array(message.ratios)),
            pressed=json.dumps(message.pressed),
        )

    def _mark(self, message: Mark) -> None:
        self._replace_row(schema.marks, step=message.step, what=message.what, value=message.value)
        if message.what != "rewound":
            self._columns[message.what] = message.value

    def _status(self, message: Status) -> None:
        reason = message.reason or recovery_notice(self._columns["recovered_from"])
        if message.status in ACTIVE:
            self._columns.update(status=message.status, reason=reason, begun=True)
            self._columns["started"] = self._columns["started"] or time.time()
        else:
            self._columns.update(end_columns(message.status, reason))

    def _roll_back(self, step: int) -> None:
        """Take back what was said of later steps."""
        self._truncate_chunk(step)
        for table, column in (
            (schema.chunks, schema.chunks.c.first),
            (schema.epochs, schema.epochs.c.step),
            (schema.marks, schema.marks.c.step),
            (schema.through_time, schema.through_time.c.step),
            (schema.checkpoints, schema.checkpoints.c.step),
        ):
            self._connection.execute(delete(table).where(table.c.run == self._id, column > step))
        left = select(func.max(schema.epochs.c.epoch)).where(schema.epochs.c.run == self._id)
        epoch = self._connection.execute(left).scalar_one() or 0
        self._columns.update(step=step, epoch=epoch, generation=self._columns["generation"] + 1, death=None)
        if self._columns["recovered_from"] == -1:
            self._columns["recovered_from"] = step

    def _truncate_chunk(self, step: int) -> None:
        """Cut the chunk that a step lies in behind it."""
        chunks = schema.chunks.c
        across = select(schema.chunks).where(chunks.run == self._id, chunks.first <= step, chunks.last > step)
        for chunk in self._connection.execute(across).all():
            numbers = unpack_steps(chunk.payload, chunk.last + 1 - chunk.first)[:, : step + 1 - chunk.first]
            seconds = chunk.seconds
            if seconds is not None:
                began = self._seconds_before(chunk.first)
                seconds = began + (seconds - began) * numbers.shape[1] / (chunk.last + 1 - chunk.first)
            self._replace_row(
                schema.chunks, first=chunk.first, last=step, payload=to_bytes(numbers), seconds=seconds
            )

    def _replace_row(self, table: Table, **values: Any) -> None:
        """Insert a row, in place of one with the same key."""
        values["run"] = self._id
        same = [column == values[column.name] for column in table.primary_key]
        self._connection.execute(delete(table).where(*same))
        self._connection.execute(insert(table).values(revision=self._columns["revision"], **values))
