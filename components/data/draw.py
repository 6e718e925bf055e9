"""Which examples are for training, validation and test, where their order says nothing."""

from dataclasses import dataclass

import numpy as np

from components.data.dataset import Classes
from components.data.split import split
from components.recipe import Preparation


@dataclass(frozen=True, eq=False)
class Drawn:
    """Numbers of the examples of each part, (examples,) int64, rising; no example is in two parts."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def draw(count: int, preparation: Preparation, *, seed: int = 0, classes: Classes | None = None) -> Drawn:
    """Draw examples 0 … count−1 into three parts of the sizes that `split` gives.

    Files often list one class after the other, so who took the last examples for the test would train
    without their class. Where classes are given, each has about its share of every part.

    Args:
        count: number of examples.
        preparation: the share of each part.
        seed: where chance begins.
        classes: of the examples.

    Raises:
        DataError: if there are fewer than three examples.
    """
    parts = split(count, preparation)
    rng = np.random.default_rng(seed)
    order = rng.permutation(count)
    if classes is not None:
        order = order[np.argsort(_places(classes.codes[order]), kind="stable")]
        # Those of about the same place stand together, class by class: chance decides between them.
    return Drawn(*(np.sort(order[part]) for part in (parts.train, parts.validation, parts.test)))


def _places(codes: np.ndarray) -> np.ndarray:
    """Give each example its place within its class, from 0 to 1, so that by it all classes mix evenly."""
    places = np.empty(len(codes))
    for code in np.unique(codes):
        members = np.flatnonzero(codes == code)
        places[members] = (np.arange(len(members)) + 0.5) / len(members)
    return places
