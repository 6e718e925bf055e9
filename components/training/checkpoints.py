"""States of a run as files: numbers only, nothing that runs when it is read."""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from components.storage import Folder
from components.training.events import Event, event_adapter
from components.training.loop import TrainingProgress, TrainingState

PREFIX, SUFFIX = "checkpoint-", ".npz"
_RECENT = "recent-events.json"
ARRAY_KINDS = ("variables", "slots", "best_variables")
"""Lists of arrays in a state."""


def save(folder: Folder, state: TrainingState, consumed: int) -> None:
    """Keep a state, and how many commands had been obeyed by then."""
    rest = {
        "progress": asdict(state.progress),
        "learning_rate": state.learning_rate,
        "threshold": state.threshold,
        "consumed": consumed,
    }
    arrays = {
        f"{kind}-{number:04}": value
        for kind in ARRAY_KINDS
        for number, value in enumerate(getattr(state, kind))
    }
    file = io.BytesIO()
    np.savez(file, rest=np.array(json.dumps(rest)), **arrays)
    folder.write(_file_name(state.progress.step), file.getvalue())


def load(folder: Folder, step: int) -> tuple[TrainingState, int]:
    """Read the state after a step, and how many commands had been obeyed by then.

    Raises:
        FileNotFoundError: if none was kept.
    """
    with np.load(io.BytesIO(folder.read(_file_name(step))), allow_pickle=False) as file:
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
    return state, rest["consumed"]


def save_recent_events(folder: Folder, events: Sequence[Event]) -> None:
    """Keep what was said just before a state is kept, in place of what was kept of an earlier one."""
    content = json.dumps([event.model_dump(mode="json") for event in events])
    folder.write(_RECENT, content.encode())


def recent_events(folder: Folder) -> list[Event]:
    """Return what was said just before the newest state was kept; nothing if that isn't known."""
    if not folder.exists(_RECENT):
        return []
    return [event_adapter.validate_python(event) for event in json.loads(folder.read(_RECENT))]


def steps(folder: Folder) -> list[int]:
    """List the steps whose state was kept, in order."""
    names = (name for name in folder.names() if name.startswith(PREFIX) and name.endswith(SUFFIX))
    return [int(name.removeprefix(PREFIX).removesuffix(SUFFIX)) for name in names]


def discard_after(folder: Folder, step: int) -> None:
    """Remove the states of later steps."""
    for later in steps(folder):
        if later > step:
            folder.remove(_file_name(later))


def _file_name(step: int) -> str:
    return f"{PREFIX}{step:09}{SUFFIX}"
