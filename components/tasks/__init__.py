"""The registry of tasks: one module each, all with the same verbs."""

from types import ModuleType

from components.recipe import Recipe
from components.tasks import forecast

TASKS = {"forecast": forecast}


def task_of(recipe: Recipe) -> ModuleType:
    """Give the module of a recipe's task: check, plan, preview, prepare, build, evaluate, predict."""
    return TASKS[recipe.task.kind]
