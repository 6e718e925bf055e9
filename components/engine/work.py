"""The whole work of one run, as a worker does it: load, prepare, build, train, evaluate, keep."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras

from components import data
from components.data.dataset import Dataset
from components.engine.looker import Looker
from components.models.seeds import seeded
from components.recipe import Recipe
from components.storage import Folder
from components.tasks import task_of
from components.tasks.packing import pack
from components.training.control import Control
from components.training.limits import Limits
from components.training.loop import Loop
from components.training.messages import Message, Status
from components.training.session import Session

RESULT, MODEL = "result.npz", "model.keras"
"""Names of a finished run's files in its folder."""
MEASURING = "It has learnt, and is now measured."
"""What is said of a run between the end of its training and its results."""


def work(
    recipe: Recipe, emit: Callable[[Message], None], control: Control, folder: Folder, limits: Limits
) -> None:
    """Train a recipe and keep its result and its model in `folder`.

    Raises:
        UnrollError: whatever a person can mend: data that can't be read, limits, a training that blew up.
    """
    for _ in turns(recipe, emit, control, folder, limits, patience=0.5):
        pass


def turns(
    recipe: Recipe,
    emit: Callable[[Message], None],
    control: Control,
    folder: Folder,
    limits: Limits,
    patience: float = 0.0,
) -> Iterator[int | None]:
    """Do the same a little at a time, and say after each at which step it stands; None while it is paused.

    Args:
        patience: seconds that a paused run waits for a command each time that it is asked.

    Raises:
        UnrollError: as `work` does.
    """
    task = task_of(recipe)
    problem, built = made(recipe)
    loop = Loop(built.model, problem, recipe)
    session = Session(loop, emit, control, folder, limits, Looker(loop, problem))
    yield 0
    outcome = yield from session.turns(patience)
    if outcome == "interrupted":
        return
    emit(Status(status="running", reason=MEASURING))
    loop.keep()
    result = task.evaluate(problem, loop.outputs, built, loop.kept_epoch)
    folder.write(RESULT, pack(result))
    folder.write(MODEL, _saved(task.whole(problem, built.model)))
    emit(Status(status=outcome))


def made(recipe: Recipe) -> tuple[Any, Any]:
    """Give a recipe's data ready to train on, and its model with the weights that every run begins with."""
    return _made_of(recipe, data.load(recipe.dataset, recipe.preparation))


def evaluated(recipe: Recipe, dataset: Dataset, limits: Limits) -> Any:
    """Train a recipe on a dataset that is at hand → what the task's `evaluate` makes of it. Nothing is kept.

    Raises:
        UnrollError: as `work` does.
    """
    problem, built = _made_of(recipe, dataset)
    loop = Loop(built.model, problem, recipe)
    with tempfile.TemporaryDirectory() as folder:
        Session(loop, lambda message: None, Control(), Folder(folder), limits).train()
        loop.keep()
    return task_of(recipe).evaluate(problem, loop.outputs, built, loop.kept_epoch)


def _made_of(recipe: Recipe, dataset: Dataset) -> tuple[Any, Any]:
    task = task_of(recipe)
    problem = task.prepare(recipe, dataset)
    with seeded(recipe.seed):
        return problem, task.build(recipe, problem)


def _saved(model: keras.Model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / MODEL
        model.save(path)
        return path.read_bytes()
