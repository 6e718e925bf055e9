"""Recipes that differ from others in what the doctor prescribes."""

from typing import Any

from components.recipe import Recipe
from components.recipe.training import HIGHEST_LEARNING_RATE, USUAL_RATES

_FAR = 3.0  # times the usual rate: beyond it, the usual one is the better guess
_STEP = 5.0  # times, where the rate is about usual and yet wrong


def modified_recipe(recipe: Recipe, **parts: dict[str, Any]) -> Recipe:
    """Return a recipe with other values: `modified_recipe(recipe, training={"epochs": 5})`."""
    tree = recipe.model_dump()
    for part, values in parts.items():
        tree[part] |= values
    return Recipe.model_validate(tree)


def lower_learning_rate(recipe: Recipe, rate: float) -> Recipe:
    """Return the recipe with a lower learning rate than the one that it ran with."""
    usual = USUAL_RATES[recipe.optimizer.kind]
    wanted = usual if rate > _FAR * usual else rate / _STEP
    return modified_recipe(recipe, optimizer={"learning_rate": _round_rate(wanted)})


def higher_learning_rate(recipe: Recipe, rate: float) -> Recipe:
    """Return the recipe with a higher learning rate."""
    usual = USUAL_RATES[recipe.optimizer.kind]
    wanted = usual if rate * _FAR < usual else rate * _STEP
    return modified_recipe(
        recipe, optimizer={"learning_rate": _round_rate(min(HIGHEST_LEARNING_RATE, wanted))}
    )


def _round_rate(rate: float) -> float:
    return float(f"{rate:.2g}")


def recipe_differences(one: Recipe, other: Recipe) -> tuple[tuple[str, Any, Any], ...]:
    """Return each field in which two recipes differ, by its dotted name, with both values."""
    return tuple(_differences("", one.model_dump(), other.model_dump()))


def _differences(place: str, one: dict[str, Any], other: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    found: list[tuple[str, Any, Any]] = []
    for name in {**one, **other}:
        old, new = one.get(name), other.get(name)
        dotted = f"{place}{name}"
        if isinstance(old, dict) and isinstance(new, dict):
            found += _differences(f"{dotted}.", old, new)
        elif old != new:
            found.append((dotted, old, new))
    return found
