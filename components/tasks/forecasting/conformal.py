"""Bands that go by how wrong a model was on data that it didn't learn from."""

import math

import numpy as np


def margins(truth: np.ndarray, lower: np.ndarray, upper: np.ndarray, level: float) -> np.ndarray:
    """Measure how far a band has to be widened at each step ahead to hold a share of what comes.

    Conformalised quantile regression (Romano, Patterson and Candès, 2019). Where lower and upper are both the
    forecast, it is split-conformal prediction by the size of errors (Papadopoulos et al., 2002). What comes
    must be like what is measured on; where a series changes it isn't quite, so what such a band holds has to
    be measured too.

    Args:
        truth: (N, H), which the model didn't learn from.
        lower, upper: (N, H), the band.
        level: share that shall be held.

    Returns:
        (H,); below 0 where the band may be narrower. Of too few truths for the level, it is the largest.
    """
    outside = np.maximum(lower - truth, truth - upper)
    rank = min(len(outside), math.ceil((len(outside) + 1) * level))
    return np.sort(outside, axis=0)[rank - 1]


def widened(lower: np.ndarray, upper: np.ndarray, margin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Widen a band, (N, H), by (H,) margins; one that would turn inside out is its middle."""
    middle = (lower + upper) / 2
    return np.minimum(lower - margin, middle), np.maximum(upper + margin, middle)
