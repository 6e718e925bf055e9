"""What can't work in a regression on sequences, said before any training."""

from components.data.datasets import Sequences
from components.recipe import Recipe
from components.tasks.attention_size import memory_issue
from components.tasks.issue import Issue
from components.tasks.split_check import split_issue

_FEWEST = 10  # examples, so that each part has a few


def issues(recipe: Recipe, dataset: Sequences, width: int) -> tuple[Issue, ...]:
    """Return what in a recipe can't work.

    Args:
        recipe: of a regression.
        dataset: the sequences.
        width: steps that the model reads.
    """
    found = [
        _example_count_issue(dataset) or split_issue(dataset, recipe.preparation),
        memory_issue(recipe, width),
    ]
    return tuple(issue for issue in found if issue)


def _example_count_issue(dataset: Sequences) -> Issue | None:
    if dataset.size >= _FEWEST:
        return None
    return Issue(
        "dataset",
        f"{dataset.size} sequences are too few to train and test on. At least {_FEWEST} are needed.",
    )
