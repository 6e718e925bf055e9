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
ARRAY_KINDS = ("variables", "slots", "best_variables")
"""Lists of arrays in a state."""


def save(folder: Folder, state: TrainingState, consumed: int, recent: Sequence[Event] = ()) -> None:
    """Keep a state, how many commands had been obeyed by then, and what was said just before."""
    rest = {
        "progress": asdict(state.progress),
        "learning_rate": state.learning_rate,
        "threshold": state.threshold,
        "consumed": consumed,
        "recent": [event.model_dump(mode="json") for event in recent],
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


def recent_events(folder: Folder, step: int) -> list[Event]:
    """Return what was said just before the state after a step was kept."""
    with np.load(io.BytesIO(folder.read(_file_name(step))), allow_pickle=False) as file:
        rest = json.loads(str(file["rest"]))
    return [event_adapter.validate_python(event) for event in rest.get("recent", ())]


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
