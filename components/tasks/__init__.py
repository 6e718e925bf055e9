"""The registry of tasks: one module each, all with the same names in it.

`Result` is the class of what `evaluate` gives. `fits`, `check`, `examples`, `plan` and `preview` answer at
once and without TensorFlow, for the pages; `prepare`, `build`, `evaluate`, `whole` and `predict` are for a
worker.
"""

from types import ModuleType
from typing import Any

from components.data.datasets import Dataset
from components.models.summary import ModelSummary
from components.recipe import Recipe
from components.tasks import (
    chat,
    classify_sequences,
    classify_texts,
    forecast,
    language,
    measure_sequences,
    translate,
)
from components.tasks.complaint import Complaint

TASKS: dict[str, ModuleType] = {
    "forecast": forecast,
    "classify_sequences": classify_sequences,
    "measure_sequences": measure_sequences,
    "classify_texts": classify_texts,
    "model_language": language,
    "translate": translate,
    "chat": chat,
}


def task_of(recipe: Recipe) -> ModuleType:
    """Return the module of a recipe's task."""
    return TASKS[recipe.task.kind]


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Return what in a recipe can't work on a dataset."""
    return task_of(recipe).check(recipe, dataset)


def fitting(dataset: Dataset) -> tuple[str, ...]:
    """Return the kinds of the tasks that a dataset can be trained for."""
    return tuple(kind for kind, task in TASKS.items() if not task.fits(dataset))


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the examples that an epoch goes through."""
    return task_of(recipe).examples(recipe, dataset)


def plan(recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
    """Describe the model of a recipe; without the dataset, what depends on it is guessed."""
    return task_of(recipe).plan(recipe, dataset)


def preview(recipe: Recipe, dataset: Dataset) -> Any:
    """Return what the numbers and texts are that a run shows of the validation part after every epoch."""
    return task_of(recipe).preview(recipe, dataset)
