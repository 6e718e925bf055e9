"""Writing down what a run says: the one place where messages become rows."""

import json
import math
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from components.runs import tables
from components.runs.packing import pack, to_bytes, unpack
from components.training.messages import (
    Checkpoint,
    Died,
    EpochEnd,
    Mark,
    Message,
    Rewound,
    Started,
    Status,
    Steps,
    ThroughTime,
)

ACTIVE = frozenset({"waiting", "running", "paused"})
"""Statuses of a run that isn't over."""

INERTIA = 0.6
"""Share of the old speed in the new one, so that the time left doesn't jump about."""


def ending(status: str, reason: str) -> dict[str, Any]:
    """Give what changes in a run's row when it ends. With its attempt's token, its hearing goes."""
    return {"status": status, "reason": reason, "ended": time.time(), "attempt": ""}


def write(connection: Connection, run: Row[Any], messages: Sequence[Message]) -> None:
    """Write down what a run said, in a transaction that holds its row.

    Steps that are there already aren't written again. What follows the run's end is ignored.
    """
    scribe = _Scribe(connection, run)
    for message in messages:
        scribe.write(message)
    scribe.close()


class _Scribe:
    def __init__(self, connection: Connection, run: Row[Any]):
        self._connection, self._id, self._before = connection, run.id, run._mapping
        self._now: dict[str, Any] = {**run._mapping, "revision": run.revision + 1}

    def write(self, message: Message) -> None:
        if self._now["status"] not in ACTIVE:
            return
        match message:
            case Started():
                self._started(message)
            case Steps():
                self._steps(message)
            case EpochEnd():
                self._epoch(message)
            case ThroughTime():
                self._through_time(message)
            case Died():
                self._now["death"] = json.dumps(message.model_dump())
            case Checkpoint():
                self._put(tables.checkpoints, step=message.step, epoch=message.epoch)
            case Mark():
                self._mark(message)
            case Rewound():
                self._rewound(message.step)
            case Status():
                self._status(message)

    def close(self) -> None:
        changed = {name: value for name, value in self._now.items() if value != self._before[name]}
        own = tables.runs.c.id == self._id
        self._connection.execute(update(tables.runs).where(own).values(**changed))

    def _started(self, message: Started) -> None:
        self._now.update(
            parameters=message.parameters,
            layers=json.dumps(message.layers),
            steps_per_epoch=message.steps_per_epoch,
            clip=message.clip,
        )

    def _steps(self, message: Steps) -> None:
        there = max(0, self._now["step"] + 1 - message.first)
        if message.first + there > message.last:
            return
        if len(message.layers) != len(json.loads(self._now["layers"])):
            raise ValueError("steps of other layers than the run began with")
        self._put(tables.chunks, first=message.first + there, last=message.last, payload=pack(message, there))
        self._now.update(step=message.last, learning_rate=message.learning_rate)
        if message.seconds > 0:
            speed, before = len(message.losses) / message.seconds, self._now["steps_per_second"]
            self._now["steps_per_second"] = (
                speed if before is None else before + (1 - INERTIA) * (speed - before)
            )

    def _epoch(self, message: EpochEnd) -> None:
        self._put(
            tables.epochs,
            epoch=message.epoch,
            step=message.step,
            training=_or_null(message.training),
            validation=_or_null(message.validation),
            best=message.best,
            snapshot=to_bytes(np.array(message.snapshot.numbers)),
            written=json.dumps(message.snapshot.texts),
            score=None if message.snapshot.score is None else _or_null(message.snapshot.score),
        )
        self._now["epoch"] = message.epoch

    def _through_time(self, message: ThroughTime) -> None:
        self._put(
            tables.through_time,
            step=message.step,
            length=message.length,
            rows=json.dumps(message.rows),
            norms=to_bytes(np.array(message.norms)),
            ratios=to_bytes(np.array(message.ratios)),
            pressed=json.dumps(message.pressed),
        )

    def _mark(self, message: Mark) -> None:
        self._put(tables.marks, step=message.step, what=message.what, value=message.value)
        if message.what != "rewound":
            self._now[message.what] = message.value

    def _status(self, message: Status) -> None:
        if message.status in ACTIVE:
            self._now.update(status=message.status, reason=message.reason)
            self._now["started"] = self._now["started"] or time.time()
        else:
            self._now.update(ending(message.status, message.reason))

    def _rewound(self, step: int) -> None:
        """Take back what was said of later steps."""
        self._shorten(step)
        for table, column in (
            (tables.chunks, tables.chunks.c.first),
            (tables.epochs, tables.epochs.c.step),
            (tables.marks, tables.marks.c.step),
            (tables.through_time, tables.through_time.c.step),
            (tables.checkpoints, tables.checkpoints.c.step),
        ):
            self._connection.execute(delete(table).where(table.c.run == self._id, column > step))
        left = select(func.max(tables.epochs.c.epoch)).where(tables.epochs.c.run == self._id)
        epoch = self._connection.execute(left).scalar_one() or 0
        self._now.update(step=step, epoch=epoch, generation=self._now["generation"] + 1, death=None)

    def _shorten(self, step: int) -> None:
        """Cut the chunk that a step lies in behind it."""
        chunks = tables.chunks.c
        across = select(tables.chunks).where(chunks.run == self._id, chunks.first <= step, chunks.last > step)
        for chunk in self._connection.execute(across).all():
            numbers = unpack(chunk.payload, chunk.last + 1 - chunk.first)[:, : step + 1 - chunk.first]
            self._put(tables.chunks, first=chunk.first, last=step, payload=to_bytes(numbers))

    def _put(self, table: Table, **values: Any) -> None:
        """Insert a row, in place of one with the same key."""
        values["run"] = self._id
        same = [column == values[column.name] for column in table.primary_key]
        self._connection.execute(delete(table).where(*same))
        self._connection.execute(insert(table).values(revision=self._now["revision"], **values))


def _or_null(number: float) -> float | None:
    return number if math.isfinite(number) else None
