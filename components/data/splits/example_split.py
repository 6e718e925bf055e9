"""How a dataset of examples is divided: as its makers did, else by chance, with what belongs together."""

import numpy as np

from components.data.datasets import Classes, Pairs, Sequences, Texts
from components.data.datasets.given_split import TEST, TRAINING, VALIDATION
from components.data.splits.random_split import RandomSplit, draw_share, random_split
from components.recipe import Preparation

_FEWEST_LEFT = 2  # examples that a validation set can be drawn from


def split_examples(
    dataset: Sequences | Texts | Pairs, preparation: Preparation, classes: Classes | None = None
) -> RandomSplit:
    """Return which examples are for training, validation and test.

    A split that came with the dataset is kept. Where it has no validation set, one is drawn from its training
    set: as large a share of that as the preparation gives it of all that isn't for the test. Examples of the
    same group are never divided between sets that are drawn.

    Args:
        dataset: of examples in no order.
        preparation: the share of each set.
        classes: of the examples, each of which shall have its share of every set that is drawn.

    Raises:
        DataError: if there are too few examples, or groups, to divide.
    """
    groups, given = dataset.kept_together, dataset.given_split
    if given is None:
        return random_split(dataset.size, preparation, classes=classes, groups=groups)
    training, validation = given.numbers(TRAINING), given.numbers(VALIDATION)
    if not len(validation) and len(training) >= _FEWEST_LEFT:
        share = preparation.validation / (1 - preparation.test)
        drawn = draw_share(
            len(training), share, classes=_some(classes, training), groups=_some(groups, training)
        )
        training, validation = training[~drawn], training[drawn]
    return RandomSplit(training, validation, given.numbers(TEST))


def _some(classes: Classes | None, which: np.ndarray) -> Classes | None:
    return Classes(classes.codes[which], classes.names) if classes else None
