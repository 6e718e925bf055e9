"""Runs made up of a few formulas, for the training doctor to look at."""

from dataclasses import replace
from typing import Any

import numpy as np

from components.insight.doctor import Case
from components.recipe import Forecast, Generated, Recipe, Training
from components.runs.serialization import from_bytes, to_bytes

RECIPE = Recipe(
    dataset=Generated(name="sine", length=600),
    task=Forecast(target="value", window=48, horizon=12),
    training=Training(epochs=20, patience=None),
)
STEPS = 200
EPOCHS = 20


def recipe(**parts: dict[str, Any]) -> Recipe:
    """Return the recipe with other values: `recipe(model={"units": 1})`."""
    tree = RECIPE.model_dump()
    for part, values in parts.items():
        tree[part] |= values
    return Recipe.model_validate(tree)


def example_case(losses: np.ndarray | None = None, **changed: Any) -> Case:
    """Return a run that learns well, but for what is changed: its loss falls to a tenth, then stands
    still."""
    steps = np.arange(STEPS)
    noise = np.random.default_rng(0).normal(0, 0.01, STEPS)
    if losses is None:
        losses = 0.1 + 0.9 * np.exp(-steps / 25) + noise
    norms = np.full(len(losses), 0.5) + np.abs(np.resize(noise, len(losses)))
    size = max(1, len(losses) // EPOCHS)
    means = np.array([losses[start : start + size].mean() for start in range(0, len(losses), size)])
    healthy = Case(
        recipe=RECIPE,
        rate=changed.get("recipe", RECIPE).optimizer.learning_rate,
        first=1,
        losses=_stored_losses(losses),
        before=norms,
        after=norms,
        ends=size * np.arange(1, len(means) + 1),
        training=means,
        validation=1.05 * means,
        over=True,
    )
    return replace(healthy, **changed)


def _stored_losses(losses: np.ndarray) -> np.ndarray:
    """Return losses as the store keeps them, where what is too large for it becomes infinite."""
    return from_bytes(to_bytes(losses))
