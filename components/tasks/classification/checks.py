"""What can't work in a classification, said before any training."""

from components.data.datasets import Classes
from components.recipe import Recipe
from components.tasks.attention_size import memory_issue
from components.tasks.issue import Issue

MOST_CLASSES = 100
_FEWEST = 10  # examples, so that each part has a few


def issues(recipe: Recipe, classes: Classes, width: int) -> tuple[Issue, ...]:
    """Return what in a recipe can't work.

    Args:
        recipe: to tell classes.
        classes: of the examples.
        width: steps that the model reads.
    """
    found = [_classes(classes), memory_issue(recipe, width)]
    return tuple(issue for issue in found if issue)


def _classes(classes: Classes) -> Issue | None:
    there = int((classes.counts > 0).sum())
    if there < 2:
        return Issue("dataset", "All examples have the same class, so there is nothing to classify.")
    if len(classes.names) > MOST_CLASSES:
        return Issue(
            "dataset",
            f"There are {len(classes.names):,} classes, and a model can have at most {MOST_CLASSES} "
            "here. Choose another column for the classes.",
        )
    if len(classes.codes) < _FEWEST:
        return Issue(
            "dataset",
            f"{len(classes.codes)} examples are too few to train and test on. At least {_FEWEST} are needed.",
        )
    return None
