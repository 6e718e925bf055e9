"""The whole work of one run, as a worker does it: load, prepare, build, train, evaluate, keep."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras

from components import data
from components.data.datasets import Dataset
from components.engine.gradient_probe import GradientProbe
from components.recipe import Recipe
from components.runs.artifacts import MODEL, RunFiles
from components.storage import Folder
from components.tasks import task_of
from components.tasks.packing import pack
from components.training.control import CommandQueue
from components.training.events import Event, Status
from components.training.limits import Limits
from components.training.loop import Loop
from components.training.session import Session

EVALUATION_REASON = "Training is done; the model is being evaluated."
"""What is said of a run between the end of its training and its results."""


def run_job(
    recipe: Recipe, emit: Callable[[Event], None], control: CommandQueue, folder: Folder, limits: Limits
) -> None:
    """Train a recipe and keep its result and its model in `folder`.

    Raises:
        UnrollError: whatever a person can mend: data that can't be read, limits, a training that
            blew up.
    """
    for _ in job_portions(recipe, emit, control, folder, limits, patience=0.5):
        pass


def job_portions(
    recipe: Recipe,
    emit: Callable[[Event], None],
    control: CommandQueue,
    folder: Folder,
    limits: Limits,
    patience: float = 0.0,
) -> Iterator[int | None]:
    """Do the same a little at a time, and say after each at which step it stands; None while it is paused.

    Args:
        patience: seconds that a paused run waits for a command each time that it is asked.

    Raises:
        UnrollError: as `run_job` does.
    """
    task = task_of(recipe)
    problem, built = problem_and_model(recipe)
    loop = Loop(built.model, problem, recipe)
    session = Session(loop, emit, control, folder, limits, GradientProbe(loop, problem))
    yield 0
    outcome = yield from session.portions(patience)
    if outcome == "interrupted":
        return
    emit(Status(status="running", reason=EVALUATION_REASON))
    loop.load_selected_weights()
    result = task.evaluate(problem, loop.outputs, built, loop.kept_epoch)
    RunFiles(folder).write(pack(result), _model_file_bytes(task.export_model(problem, built.model)))
    emit(Status(status=outcome))


def problem_and_model(recipe: Recipe) -> tuple[Any, Any]:
    """Return a recipe's data ready to train on, and its model with the weights that every run begins with."""
    return _problem_and_model(recipe, data.load(recipe.dataset, recipe.preparation))


def train_and_evaluate(recipe: Recipe, dataset: Dataset, limits: Limits) -> Any:
    """Train a recipe on a dataset that is at hand → what the task's `evaluate` makes of it. Nothing is kept.

    Raises:
        UnrollError: as `run_job` does.
    """
    problem, built = _problem_and_model(recipe, dataset)
    loop = Loop(built.model, problem, recipe)
    with tempfile.TemporaryDirectory() as folder:
        Session(loop, lambda message: None, CommandQueue(), Folder(folder), limits).train()
        loop.load_selected_weights()
    return task_of(recipe).evaluate(problem, loop.outputs, built, loop.kept_epoch)


def _problem_and_model(recipe: Recipe, dataset: Dataset) -> tuple[Any, Any]:
    task = task_of(recipe)
    problem = task.prepare(recipe, dataset)
    return problem, task.build(recipe, problem)


def _model_file_bytes(model: keras.Model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / MODEL
        model.save(path)
        return path.read_bytes()
