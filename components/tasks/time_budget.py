"""Fitting recipes into a time: so many epochs that they end then. One alone gets a larger batch or a smaller
model where those would be too few; several that are compared with each other stay as they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from components.data.datasets import Dataset
from components.errors import RecipeError
from components.insight.doctor.remedies import modified_recipe
from components.recipe import Recipe, Transformer
from components.recipe.training import MOST_EPOCHS
from components.tasks import example_count, recipe_issues
from components.tasks.cost_model import CostModel
from components.tasks.feasibility import estimate

FEWEST_EPOCHS = 10
"""That a recipe is made smaller for, unless it asks for fewer itself."""
_MOST_BATCH, _FEWEST_BATCHES = 512, 8
_FEWEST_UNITS = 4


@dataclass(frozen=True)
class BudgetFit:
    """A recipe that is thought to end within a time.

    Attributes:
        recipe: it.
        seconds: that it is thought to take.
        error: by how many seconds that may be off, one standard deviation.
        similar: how many runs that are just alike would say as much as those that the machine has had.
    """

    recipe: Recipe
    seconds: float
    error: float
    similar: float


@dataclass(frozen=True)
class GroupFit:
    """Recipes that are thought to end within a time, all of them together.

    Attributes:
        recipes: they.
        seconds: that they are thought to take, one step of each at a time.
        error: by how many seconds that may be off: that of each may have the same cause.
    """

    recipes: tuple[Recipe, ...]
    seconds: float
    error: float


def fit_to_budget(recipe: Recipe, dataset: Dataset, seconds: float, costs: CostModel) -> BudgetFit:
    """Return a recipe that ends in time, and uses it.

    It never stops early, for its learning rate falls until the end of the budget: along a half cosine, or
    exponentially to a tenth where the recipe says so.

    Args:
        recipe: as it is.
        dataset: what it learns from.
        seconds: from its begin to its results.
        costs: of this machine.

    Raises:
        RecipeError: if nothing that is like it ends so soon.
    """
    wanted = min(FEWEST_EPOCHS, max(1, recipe.training.epochs))
    longest, best = 0, None
    for smaller in _smaller(recipe, dataset):
        expected = estimate(smaller, dataset, costs)
        left = seconds - expected.cost.once
        epochs = int(min(MOST_EPOCHS, left / expected.cost.epoch_seconds(expected.steps_per_epoch)))
        if epochs > longest:
            longest, best = epochs, modified_recipe(smaller, training={"epochs": epochs})
        if epochs >= wanted:
            break
    if best is None:
        raise RecipeError(
            f"Nothing like this recipe ends within {seconds:.0f} seconds on this machine.",
            remedy="Choose a longer time, a shorter window or less data.",
        )
    expected = estimate(best, dataset, costs)
    return BudgetFit(best, expected.seconds, expected.error, expected.cost.similar)


def fit_group_to_budget(
    recipes: Sequence[Recipe], dataset: Dataset, seconds: float, costs: CostModel
) -> GroupFit:
    """Return recipes that take turns in one worker, with so many epochs, the same for all, that they end in
    time.

    Args:
        recipes: as they are, at least one.
        dataset: what they learn from.
        seconds: from their begin to their results.
        costs: of this machine.

    Raises:
        RecipeError: if an epoch of each takes longer.
    """
    own = [_until_the_end(recipe) for recipe in recipes]
    expected = [estimate(recipe, dataset, costs) for recipe in own]
    left = seconds - sum(one.cost.once for one in expected)
    epochs = int(left / sum(one.cost.epoch_seconds(one.steps_per_epoch) for one in expected))
    if epochs < 1:
        raise RecipeError(
            f"These models don't end within {seconds:.0f} seconds on this machine.",
            remedy="Choose a longer time, fewer models or less data.",
        )
    fitted = [modified_recipe(one, training={"epochs": min(MOST_EPOCHS, epochs)}) for one in own]
    expected = [estimate(recipe, dataset, costs) for recipe in fitted]
    return GroupFit(tuple(fitted), sum(one.seconds for one in expected), sum(one.error for one in expected))


def _until_the_end(recipe: Recipe) -> Recipe:
    """Return a recipe that doesn't stop early, and whose learning rate falls until its end."""
    schedule = "cosine" if recipe.optimizer.schedule == "constant" else recipe.optimizer.schedule
    return modified_recipe(recipe, training={"patience": None}, optimizer={"schedule": schedule})


def _smaller(recipe: Recipe, dataset: Dataset) -> Iterator[Recipe]:
    """Yield the recipe and ever smaller ones, all of which learn until the end."""
    own = _until_the_end(recipe)
    yield own
    many, batch, units = example_count(own, dataset), own.training.batch, own.model.units
    while 2 * batch <= min(_MOST_BATCH, many // _FEWEST_BATCHES):
        batch *= 2
        yield from _if_possible(own, dataset, training={"batch": batch})
    part = own.model.heads if isinstance(own.model, Transformer) else 1
    while units // 2 >= max(part, _FEWEST_UNITS):
        units = units // 2 // part * part
        yield from _if_possible(own, dataset, training={"batch": batch}, model={"units": units})


def _if_possible(recipe: Recipe, dataset: Dataset, **parts: dict[str, Any]) -> Iterator[Recipe]:
    try:
        changed = modified_recipe(recipe, **parts)
    except ValidationError:
        return
    if not recipe_issues(changed, dataset):
        yield changed
