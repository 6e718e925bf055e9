"""The waiting line, in which visitors take turns: whose run is next, and how long a run will wait.

Every run that is put in line gets a turn: a visitor's first waiting run the turn that is being served, the
next one the turn after, and so on. The lowest turn goes first, and among runs of one turn the oldest. So a
visitor's second run waits behind everybody's first. This is start-time fair queueing (Goyal, Vin and Cheng,
1996, "Start-time Fair Queuing") with one unit of service a run.
"""

import heapq
import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from components.runs import schema
from components.runs.event_writer import ACTIVE

_SECONDS_PER_TURN = 1e10
"""More than any moment has in seconds since 1970, and little enough to leave milliseconds beside a thousand
turns."""
_HOLDING = ("running", "paused")
_runs = schema.runs.c
_TIMED: tuple[Any, ...] = (
    _runs.id,
    _runs.task,
    _runs.status,
    _runs.started,
    _runs.step,
    _runs.steps_per_epoch,
    _runs.epochs_total,
    _runs.steps_per_second,
    _runs.estimate,
    _runs.overhead,
)
"""What tells how long a run will take."""


def priority(turn: int, submitted: float) -> float:
    """Return the place of a task in line as one number: the larger, the sooner.

    Args:
        turn: as `next_turn` gave it.
        submitted: when it was put in line, in seconds since 1970.

    Example:
        >>> priority(0, 1.7e9) > priority(0, 1.7e9 + 1) > priority(1, 1.6e9)
        True
    """
    return -(turn * _SECONDS_PER_TURN + submitted)


def next_turn(connection: Connection, owner: str) -> int:
    """Return the turn of a run that an owner puts in line now."""
    query = select(_runs.owner, _runs.status, _runs.turn).where(
        _runs.status.in_(ACTIVE), _runs.submitted.is_not(None)
    )
    active = connection.execute(query).all()
    served = [row.turn for row in active if row.status in _HOLDING]
    waiting = [row.turn for row in active if row.status == "waiting"]
    now = max(served) if served else min(waiting, default=0)
    return max([now, *(row.turn + 1 for row in active if row.owner == owner)])


def queue_position(connection: Connection, run: Row[Any]) -> int:
    """Count the runs that wait before this one; 0 if it doesn't wait."""
    if run.status != "waiting" or run.submitted is None:
        return 0
    query = select(func.count()).where(_runs.status == "waiting", _is_before(run))
    return connection.execute(query).scalar_one()


def wait_seconds(connection: Connection, run: Row[Any]) -> float | None:
    """Estimate how long a run will still wait; None if it doesn't wait, or nothing is known of those before.

    While a run waits, each worker has one task, so those tasks are the workers. What is before the run goes
    to the worker that is free first. A paused run keeps its worker. A task takes as long as its training, and
    then as long as it usually is measured.
    """
    if run.status != "waiting" or run.submitted is None:
        return None
    query = select(*_TIMED).where(
        or_(_runs.status.in_(_HOLDING), (_runs.status == "waiting") & _is_before(run))
    )
    rows = connection.execute(query.order_by(_runs.turn, _runs.submitted)).all()
    tasks: dict[str, list[Row[Any]]] = {}
    for row in rows:
        tasks.setdefault(row.task or row.id, []).append(row)
    busy, ahead = list[float](), list[float | None]()
    for together in tasks.values():
        left = _seconds_of(together)
        if all(row.status == "waiting" for row in together):
            ahead.append(left)
        elif not any(row.status == "paused" for row in together):
            if left is None:
                return None
            busy.append(left)
    if not busy or None in ahead:
        return None
    heapq.heapify(busy)
    for seconds in ahead:
        heapq.heapreplace(busy, busy[0] + (seconds or 0.0))
    return busy[0]


def _is_before(run: Row[Any]) -> Any:
    """Return the condition that a waiting run is served before another."""
    return or_(_runs.turn < run.turn, (_runs.turn == run.turn) & (_runs.submitted < run.submitted))


def _seconds_of(together: Sequence[Row[Any]]) -> float | None:
    """Return how long a task of one run, or of several in turns, will take; None where that isn't known."""
    each = [_seconds_left(row) for row in together]
    return None if None in each else sum(seconds or 0.0 for seconds in each)


def _seconds_left(run: Row[Any]) -> float | None:
    """Return how long a run still takes with all that it does; None where that isn't known."""
    elapsed = time.time() - run.started if run.started and run.status != "waiting" else 0.0
    if run.status == "waiting" or not (run.steps_per_second and run.steps_per_epoch):
        return None if run.estimate is None else max(0.0, run.estimate + run.overhead - elapsed)
    steps_left = run.steps_per_epoch * run.epochs_total - run.step
    if steps_left > 0:
        return steps_left / run.steps_per_second + run.overhead
    return max(0.0, run.overhead - (elapsed - run.step / run.steps_per_second))
