"""A finished run as one file, which any store can take in: what it said, its result, and its weights.

Nothing in it is ever called or evaluated: what the run said is JSON, the rest are the run's own files.
"""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.recipe import Recipe
from components.runs.store import RunStore
from components.training.events import (
    Event,
    GradientThroughTime,
    Steps,
    TrainingStart,
    event_adapter,
)

_TOLD = "run.json"
_DIGITS = 5  # of a number that the run said: more than a chart shows, and half as many bytes
_FRACTION = 2.0**17  # parts that the fraction of a number has, which is between a half and 1
_STEPS_AT_ONCE = 1000
_MOST_LOOKS = 40
"""Looks into the model that are kept; of more, evenly chosen ones."""
_MOMENT = (2020, 1, 1, 0, 0, 0)  # so that the same run gives the same bytes


@dataclass(frozen=True)
class RunArchive:
    """A finished run.

    Attributes:
        title: what it is called.
        recipe: what was trained.
        created: when its training began, in seconds since 1970.
        events: what it said, its end included.
        files: its own, by name: the result and the states that are kept.
    """

    title: str
    recipe: Recipe
    created: float
    events: tuple[Event, ...]
    files: Mapping[str, bytes]


def pack_archive(archive: RunArchive) -> bytes:
    """Return the file of a run."""
    told = {
        "title": archive.title,
        "recipe": json.loads(archive.recipe.to_json()),
        "created": round(archive.created),
        "events": [_shortened(event.model_dump(mode="python")) for event in archive.events],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as file:
        contents = {_TOLD: json.dumps(told, separators=(",", ":")).encode(), **archive.files}
        for name, content in contents.items():
            file.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_LZMA)
    return made.getvalue()


def unpack_archive(content: bytes) -> RunArchive:
    """Return the run that `pack_archive` made a file of."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        told = json.loads(file.read(_TOLD))
        files = {name: file.read(name) for name in file.namelist() if name != _TOLD}
    return RunArchive(
        told["title"],
        Recipe.from_json(json.dumps(told["recipe"])),
        told["created"],
        tuple(event_adapter.validate_python(event) for event in told["events"]),
        files,
    )


def read_events(store: RunStore, run_id: str) -> tuple[Event, ...]:
    """Return what a run of a store said of its training, without the states that were kept of it.

    Raises:
        RunError: if there is no such run.
    """
    run = store.run(run_id)
    start = TrainingStart(
        parameters=run.parameters, layers=run.layers, steps_per_epoch=run.steps_per_epoch, clip=run.clip
    )
    return (
        start,
        *_steps(store.curves(run_id), run.learning_rate or 0.0),
        *store.epochs(run_id),
        *store.marks(run_id),
        *_evenly(store.through_time(run_id)),
    )


def shorten_numbers(content: bytes) -> bytes:
    """Return an .npz file whose numbers need less room in an archive: of each in a table, 17 binary digits
    count, which is one part in 100,000.

    Integers, texts and plain lists stay as they are: such as the true values, by which one test set is told
    from another.
    """
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = {name: _rounded(file[name]) for name in file.files}
    made = io.BytesIO()
    np.savez(made, allow_pickle=False, **arrays)
    return made.getvalue()


def _rounded(values: np.ndarray) -> np.ndarray:
    if values.ndim < 2 or not np.issubdtype(values.dtype, np.floating):
        return values
    fraction, exponent = np.frexp(values)
    return np.ldexp(np.round(fraction * _FRACTION) / _FRACTION, exponent).astype(values.dtype)


def _steps(curves: np.ndarray, learning_rate: float) -> Iterator[Steps]:
    """Say the updates again → some at a time.

    Args:
        curves: (3 + layers, steps).
        learning_rate: in force at the last of them.
    """
    for first in range(0, curves.shape[1], _STEPS_AT_ONCE):
        losses, before, after, *layers = curves[:, first : first + _STEPS_AT_ONCE].tolist()
        yield Steps(
            first=first + 1,
            losses=losses,
            before=before,
            after=after,
            layers=tuple(map(tuple, layers)),
            learning_rate=learning_rate,
            seconds=0.0,  # on another machine, which says nothing of this one
        )


def _evenly(looks: tuple[GradientThroughTime, ...]) -> list[GradientThroughTime]:
    chosen = np.linspace(0, len(looks) - 1, min(len(looks), _MOST_LOOKS)).round().astype(int)
    return [looks[at] for at in chosen]


def _shortened(said: Any) -> Any:
    """Return plain values with shorter numbers."""
    match said:
        case float():
            return float(f"{said:.{_DIGITS}g}")
        case dict():
            return {name: _shortened(value) for name, value in said.items()}
        case list() | tuple():
            return [_shortened(value) for value in said]
        case _:
            return said
