"""What the pages show of each task.

A new task's page is a `TaskPage` in a room of this folder, and stands in its module as `PAGE`: the type
checker says which members it lacks.
"""

from importlib import import_module
from pathlib import Path
from typing import Any

from components.data.datasets import Dataset
from components.recipe import Recipe
from components.tasks import suitable_tasks
from components.ui.tasks.page import TaskPage

_FOLDER = Path(__file__).parent
_MODULES = [
    import_module(".".join([__name__, *path.relative_to(_FOLDER).with_suffix("").parts]))
    for path in sorted(_FOLDER.rglob("*.py"))
    if path.name != "__init__.py"
]
_PAGES: dict[str, TaskPage[Any, Any]] = {
    module.PAGE.task.kind: module.PAGE for module in _MODULES if hasattr(module, "PAGE")
}


def page_of_kind(kind: str) -> TaskPage[Any, Any]:
    """Return what pages show of a kind of task."""
    return _PAGES[kind]


def page_of(recipe: Recipe) -> TaskPage[Any, Any]:
    """Return what pages show of a recipe's task."""
    return _PAGES[recipe.task.kind]


def pages_for(dataset: Dataset) -> dict[str, TaskPage[Any, Any]]:
    """Return the tasks that a dataset can be trained for by their kinds, the most usual first."""
    return {kind: _PAGES[kind] for kind in suitable_tasks(dataset)}
