"""The tasks, and what can be asked of each by a recipe.

A new task is a class of its own room, and two lines here; the type checker says what it lacks.
"""

from typing import Any

from components.data import NO_PREPARATION
from components.data.datasets import Dataset
from components.models.summary import ModelSummary
from components.recipe import ClassifyTexts, Forecast, Preparation, Recipe
from components.tasks.classification.classify_sequences import ClassifySequencesTask
from components.tasks.classification.classify_texts import ClassifyTextsTask
from components.tasks.forecasting.task import ForecastTask
from components.tasks.issue import Issue
from components.tasks.language_model.task import ModelLanguageTask
from components.tasks.regression.task import RegressSequencesTask
from components.tasks.seq2seq.chat import ChatTask
from components.tasks.seq2seq.translate import TranslateTask
from components.tasks.task import Task
from components.tasks.transcription.task import TranscribeTask

forecast = ForecastTask()
classify_sequences = ClassifySequencesTask()
regress_sequences = RegressSequencesTask()
transcribe = TranscribeTask()
classify_texts = ClassifyTextsTask()
model_language = ModelLanguageTask()
translate = TranslateTask()
chat = ChatTask()

_ALL: tuple[Task[Any, Any, Any], ...] = (
    forecast,
    classify_sequences,
    regress_sequences,
    transcribe,
    classify_texts,
    model_language,
    translate,
    chat,
)
TASKS = {task.kind: task for task in _ALL}
"""Each task by the kind of its recipes, the most usual first."""


def task_of(recipe: Recipe) -> Task[Any, Any, Any]:
    """Return the task of a recipe."""
    return TASKS[recipe.task.kind]


def recipe_issues(recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
    """Return what in a recipe can't work on a dataset.

    Example:
        >>> from components.data import load
        >>> from components.recipe import Forecast, Sample
        >>> sample = Sample(name="sunspots")
        >>> recipe = Recipe(dataset=sample, task=Forecast(target="moon"))
        >>> [issue.message for issue in recipe_issues(recipe, load(sample))]
        ['There is no column “moon” in Sunspots.']
    """
    found = task_of(recipe).issues(recipe, dataset)
    has_start = isinstance(recipe.task, ClassifyTexts) and recipe.task.base != "none"
    if recipe.training.epochs == 0 and not (has_start or isinstance(recipe.task, Forecast)):
        untrained = "Without training there is nothing to see. Train for an epoch at least."
        return (*found, Issue("training.epochs", untrained))
    return found


def suitable_tasks(dataset: Dataset) -> tuple[str, ...]:
    """Return the kinds of the tasks that a dataset can be trained for."""
    return tuple(kind for kind, task in TASKS.items() if not task.why_unsuitable(dataset))


def suggest_recipe(
    dataset: Dataset, kind: str | None = None, preparation: Preparation = NO_PREPARATION
) -> Recipe:
    """Return a sensible first recipe: task, model and training sized to a dataset.

    Args:
        dataset: what to learn from; at least one task fits it.
        kind: of task; None: the most usual for such a dataset.
        preparation: how it is cleaned and divided.

    Example:
        >>> from components.data import load
        >>> from components.recipe import Sample
        >>> recipe = suggest_recipe(load(Sample(name="sunspots")))
        >>> recipe.task.kind, recipe.task.target
        ('forecast', 'sunspots')
    """
    return TASKS[kind or suitable_tasks(dataset)[0]].suggest(dataset, preparation)


def example_count(recipe: Recipe, dataset: Dataset) -> int:
    """Return the number of training examples, which an epoch goes through."""
    return task_of(recipe).example_count(recipe, dataset)


def plan(recipe: Recipe, dataset: Dataset | None = None) -> ModelSummary:
    """Return the layers of a recipe's model; without the dataset, what depends on it is guessed.

    Example:
        >>> from components.recipe import Forecast, Sample
        >>> task = Forecast(target="sunspots", window=22, horizon=11)
        >>> plan(Recipe(dataset=Sample(name="sunspots"), task=task)).parameters
        4715
    """
    return task_of(recipe).plan(recipe, dataset)
