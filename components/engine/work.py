"""The whole work of one run, as a worker does it: load, prepare, build, train, evaluate, keep."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from components import data
from components.export.model import whole_model
from components.models.seeds import seeded
from components.recipe import Recipe
from components.storage import Folder
from components.tasks import task_of
from components.tasks.forecast import ForecastProblem
from components.training.control import Control
from components.training.limits import Limits
from components.training.loop import Loop
from components.training.messages import Message, Status
from components.training.session import Session

RESULT, MODEL = "result.npz", "model.keras"
"""Names of a finished run's files in its folder."""


def work(
    recipe: Recipe, emit: Callable[[Message], None], control: Control, folder: Folder, limits: Limits
) -> None:
    """Train a recipe and keep its result and its model in `folder`.

    Raises:
        UnrollError: whatever a person can mend: data that can't be read, limits, a training that blew up.
    """
    task = task_of(recipe)
    problem = task.prepare(recipe, data.load(recipe.dataset, recipe.preparation))
    with seeded(recipe.seed):
        built = task.build(recipe, problem)
    loop = Loop(built.model, problem, recipe)
    outcome = Session(loop, emit, control, folder, limits).train()
    if outcome == "interrupted":
        return
    loop.use_best()
    attention = _mean_attention(built.attention, problem) if built.attention else None
    result = task.evaluate(problem, loop.outputs, attention, loop.progress.best_epoch)
    folder.write(RESULT, result.to_bytes())
    folder.write(MODEL, _saved(whole_model(built.model, problem.task, problem.scaler, problem.lag)))
    emit(Status(status=outcome))


def _mean_attention(attention: keras.Model, problem: ForecastProblem) -> np.ndarray:
    """Average the weights over the test examples → (rows, window)."""
    portions = np.array_split(problem.test, -(-len(problem.test) // 64))
    sums = [np.sum(attention(problem.batch(portion)[0]), axis=0) for portion in portions]
    return np.sum(sums, axis=0) / len(problem.test)


def _saved(model: keras.Model) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / MODEL
        model.save(path)
        return path.read_bytes()
