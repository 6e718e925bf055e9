"""The examples in docstrings are right."""

import doctest
from importlib import import_module

import pytest

MODULES = (
    "components.data",
    "components.data.cleaning.doctor",
    "components.data.cleaning.steps",
    "components.glossary",
    "components.recipe.recipe",
    "components.tasks",
    "components.tasks.forecasting.baselines",
    "components.tasks.metrics",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_are_right(name):
    found = doctest.testmod(import_module(name))
    assert found.attempted and not found.failed
