"""A sensible first recipe for any dataset that something can be learnt from."""

from components.data import NO_PREPARATION
from components.data.datasets import Dataset
from components.recipe import Preparation, Recipe
from components.ui.tasks import pages_for


def suggest_recipe(
    dataset: Dataset, kind: str | None = None, preparation: Preparation = NO_PREPARATION
) -> Recipe:
    """Size task, model and training to a dataset.

    Args:
        dataset: what to learn from; at least one task fits it.
        kind: of task; None: the most usual for such a dataset.
        preparation: how it is cleaned and divided.
    """
    fitting = pages_for(dataset)
    return fitting[kind or next(iter(fitting))].suggest(dataset, preparation)
