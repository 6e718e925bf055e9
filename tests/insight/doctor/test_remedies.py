"""Recipes that differ from others in what is prescribed, and in nothing else."""

import pytest

from components.insight.doctor.remedies import (
    higher_learning_rate,
    lower_learning_rate,
    modified_recipe,
    recipe_differences,
)
from components.recipe import Transformer
from components.recipe.training import USUAL_RATES
from tests.insight.doctor.example_cases import (
    RECIPE,
    rate,
    recipe,
)


@pytest.mark.parametrize("kind", USUAL_RATES)
def test_rates_are_brought_to_what_is_usual_and_no_further(kind):
    usual = USUAL_RATES[kind]

    def changed(function, value):
        told = recipe(optimizer={"kind": kind, "learning_rate": value})
        return function(told, value).optimizer.learning_rate

    assert changed(lower_learning_rate, min(10.0, 100 * usual)) == usual
    assert changed(lower_learning_rate, usual) < usual
    assert changed(higher_learning_rate, usual / 100) == usual
    assert usual < changed(higher_learning_rate, usual) <= 10


def test_a_modified_recipe_differs_in_what_is_said_and_nothing_else():
    changed = modified_recipe(RECIPE, training={"epochs": 5}, task={"transform": "difference"})
    assert {name: (old, new) for name, old, new in recipe_differences(RECIPE, changed)} == {
        "training.epochs": (20, 5),
        "task.transform": ("none", "difference"),
    }
    assert modified_recipe(RECIPE, training={"epochs": 20}) == RECIPE
    with pytest.raises(ValueError, match="epochs"):
        modified_recipe(RECIPE, training={"epochs": -1})


def test_differences_name_what_only_one_of_two_recipes_has():
    other = RECIPE.model_copy(update={"model": Transformer()})
    names = {name for name, _, _ in recipe_differences(RECIPE, other)}
    assert {"model.kind", "model.heads"} <= names
    assert recipe_differences(RECIPE, RECIPE) == ()


@pytest.mark.parametrize(
    ("function", "old", "new"),
    [
        (lower_learning_rate, 0.0091, 0.003),  # more than three times the usual one: that
        (lower_learning_rate, 0.0089, 0.0018),  # about usual: a fifth
        (higher_learning_rate, 0.0009, 0.003),
        (higher_learning_rate, 0.0011, 0.0055),
        (higher_learning_rate, 5.0, 10.0),  # no recipe may have more
    ],
)
def test_how_far_a_rate_is_moved(function, old, new):
    assert function(rate(old), old).optimizer.learning_rate == new
