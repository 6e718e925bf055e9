"""Intermittent demand: series that are mostly zero, and the rules that are known to forecast them."""

import numpy as np

_SMOOTHING = 0.1
"""α of both rules, as in the studies that compare them (Syntetos and Boylan, 2005; Teunter et al., 2011)."""
_SPARSE = 1.32
"""Mean rows from one demand to the next, from which on demand is called intermittent (Syntetos, Boylan and
Croston, 2005)."""


def is_intermittent(values: np.ndarray) -> bool:
    """Return whether a series is intermittent demand: never negative, and zero often enough.

    Args:
        values: (rows,) of the training set.
    """
    known = values[np.isfinite(values)]
    demands = np.count_nonzero(known)
    return bool(demands and known.min() >= 0 and len(known) / demands > _SPARSE)


def croston(series: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Return smoothed demand over smoothed interval between demands, (N, horizon) (Croston, 1972).

    Both change only where there is demand. Before the first, the forecast is 0.

    Args:
        series: (rows,) not negative.
        origins: (N,) the rows of the last known values.
        horizon: steps ahead; the forecast is the same for each.
    """
    size = interval = 0.0
    since = 1
    level = np.zeros(len(series))
    for row, value in enumerate(series):
        if value > 0:
            first = size == 0.0
            size = value if first else size + _SMOOTHING * (value - size)
            interval = float(since) if first else interval + _SMOOTHING * (since - interval)
            since = 0
        since += 1
        level[row] = size / interval if interval else 0.0
    return np.repeat(level[origins][:, None], horizon, axis=1)


def tsb(series: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Return smoothed demand times its smoothed probability, (N, horizon) (Teunter et al., 2011).

    The probability changes at every row, so that a product nobody buys any more is forecast to fade away.

    Args:
        series: (rows,) not negative.
        origins: (N,) the rows of the last known values.
        horizon: steps ahead; the forecast is the same for each.
    """
    size = probability = 0.0
    level = np.zeros(len(series))
    for row, value in enumerate(series):
        if value > 0 and size == 0.0:
            size, probability = value, 1 / (row + 1)
        else:
            probability += _SMOOTHING * (float(value > 0) - probability)
            size += _SMOOTHING * (value - size) if value > 0 else 0.0
        level[row] = probability * size
    return np.repeat(level[origins][:, None], horizon, axis=1)


def nothing(series: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Return 0 for every step, (N, horizon): what an absolute error praises where most values are 0."""
    return np.zeros((len(origins), horizon), series.dtype)
