"""What the curves of a run show, as plain numbers: how far it fell, whether it still falls, how it jumps."""

import numpy as np


def middle(values: np.ndarray) -> float:
    """Give the median of what is finite; NaN of nothing."""
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if len(finite) else float("nan")


def level(losses: np.ndarray, start: float, end: float) -> float:
    """Give the middle loss of a stretch, from one share of the steps to another."""
    first, last = int(start * len(losses)), int(np.ceil(end * len(losses)))
    return middle(losses[first : max(last, first + 1)])


def fall_by_half(losses: np.ndarray, start: float) -> float:
    """Give the share of the whole fall that was done by half of the steps: 0.5 where it fell evenly."""
    whole = start - level(losses, 0.9, 1.0)
    return (start - level(losses, 0.45, 0.55)) / whole if whole > 0 else float("nan")


def steadiness(training: np.ndarray) -> float:
    """Give the share of the epochs after which the training loss was lower than after the one before."""
    return float(np.mean(np.diff(training) < 0)) if len(training) > 1 else float("nan")


def unrest(validation: np.ndarray) -> float:
    """Give how much the validation loss typically changes from epoch to epoch, as a share of itself.

    Of the second half of the epochs, without the direction that they have all together.
    """
    later = validation[len(validation) // 2 :]
    later = later[np.isfinite(later) & (later > 0)]
    if len(later) < 4:
        return float("nan")
    changes = np.diff(np.log(later))
    return float(np.median(np.abs(changes - np.median(changes))))
