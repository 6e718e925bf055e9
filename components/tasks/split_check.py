"""Whether a dataset of examples can be divided at all, and how many of them a model then learns from."""

from components.data.datasets import Pairs, Sequences, Texts
from components.data.splits.example_split import split_examples
from components.errors import DataError
from components.recipe import Preparation
from components.tasks.issue import Issue


def training_size(dataset: Sequences | Texts | Pairs, preparation: Preparation) -> int:
    """Return how many examples a model learns from; of a dataset that can't be divided, all."""
    try:
        return len(split_examples(dataset, preparation).train)
    except DataError:
        return dataset.size


def split_issue(dataset: Sequences | Texts | Pairs, preparation: Preparation) -> Issue | None:
    """Return why a dataset can't be divided into three sets; None where it can."""
    try:
        found = split_examples(dataset, preparation)
    except DataError as error:
        return Issue("dataset", f"{error.what} {error.remedy}")
    sets = (("training", found.train), ("validation", found.validation), ("test", found.test))
    empty = next((name for name, numbers in sets if not len(numbers)), None)
    if empty is None:
        return None
    return Issue("dataset", f"No example is left for the {empty} set. Use more examples, or another split.")
