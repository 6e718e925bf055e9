"""The registry of tasks: one module each, all with the same verbs.

`check`, `examples`, `plan` and `preview` answer at once and without TensorFlow, for the pages; `prepare`,
`build`, `evaluate` and `predict` are a worker's.
"""

from types import ModuleType

from components.data.dataset import Dataset
from components.models.plan import Plan
from components.recipe import Recipe
from components.tasks import forecast
from components.tasks.complaint import Complaint
from components.tasks.forecast import Preview

TASKS = {"forecast": forecast}


def task_of(recipe: Recipe) -> ModuleType:
    """Give the module of a recipe's task."""
    return TASKS[recipe.task.kind]


def check(recipe: Recipe, dataset: Dataset) -> tuple[Complaint, ...]:
    """Say what in a recipe can't work on a dataset."""
    return task_of(recipe).check(recipe, dataset)


def examples(recipe: Recipe, dataset: Dataset) -> int:
    """Count the examples that an epoch goes through."""
    return task_of(recipe).examples(recipe, dataset)


def plan(recipe: Recipe) -> Plan:
    """Plan the model of a recipe."""
    return task_of(recipe).plan(recipe)


def preview(recipe: Recipe, dataset: Dataset) -> Preview:
    """Tell what a run shows of the validation part after every epoch."""
    return task_of(recipe).preview(recipe, dataset)
