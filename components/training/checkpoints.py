"""States of a run as files: numbers only, nothing that runs when it is read."""

import io
import json
import logging
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from components.storage import Folder
from components.training.attempt_start import StoredProgress
from components.training.events import Event, Steps, event_adapter
from components.training.loop import TrainingProgress, TrainingState

logger = logging.getLogger(__name__)

PREFIX, SUFFIX = "checkpoint-", ".npz"
_RECENT = "recent-events.json"
ARRAY_KINDS = ("variables", "slots", "best_variables")
"""Lists of arrays in a state."""


_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, OSError)
"""What reading a file that isn't whole may raise."""


@dataclass(frozen=True)
class Kept:
    """A state as it was kept."""

    state: TrainingState
    consumed: int
    """number of the last command that had been obeyed by then"""
    paused: bool = False
    """whether the run was paused"""


def save(folder: Folder, state: TrainingState, consumed: int, paused: bool = False) -> None:
    """Keep a state.

    Args:
        folder: of the run.
        state: the state.
        consumed: number of the last command that has been obeyed.
        paused: whether the run is.
    """
    rest = {
        "progress": asdict(state.progress),
        "learning_rate": state.learning_rate,
        "threshold": state.threshold,
        "consumed": consumed,
        "paused": paused,
    }
    arrays = {
        f"{kind}-{number:04}": value
        for kind in ARRAY_KINDS
        for number, value in enumerate(getattr(state, kind))
    }
    file = io.BytesIO()
    np.savez(file, rest=np.array(json.dumps(rest)), **arrays)
    folder.write(_file_name(state.progress.step), file.getvalue())


def load(folder: Folder, step: int) -> Kept:
    """Read the state after a step.

    Raises:
        FileNotFoundError: if none was kept, or what was kept isn't whole.
    """
    try:
        return _read(folder.read(_file_name(step)))
    except FileNotFoundError:
        raise
    except _DAMAGE as error:
        logger.warning("The checkpoint of step %d in %s can't be read: %r", step, folder.url, error)
        raise FileNotFoundError(_file_name(step)) from error


def newest(folder: Folder, stored: StoredProgress | None = None) -> Kept | None:
    """Return the newest state that is whole; None where there is none.

    Args:
        folder: of the run.
        stored: what the store has of the run: a state that it can't be brought up to is left out. None:
            nobody asks.
    """
    for step in _within_reach(folder, stored):
        try:
            return load(folder, step)
        except FileNotFoundError:
            continue
    return None


def _within_reach(folder: Folder, stored: StoredProgress | None) -> Iterator[int]:
    """List the steps of kept states, the newest first, up to which the store has all or can be told it."""
    recent = None if stored is None else recent_events(folder)
    for step in reversed(steps(folder)):
        if (
            stored is None
            or step <= stored.checkpoint
            or step == 0
            or _bridges(recent or [], stored.step, step)
        ):
            yield step


def _bridges(recent: Sequence[Event], last: int, step: int) -> bool:
    """Return whether what was said recently tells all updates from `last` to `step`, and what belongs to
    both."""
    told = [event for event in recent if isinstance(event, Steps)]
    return bool(told) and told[0].first <= max(1, last) and told[-1].last >= step


def _read(content: bytes) -> Kept:
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        rest = json.loads(str(file["rest"]))
        variables, slots, best_variables = (
            [file[name] for name in sorted(file.files) if name.startswith(f"{kind}-")] for kind in ARRAY_KINDS
        )
    state = TrainingState(
        TrainingProgress(**rest["progress"]),
        rest["learning_rate"],
        rest["threshold"],
        variables,
        slots,
        best_variables,
    )
    return Kept(state, rest["consumed"], rest.get("paused", False))


def save_recent_events(folder: Folder, events: Sequence[Event]) -> None:
    """Keep what was said just before a state is kept, in place of what was kept of an earlier one."""
    content = json.dumps([event.model_dump(mode="json") for event in events])
    folder.write(_RECENT, content.encode())


def recent_events(folder: Folder) -> list[Event]:
    """Return what was said just before the newest state was kept; nothing if that isn't known."""
    try:
        return [event_adapter.validate_python(event) for event in json.loads(folder.read(_RECENT))]
    except FileNotFoundError:
        return []
    except ValueError:  # JSON that isn't whole, or no event
        logger.warning("The newest events in %s can't be read", folder.url)
        return []


def steps(folder: Folder) -> list[int]:
    """List the steps whose state was kept, in order."""
    names = (name for name in folder.names() if name.startswith(PREFIX) and name.endswith(SUFFIX))
    return [int(name.removeprefix(PREFIX).removesuffix(SUFFIX)) for name in names]


def discard_oldest(folder: Folder, most: int) -> int | None:
    """Remove the oldest states until the others take so many bytes at most; the newest one stays.

    Returns:
        the step of the oldest that is left; None where none had to go.
    """
    sizes = {entry.name: entry.bytes for entry in folder.entries()}
    kept = steps(folder)
    excess = sum(sizes.get(_file_name(step), 0) for step in kept) - most
    gone = 0
    while excess > 0 and gone < len(kept) - 1:
        name = _file_name(kept[gone])
        folder.remove(name)
        excess -= sizes.get(name, 0)
        gone += 1
    return kept[gone] if gone else None


def discard_after(folder: Folder, step: int) -> None:
    """Remove the states of later steps."""
    for later in steps(folder):
        if later > step:
            folder.remove(_file_name(later))


def _file_name(step: int) -> str:
    return f"{PREFIX}{step:09}{SUFFIX}"
