"""How well bands and quantiles hold what came: truth and each forecast have one shape, as (N, horizon)."""

import numpy as np


def coverage(truth: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> float:
    """Return the share of truths within their band, ends included."""
    return float(np.mean((lower <= truth) & (truth <= upper)))


def pinball(truth: np.ndarray, quantile: np.ndarray, share: float) -> float:
    """Return the mean quantile loss (Koenker and Bassett, 1978), in units of the target.

    It is lowest, on average, for the quantile that this share of truths lies below.
    """
    missed = truth - quantile
    return float(np.mean(np.maximum(share * missed, (share - 1) * missed)))


def winkler(truth: np.ndarray, lower: np.ndarray, upper: np.ndarray, level: float) -> float:
    """Return the mean interval score (Winkler, 1972; Gneiting and Raftery, 2007), in units of the target.

    The width of the band, and for a truth outside of it 2 / (1 − level) times how far outside. Small is good.
    """
    outside = np.maximum(lower - truth, 0) + np.maximum(truth - upper, 0)
    return float(np.mean(upper - lower + 2 / (1 - level) * outside))


def crps(truth: np.ndarray, quantiles: np.ndarray, at: np.ndarray) -> float:
    """Return the continuous ranked probability score, in units of the target, from evenly spread quantiles.

    Twice the mean pinball loss over the quantiles, which comes to the integral as they get many (Gneiting and
    Ranjan, 2011). Of a forecast that is one value it is about the mean absolute error.

    Args:
        truth: (N, H).
        quantiles: (Q, N, H).
        at: (Q,) their shares.
    """
    losses = [pinball(truth, one, share) for one, share in zip(quantiles, at, strict=True)]
    return 2 * float(np.mean(losses))
