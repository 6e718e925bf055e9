"""A learning rate range test in a worker: the app names `find_learning_rate` to `Engine.ask`, so this is
light."""

from components.recipe import Recipe
from components.training.range_test import RangeTest

SECONDS = 15.0
"""That its updates may take."""
PATIENCE = 120.0
"""Seconds that a page waits for it."""


def find_learning_rate(recipe: str) -> RangeTest:
    """Train a recipe's model for a few updates at ever larger learning rates. Nothing of it is kept.

    Args:
        recipe: as JSON.

    Raises:
        UnrollError: as a run's work does.
    """
    from components.engine.train_job import problem_and_model  # noqa: PLC0415 - brings in TensorFlow
    from components.insight.doctor.remedies import modified_recipe  # noqa: PLC0415
    from components.training.loop import Loop  # noqa: PLC0415
    from components.training.range_test import run_range_test  # noqa: PLC0415

    constant = modified_recipe(Recipe.from_json(recipe), optimizer={"schedule": "constant"})
    problem, built = problem_and_model(constant)
    return run_range_test(Loop(built.model, problem, constant), SECONDS)
