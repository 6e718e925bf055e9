"""Asking a run's own model something, while it learns or after: in a worker, which keeps the model at hand.

The app names `ask` to `Engine.ask`, so this module is light; what the work takes is imported in the worker.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from components.errors import RunError
from components.recipe import Recipe
from components.storage import Folder

MOST = 3
"""Runs whose models a worker keeps at hand."""


@dataclass
class _AtHand:
    """A run's data and model, with the weights of one of its kept states."""

    problem: Any
    built: Any
    step: int
    epoch: int


_at_hand: OrderedDict[str, _AtHand] = OrderedDict()
_lock = threading.Lock()  # a worker answers one question at a time, but a cluster's may have more threads


@dataclass(frozen=True)
class Answer:
    """What a task's `predict` said, and the epoch whose weights said it; 0 where none was over yet."""

    said: Any
    epoch: int


def ask(run_id: str, recipe: str, artifacts: str, asked: Any) -> Answer:
    """Have a run's task answer by the weights that it would keep now; before an epoch ends, by its newest.

    Args:
        run_id: the run.
        recipe: the run's, as JSON.
        artifacts: URL of the folder with a folder for each run.
        asked: what the task's `predict` takes.

    Raises:
        RunError: if the run has kept no state yet.
        UnrollError: as `predict` does.
    """
    from components.tasks import task_of  # noqa: PLC0415 - brings in TensorFlow when it builds

    read = Recipe.from_json(recipe)
    with _lock:
        held = _brought_up(run_id, read, Folder(artifacts).folder("runs").folder(run_id))
        return Answer(task_of(read).predict(held.problem, held.built, asked), held.epoch)


def _brought_up(run_id: str, recipe: Recipe, folder: Folder) -> _AtHand:
    """Give a run's model with the weights of the newest state that it kept."""
    from components.engine.work import made  # noqa: PLC0415 - brings in TensorFlow
    from components.training import checkpoints  # noqa: PLC0415
    from components.training.loop import assign, keeps_best, kept_epoch  # noqa: PLC0415

    kept = checkpoints.steps(folder)
    if not kept:
        raise RunError("This run hasn't learnt anything yet.", remedy="Wait for its first steps.")
    held = _at_hand.get(run_id) or _AtHand(*made(recipe), step=-1, epoch=0)
    if held.step != kept[-1]:
        state, _ = checkpoints.load(folder, kept[-1])
        is_best = keeps_best(recipe, state.progress)
        assign(held.built.model.variables, state.best_variables if is_best else state.variables)
        held.step, held.epoch = kept[-1], kept_epoch(recipe, state.progress)
    _at_hand[run_id] = held
    _at_hand.move_to_end(run_id)
    while len(_at_hand) > MOST:
        _at_hand.popitem(last=False)
    return held
