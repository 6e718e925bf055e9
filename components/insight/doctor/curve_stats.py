"""What the curves of a run show, as plain numbers: how far it fell, whether it still falls, how it jumps."""

import numpy as np


def finite_median(values: np.ndarray) -> float:
    """Return the median of what is finite; NaN of nothing."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else float("nan")


def median_loss(losses: np.ndarray, start: float, end: float) -> float:
    """Return the middle loss of a stretch, from one share of the steps to another."""
    first, last = int(start * len(losses)), int(np.ceil(end * len(losses)))
    return finite_median(losses[first : max(last, first + 1)])


def halfway_share(losses: np.ndarray, start: float) -> float:
    """Return the share of the whole fall that was done by half of the steps: 0.5 where it fell evenly."""
    whole = start - median_loss(losses, 0.9, 1.0)
    return (start - median_loss(losses, 0.45, 0.55)) / whole if whole > 0 else float("nan")


def falling_share(training: np.ndarray) -> float:
    """Return the share of the epochs after which the training loss was lower than after the one before."""
    return float(np.mean(np.diff(training) < 0)) if len(training) > 1 else float("nan")


def relative_jitter(validation: np.ndarray) -> float:
    """Return how much the validation loss typically changes from epoch to epoch, as a share of itself.

    Of the second half of the epochs, without the direction that they have all together.
    """
    later = validation[len(validation) // 2 :]
    later = later[np.isfinite(later) & (later > 0)]
    if len(later) < 4:
        return float("nan")
    changes = np.diff(np.log(later))
    return float(np.median(np.abs(changes - np.median(changes))))
