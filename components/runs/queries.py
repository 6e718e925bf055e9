"""What a run said, read back from the store."""

import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Table, select

from components.runs import schema
from components.runs.serialization import FLOAT32, from_bytes, unpack_steps
from components.training.events import Checkpoint, Divergence, EpochEnd, GradientThroughTime, Mark, Snapshot

LAST = 2**31 - 1
"""A revision that no run comes to."""


def changed_rows(
    connection: Connection, table: Table, run_id: str, since: int = 0, until: int = LAST
) -> Sequence[Row[Any]]:
    """Return a run's rows of a table that were written after one revision and up to another, in the order of
    its key."""
    revision = table.c.revision
    query = select(table).where(table.c.run == run_id, revision > since, revision <= until)
    return connection.execute(query.order_by(*table.primary_key)).all()


def curves(connection: Connection, run_id: str, layers: int) -> np.ndarray:
    """Return every step of a run → (3 + layers, steps): loss, norm before and after clipping, and by
    layer."""
    chunks = changed_rows(connection, schema.chunks, run_id)
    parts = [unpack_steps(chunk.payload, chunk.last + 1 - chunk.first) for chunk in chunks]
    return np.hstack([np.empty((3 + layers, 0), FLOAT32), *parts])


def clock(connection: Connection, run_id: str) -> list[tuple[int, float]]:
    """Return steps of a run, in order, each with the seconds that it had trained by then."""
    chunks = schema.chunks.c
    # A run that was trained elsewhere has the seconds of no step: 0 by all of them.
    known = select(chunks.last, chunks.seconds).where(chunks.run == run_id, chunks.seconds > 0)
    return [(row.last, row.seconds) for row in connection.execute(known.order_by(chunks.first))]


def epochs(connection: Connection, run_id: str) -> list[EpochEnd]:
    """Return the ends of a run's epochs, in order."""
    return [
        EpochEnd(
            epoch=row.epoch,
            step=row.step,
            training=math.nan if row.training is None else row.training,
            validation=math.nan if row.validation is None else row.validation,
            best=row.best,
            snapshot=Snapshot(
                tuple(from_bytes(row.snapshot).tolist()), tuple(json.loads(row.written)), row.score
            ),
        )
        for row in changed_rows(connection, schema.epochs, run_id)
    ]


def epoch_numbers(connection: Connection, run_id: str) -> Sequence[int]:
    """Return the numbers of a run's epochs that are over, in order."""
    epochs = schema.epochs.c
    return (
        connection.execute(select(epochs.epoch).where(epochs.run == run_id).order_by(epochs.epoch))
        .scalars()
        .all()
    )


def epoch_rows(connection: Connection, run_id: str, numbers: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the rows of some of a run's epochs, in order."""
    epochs = schema.epochs.c
    query = select(schema.epochs).where(epochs.run == run_id, epochs.epoch.in_(numbers))
    return connection.execute(query.order_by(epochs.epoch)).all()


def marks(connection: Connection, run_id: str, since: int = 0, until: int = LAST) -> list[Mark]:
    """Return what was changed by hand, in the order of steps."""
    found = changed_rows(connection, schema.marks, run_id, since, until)
    return [Mark(step=row.step, what=row.what, value=row.value) for row in found]


def checkpoints(connection: Connection, run_id: str, since: int = 0, until: int = LAST) -> list[Checkpoint]:
    """Return the states that were kept, in the order of steps."""
    found = changed_rows(connection, schema.checkpoints, run_id, since, until)
    return [Checkpoint(step=row.step, epoch=row.epoch) for row in found]


def through_time(
    connection: Connection, run_id: str, since: int = 0, until: int = LAST
) -> list[GradientThroughTime]:
    """Return how much each time step weighed in the loss, in the order of the updates."""
    found = []
    for row in changed_rows(connection, schema.through_time, run_id, since, until):
        names = tuple(json.loads(row.rows))
        norms = from_bytes(row.norms).reshape(len(names), -1).tolist() if names else []
        ratios = tuple(from_bytes(row.ratios).tolist())
        found.append(
            GradientThroughTime(
                step=row.step,
                length=row.length,
                rows=names,
                norms=tuple(map(tuple, norms)),
                ratios=ratios,
                pressed=tuple(map(tuple, json.loads(row.pressed))),
            )
        )
    return found


def divergence(run: Row[Any]) -> Divergence | None:
    """Return how a run's loss stopped being a number, where it did."""
    return Divergence.model_validate(json.loads(run.death)) if run.death else None
