"""What is put in line and what isn't: the one place that holds recipes against the limits of the server.

Pages ask it for what to say at a control, and the engine asks it again as a run is submitted.
"""

from collections.abc import Sequence

from components.data.datasets import Dataset
from components.errors import LimitError
from components.models.step_memory import WORKER_BYTES
from components.recipe import Recipe
from components.runs.store import RunStore
from components.settings import Settings
from components.tasks import feasibility, recipe_issues
from components.tasks.cost_model import CostModel
from components.tasks.feasibility import TrainingEstimate
from components.tasks.issue import Issue
from components.training.limits import Limits


def run_limits(settings: Settings) -> Limits:
    """Return what a run may use."""
    return Limits(
        settings.run_seconds, settings.run_memory, settings.pause_seconds, settings.checkpoint_bytes
    )


def costs(store: RunStore) -> CostModel:
    """Return how long trainings take on this machine, by the runs that it has had."""
    return CostModel(store.timed_runs())


def estimate(store: RunStore, recipe: Recipe, dataset: Dataset) -> TrainingEstimate:
    """Guess what a training needs, set right by how long this server's runs really took."""
    return feasibility.estimate(recipe, dataset, costs(store))


def issues(store: RunStore, settings: Settings, recipe: Recipe, dataset: Dataset) -> tuple[Issue, ...]:
    """Return what in a recipe can't work on a dataset, or can't end within the limits of a run."""
    return recipe_issues(recipe, dataset) or feasibility.issues(
        recipe, dataset, run_limits(settings), costs(store)
    )


def require_place(store: RunStore, settings: Settings, visitor: str, others: int = 0) -> None:
    """Let a visitor put something in line who hasn't as much there as one may have.

    Args:
        store: of the runs.
        settings: how much that is.
        visitor: who asks.
        others: backtests and checks of seeds that the visitor has there.

    Raises:
        LimitError: if there is too much.
    """
    if store.active_count(visitor) + others >= settings.visitor_runs:
        raise LimitError(
            f"You have {settings.visitor_runs} runs in the queue or in training, the most that a "
            "visitor can have.",
            remedy="Wait until one ends, or stop one.",
        )


def require_room(store: RunStore, settings: Settings, visitor: str, size: int) -> None:
    """Let a visitor bring a file whose files don't take as much room as one may have.

    Raises:
        LimitError: if they do.
    """
    used = sum(upload.bytes for upload in store.uploads(visitor))
    if used + size > settings.visitor_bytes:
        raise LimitError(
            f"With this file, your files would take up {(used + size) / 2**20:,.0f} MB, and a visitor may "
            f"keep {settings.visitor_bytes / 2**20:,.0f} MB.",
            remedy="Delete a file that you no longer need.",
        )


def admit(store: RunStore, settings: Settings, recipe: Recipe, dataset: Dataset) -> None:
    """Let a recipe pass that can be trained within the limits of a run.

    Raises:
        LimitError: if it can't.
    """
    found = issues(store, settings, recipe, dataset)
    if found:
        raise LimitError(found[0].message)


def admit_group(store: RunStore, settings: Settings, entrants: Sequence[tuple[Recipe, Dataset]]) -> None:
    """Let recipes pass that can be trained side by side in one process.

    Raises:
        LimitError: if one alone can't, or all together need too much memory.
    """
    for recipe, dataset in entrants:
        admit(store, settings, recipe, dataset)
    apart = [estimate(store, recipe, dataset).memory - WORKER_BYTES for recipe, dataset in entrants]
    if WORKER_BYTES + sum(apart) > settings.run_memory:
        raise LimitError(
            "These models are too large to train side by side.",
            remedy="Choose fewer of them, or a smaller batch.",
        )
