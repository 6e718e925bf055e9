"""Examples dealt out to folds, each of which is once kept out of the training."""

import numpy as np


def deal_folds(codes: np.ndarray, count: int, *, groups: np.ndarray | None = None) -> np.ndarray:
    """Return the fold of each example, (N,) int64 from 0 to `count` − 1: the same ones each time.

    Each fold has about its share of every class. Where groups are given, each stays whole in one fold; the
    folds are then as even as the groups allow.

    Args:
        codes: (N,) class of each example.
        count: folds.
        groups: (N,) group of each example, where groups are never divided.
    """
    rng = np.random.default_rng(0)
    if groups is not None:
        counts = np.bincount(groups)
        fold_of_group, sizes = np.zeros(len(counts), np.int64), np.zeros(count, np.int64)
        shuffled = rng.permutation(len(counts))
        for group in shuffled[np.argsort(-counts[shuffled], kind="stable")]:
            smallest = int(sizes.argmin())
            fold_of_group[group] = smallest
            sizes[smallest] += counts[group]
        return fold_of_group[groups]
    shuffled = rng.permutation(len(codes))
    order = shuffled[np.argsort(codes[shuffled], kind="stable")]
    folds = np.empty(len(order), np.int64)
    folds[order] = np.arange(len(order)) % count
    return folds
