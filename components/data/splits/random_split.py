"""Which examples are for training, validation and test, where their order says nothing."""

from dataclasses import dataclass

import numpy as np

from components.data.datasets import Classes
from components.data.splits.time_split import time_split
from components.errors import DataError
from components.recipe import Preparation


@dataclass(frozen=True, eq=False)
class RandomSplit:
    """Numbers of the examples of each part, (examples,) int64, rising; no example is in two parts."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def random_split(
    count: int,
    preparation: Preparation,
    *,
    seed: int = 0,
    classes: Classes | None = None,
    groups: Classes | None = None,
) -> RandomSplit:
    """Draw examples 0 … count−1 into three parts of the sizes that `time_split` gives.

    Files often list one class after the other, so who took the last examples for the test would train
    without their class. Where classes are given, each has about its share of every part. Where groups are
    given, each stays whole in one part; the sizes are then as near as the groups allow.

    Args:
        count: number of examples.
        preparation: the share of each part.
        seed: where chance begins.
        classes: of the examples.
        groups: of the examples.

    Raises:
        DataError: if there are fewer than three examples, or groups.
    """
    rng = np.random.default_rng(seed)
    if groups is not None:
        return _split_groups(groups, preparation, rng)
    parts = time_split(count, preparation)
    order = _random_order(count, classes, rng)
    return RandomSplit(*(np.sort(order[part]) for part in (parts.train, parts.validation, parts.test)))


def draw_share(
    count: int, share: float, *, seed: int = 0, classes: Classes | None = None, groups: Classes | None = None
) -> np.ndarray:
    """Draw about a share of examples 0 … count−1, one at least and never all → (count,) bool.

    Args:
        count: number of examples, two or more.
        share: from 0 to 1.
        seed: where chance begins.
        classes: of the examples: each then has about its share.
        groups: of the examples: each then stays whole. Of a single group nothing is drawn.
    """
    rng = np.random.default_rng(seed)
    drawn = np.zeros(count, bool)
    if groups is not None:
        order = rng.permutation(np.flatnonzero(groups.counts))
        if len(order) > 1:
            reached = np.cumsum(groups.counts[order]) / count
            drawn = np.isin(groups.codes, order[: _nearest_count(reached, share, 1, len(order) - 1)])
        return drawn
    order = _random_order(count, classes, rng)
    drawn[order[: min(count - 1, max(1, round(count * share)))]] = True
    return drawn


def _split_groups(groups: Classes, preparation: Preparation, rng: np.random.Generator) -> RandomSplit:
    """Draw groups for the test until it has its share, then for the validation; the rest is for training."""
    order = rng.permutation(np.flatnonzero(groups.counts))
    if len(order) < 3:
        raise DataError(
            f"Examples of {len(order)} group{'s' * (len(order) != 1)} can't be split into training, "
            "validation and test sets.",
            where="dataset",
            remedy="Use examples from more groups, or without groups.",
        )
    reached = np.cumsum(groups.counts[order]) / len(groups.codes)
    # The group that reaches the share, or the one before it, whichever comes nearer; at least one.
    test = _nearest_count(reached, preparation.test, 1, len(order) - 2)
    validation = _nearest_count(reached - reached[test - 1], preparation.validation, test + 1, len(order) - 1)
    part = np.zeros(len(groups.names), np.int64)
    part[order[:test]], part[order[test:validation]] = 2, 1
    return RandomSplit(*(np.flatnonzero(part[groups.codes] == number) for number in range(3)))


def _nearest_count(shares: np.ndarray, share: float, least: int, most: int) -> int:
    """Return the number of groups, from `least` to `most`, that come nearest to a share."""
    return least + int(np.abs(shares[least - 1 : most] - share).argmin())


def _random_order(count: int, classes: Classes | None, rng: np.random.Generator) -> np.ndarray:
    """Return examples 0 … count−1 in an order of chance, in any stretch of which each class has its share."""
    order = rng.permutation(count)
    if classes is None:
        return order
    # Those of about the same place stand together, class by class: chance decides between them.
    return order[np.argsort(_class_positions(classes.codes[order]), kind="stable")]


def _class_positions(codes: np.ndarray) -> np.ndarray:
    """Return each example its place within its class, from 0 to 1, so that by it all classes mix evenly."""
    order, counts = np.argsort(codes, kind="stable"), np.bincount(codes)
    starts = np.cumsum(counts) - counts
    places = np.empty(len(codes))
    places[order] = (np.arange(len(codes)) - np.repeat(starts, counts) + 0.5) / np.repeat(counts, counts)
    return places
