"""Bands that go by how wrong a model was on data that it didn't learn from."""

import math

import numpy as np

MOST = 500
"""Newest misses at most that a band goes by."""
_MOST_TURNS = 1000  # at which margins are told anew; of more forecasts, some in a row have the same


def nonconformity(truth: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return how far each truth lies outside of its band; below 0 is within.

    The score of conformalised quantile regression (Romano, Patterson and Candès, 2019). Where lower and upper
    are both the forecast, it is the size of the miss, as in split-conformal prediction (Papadopoulos et al.,
    2002).
    """
    return np.maximum(lower - truth, truth - upper)


def margins(before: np.ndarray, later: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Return how far to widen the band of each forecast so that a share of what comes is held.

    Conformal prediction takes it that what comes is like what was measured on, and series change. So every
    forecast goes by the newest misses that were known when it was made, and the share that is aimed at
    follows what bands held of late: adaptive conformal inference (Gibbs and Candès, 2021), for each step
    ahead by itself.

    Args:
        before: (M, H) how far truths of the validation set lay outside of their bands.
        later: (N, H) the same of the test set, whose N forecasts were made a step after each other. None of
            it is looked at before its time.
        level: share that shall be held.

    Returns:
        The margins of these forecasts, (N, H), and of one after the end of the data, (H,). They are below 0
        where a band may be narrower. Of too few misses for the level, a margin is the largest of them.
    """
    recent = before[-MOST:].T.copy()  # what is oldest in it is replaced
    horizon, many = recent.shape
    pace = 1 / (2 * math.sqrt(many))
    stride = -(-len(later) // _MOST_TURNS)
    ahead, miss = np.arange(horizon), np.full(horizon, 1 - level)
    found, was_missed = np.empty(later.shape), np.zeros(later.shape)
    for moment in range(len(later) + horizon):
        made = moment - ahead - 1  # when the forecasts were made whose truth is known only now, by step
        known = (made >= 0) & (made < len(later))
        steps, made = ahead[known], made[known]
        recent[steps, made % many] = later[made, steps]
        miss[steps] += pace * (1 - level - was_missed[made, steps])
        if moment < len(later):
            found[moment] = found[moment - 1] if moment % stride else _margin(recent, 1 - miss)
            was_missed[moment] = later[moment] > found[moment]
    return found, _margin(recent, 1 - miss)


def _margin(recent: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Return for each step the smallest margin that would hold its share of (H, n) misses and one more."""
    many = recent.shape[1]
    ranks = np.clip(np.ceil((many + 1) * np.round(shares, 9)), 1, many).astype(int)
    return np.take_along_axis(np.sort(recent, axis=1), ranks[:, None] - 1, axis=1)[:, 0]


def widen(lower: np.ndarray, upper: np.ndarray, margin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Widen a band, (N, H), by margins; one that would turn inside out is its middle."""
    middle = (lower + upper) / 2
    return np.minimum(lower - margin, middle), np.maximum(upper + margin, middle)
