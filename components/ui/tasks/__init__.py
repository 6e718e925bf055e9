"""What the pages show of each task.

A new task is a class of its own room, and a line here; the type checker says what it lacks.
"""

from typing import Any

from components.data.datasets import Dataset
from components.recipe import Recipe
from components.tasks import suitable_tasks
from components.ui.tasks.classification.classify_sequences import ClassifySequencesPage
from components.ui.tasks.classification.classify_texts import ClassifyTextsPage
from components.ui.tasks.forecasting.page import ForecastPage
from components.ui.tasks.language_model.page import ModelLanguagePage
from components.ui.tasks.page import TaskPage
from components.ui.tasks.regression.page import RegressSequencesPage
from components.ui.tasks.seq2seq.chat import ChatPage
from components.ui.tasks.seq2seq.translate import TranslatePage

_ALL: tuple[TaskPage[Any, Any], ...] = (
    ForecastPage(),
    ClassifySequencesPage(),
    RegressSequencesPage(),
    ClassifyTextsPage(),
    ModelLanguagePage(),
    TranslatePage(),
    ChatPage(),
)
_PAGES = {page.task.kind: page for page in _ALL}


def page_of_kind(kind: str) -> TaskPage[Any, Any]:
    """Return what pages show of a kind of task."""
    return _PAGES[kind]


def page_of(recipe: Recipe) -> TaskPage[Any, Any]:
    """Return what pages show of a recipe's task."""
    return _PAGES[recipe.task.kind]


def pages_for(dataset: Dataset) -> dict[str, TaskPage[Any, Any]]:
    """Return the tasks that a dataset can be trained for by their kinds, the most usual first."""
    return {kind: _PAGES[kind] for kind in suitable_tasks(dataset)}
