"""What a page is told of a run each time it asks: what is new since it last did, as plain numbers."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Connection, Row

from components.runs import fair_queue, queries, schema
from components.runs.serialization import (
    FLOAT32,
    downsample,
    from_bytes,
    json_numbers,
    means_between,
    unpack_steps,
)
from components.tasks.metrics import finite_or_none
from components.training.events import Checkpoint, GradientThroughTime, Mark

MOST_GRADIENT_POINTS = 150
"""Looks through time that a page is sent at once at most."""
MOST_PREVIEWS = 60
"""Epochs whose previews a page is sent at most."""
MOST_CLOCK_POINTS = 200
"""Moments of a run's clock that a page is sent at once at most."""


class _Response(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class EpochPoint(_Response):
    """The losses of an epoch; None where they are no numbers."""

    epoch: int
    step: int
    training: float | None
    validation: float | None
    best: bool
    score: float | None
    """the task's own, the larger the better"""


class ClockPoint(_Response):
    """How many seconds a run had trained by the end of a step."""

    step: int
    seconds: float


class DivergencePoint(_Response):
    """How the loss stopped being a number."""

    step: int
    blamed: int
    weight: str
    norm: float | None
    usual: float | None
    epoch: int
    batch: int


class GradientPoint(_Response):
    """How much each time step weighed in the loss after some update; None where it is no number."""

    step: int
    norms: list[list[float | None]]
    """one list a row, oldest time step first"""
    ratios: list[float | None]
    """one a row: first steps over last steps"""


class PreviewPoint(_Response):
    """What the task showed of itself at the end of an epoch."""

    epoch: int
    values: list[float | None]
    texts: list[str]


class RunUpdate(_Response):
    """What is new of a run, and how it stands.

    A page that asks for the first time sends `since=0`. Later it sends the `since` and `generation`
    of the last reply, and adds what it gets to what it has. Where the reply's `generation` isn't the
    one it sent, the run went back: it drops all that it has, since the reply holds everything anew.
    """

    generation: int
    since: int
    """to be sent with the next question. It is no step: an epoch's end and a mark come after the step
    that they belong to, and would be missed by who has that step already"""
    status: str
    reason: str
    ahead: int
    """runs that wait before this one, if it waits"""
    wait_seconds: float | None
    """how long it will still wait, if it waits and that can be estimated"""
    step: int
    epoch: int
    steps_total: int
    """0 until the run has begun"""
    epochs_total: int
    steps_per_second: float | None
    seconds_left: float | None
    learning_rate: float | None
    clip: float | None
    layer_names: tuple[str, ...]
    steps: list[int]
    clock: list[ClockPoint]
    """none where it wasn't kept"""
    loss: list[float | None]
    loss_means: list[float | None] | None
    """one a step of `steps`, where these are thinned: the mean over the steps that it stands for"""
    before: list[float | None]
    before_means: list[float | None] | None
    """the same of `before`"""
    after: list[float | None]
    layers: list[list[float | None]]
    """norms of each layer's gradient, one list a layer, aligned with `steps`"""
    epochs: list[EpochPoint]
    marks: list[Mark]
    checkpoints: list[Checkpoint]
    preview: PreviewPoint | None
    """the newest, if it is new"""
    through_rows: tuple[str, ...]
    """what the gradients of `through` are by"""
    through_length: int
    """time steps that they are of"""
    through: list[GradientPoint]
    death: DivergencePoint | None


def read_update(connection: Connection, run: Row[Any], since: int, generation: int, most: int) -> RunUpdate:
    """Gather what is new of a run; `RunStore.points` says what the arguments are.

    Args:
        connection: sees that moment of the store, or a later one: what was written since is left out.
        run: the run's row, as of that moment.
    """
    if generation != run.generation:
        since = 0
    layers = json.loads(run.layers)
    news = _changes(connection, run, since, len(layers)) if since < run.revision else _no_changes(len(layers))
    kept = downsample(news.curves[0], most)
    loss, before, after, *norms = map(json_numbers, news.curves[:, kept])
    is_thinned = len(kept) < len(news.steps)
    loss_means, before_means = (
        json_numbers(means_between(values, kept)) if is_thinned else None for values in news.curves[:2]
    )
    steps_total = run.steps_per_epoch * run.epochs_total
    return RunUpdate(
        generation=run.generation,
        since=run.revision,
        status=run.status,
        reason=run.reason,
        ahead=fair_queue.queue_position(connection, run),
        wait_seconds=fair_queue.wait_seconds(connection, run),
        step=run.step,
        epoch=run.epoch,
        steps_total=steps_total,
        epochs_total=run.epochs_total,
        steps_per_second=run.steps_per_second,
        seconds_left=_seconds_left(run, steps_total),
        learning_rate=run.learning_rate,
        clip=run.clip,
        layer_names=layers,
        steps=news.steps[kept].tolist(),
        clock=news.clock,
        loss=loss,
        loss_means=loss_means,
        before=before,
        before_means=before_means,
        after=after,
        layers=norms,
        epochs=[
            EpochPoint(
                epoch=end.epoch,
                step=end.step,
                training=finite_or_none(end.training),
                validation=finite_or_none(end.validation),
                best=end.best,
                score=finite_or_none(end.score),
            )
            for end in news.epochs
        ],
        marks=news.marks,
        checkpoints=news.checkpoints,
        preview=_preview(news.epochs),
        through_rows=news.through[-1].rows if news.through else (),
        through_length=news.through[-1].length if news.through else 0,
        through=_gradient_points(news.through),
        death=_divergence_point(run),
    )


@dataclass(frozen=True)
class _Changes:
    steps: np.ndarray
    """(N,) numbers of the updates"""
    curves: np.ndarray
    """(3 + layers, N): loss, norm before and after clipping, norms by layer"""
    clock: list[ClockPoint]
    epochs: Sequence[Row[Any]]
    marks: list[Mark]
    checkpoints: list[Checkpoint]
    through: list[GradientThroughTime]


def _no_changes(layers: int) -> _Changes:
    return _Changes(np.empty(0, int), np.empty((3 + layers, 0), FLOAT32), [], [], [], [], [])


def _changes(connection: Connection, run: Row[Any], since: int, layers: int) -> _Changes:
    news, wanted = _no_changes(layers), (run.id, since, run.revision)
    chunks = queries.changed_rows(connection, schema.chunks, *wanted)
    return _Changes(
        np.concatenate([news.steps, *(np.arange(chunk.first, chunk.last + 1) for chunk in chunks)]),
        np.hstack(
            [news.curves, *(unpack_steps(chunk.payload, chunk.last + 1 - chunk.first) for chunk in chunks)]
        ),
        _clock(chunks),
        queries.changed_rows(connection, schema.epochs, *wanted),
        queries.marks(connection, *wanted),
        queries.checkpoints(connection, *wanted),
        queries.through_time(connection, *wanted),
    )


def _preview(epochs: Sequence[Row[Any]]) -> PreviewPoint | None:
    if not epochs:
        return None
    numbers, texts = json_numbers(from_bytes(epochs[-1].snapshot)), json.loads(epochs[-1].written)
    return PreviewPoint(epoch=epochs[-1].epoch, values=numbers, texts=texts) if numbers or texts else None


def read_previews(connection: Connection, run_id: str) -> tuple[PreviewPoint, ...]:
    """Return what a run's task showed of itself after its epochs; of many, after evenly chosen ones."""
    epochs = queries.epoch_numbers(connection, run_id)
    places = np.linspace(0, len(epochs) - 1, min(len(epochs), MOST_PREVIEWS)).round().astype(int)
    rows = queries.epoch_rows(connection, run_id, [epochs[at] for at in places])
    return tuple(filter(None, (_preview([row]) for row in rows)))


def _clock(chunks: Sequence[Row[Any]]) -> list[ClockPoint]:
    """Return at most so many moments, the last included; between them a run is thought to keep its pace."""
    known = [chunk for chunk in chunks if chunk.seconds]  # 0 of a run that was trained elsewhere
    every = max(1, -(-len(known) // MOST_CLOCK_POINTS))
    return [
        ClockPoint(step=chunk.last, seconds=round(chunk.seconds, 3))
        for at, chunk in enumerate(known)
        if (len(known) - 1 - at) % every == 0
    ]


def _gradient_points(found: list[GradientThroughTime]) -> list[GradientPoint]:
    """Return at most so many looks as a chart has columns, the newest included, to three digits."""
    every = -(-len(found) // MOST_GRADIENT_POINTS)
    kept = [look for at, look in enumerate(found) if (len(found) - 1 - at) % max(1, every) == 0]
    return [
        GradientPoint(
            step=look.step,
            norms=[_round_numbers(norms) for norms in look.norms],
            ratios=_round_numbers(look.ratios),
        )
        for look in kept
    ]


def _divergence_point(run: Row[Any]) -> DivergencePoint | None:
    told = queries.divergence(run)
    if told is None:
        return None
    return DivergencePoint(
        step=told.step,
        blamed=told.blamed,
        weight=told.weight,
        norm=finite_or_none(told.norm),
        usual=finite_or_none(told.usual),
        epoch=told.epoch,
        batch=told.batch,
    )


def _round_numbers(numbers: Sequence[float]) -> list[float | None]:
    return [float(f"{number:.2e}") if math.isfinite(number) else None for number in numbers]


def _seconds_left(run: Row[Any], steps_total: int) -> float | None:
    if run.status not in ("running", "paused") or not run.steps_per_second:
        return None
    return (steps_total - run.step) / run.steps_per_second
