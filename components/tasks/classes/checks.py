"""What can't work where classes are to be told, said before any training."""

from components.data.datasets import Classes
from components.recipe import Recipe
from components.tasks.attention_size import refused
from components.tasks.complaint import Complaint

MOST_CLASSES = 100
_FEWEST = 10  # examples, so that each part has a few


def complaints(recipe: Recipe, classes: Classes, width: int) -> tuple[Complaint, ...]:
    """Return what in a recipe can't work.

    Args:
        recipe: to tell classes.
        classes: of the examples.
        width: steps that the model reads.
    """
    found = [_classes(classes), refused(recipe, width)]
    return tuple(complaint for complaint in found if complaint)


def _classes(classes: Classes) -> Complaint | None:
    there = int((classes.counts > 0).sum())
    if there < 2:
        return Complaint("dataset", "All examples are of one class, so there is nothing to tell apart.")
    if len(classes.names) > MOST_CLASSES:
        return Complaint(
            "dataset",
            f"There are {len(classes.names):,} classes, and at most {MOST_CLASSES} can be told apart here. "
            "Choose another column for the classes.",
        )
    if len(classes.codes) < _FEWEST:
        return Complaint(
            "dataset",
            f"{len(classes.codes)} examples are too few to learn from and to test on. Bring {_FEWEST} or "
            "more.",
        )
    return None
