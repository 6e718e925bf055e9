"""Forecasts that cost nothing, which a model has to beat.

Each takes the whole series (rows,) and `origins` (N,), the rows of the last known values, and gives
(N, horizon). None looks past its origin. Formulas: Hyndman and Athanasopoulos, “Forecasting: Principles
and Practice”, 3rd edition, section 5.2.
"""

import numpy as np


def last_value(series: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Return that nothing will change: ŷ_{T+h} = y_T."""
    return np.repeat(series[origins][:, None], horizon, axis=1)


def mean(series: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Return that it will be as it was on average: ŷ_{T+h} = (y_1 + … + y_T) / T."""
    means = np.cumsum(series)[origins] / (origins + 1)
    return np.repeat(means[:, None], horizon, axis=1)


def seasonal_naive(series: np.ndarray, origins: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """Repeat the last season: ŷ_{T+h} is the newest known value a whole number of seasons before T+h.

    Where less than one season is known, it is the last value.

    Example:
        >>> seasonal_naive(np.array([1, 2, 3, 1, 2, 3]), origins=np.array([5]), horizon=4, season=3).tolist()
        [[1, 2, 3, 1]]
    """
    back = np.arange(horizon) % season + 1 - season
    rows = origins[:, None] + back
    return series[np.where(origins[:, None] + 1 < season, origins[:, None], rows)]


def drift(series: np.ndarray, origins: np.ndarray, horizon: int) -> np.ndarray:
    """Go on along the line from the first value to the last: ŷ_{T+h} = y_T + h (y_T − y_1) / (T − 1).

    From the first value alone there is no line: it is then the last value.
    """
    last = series[origins]
    slope = (last - series[0]) / np.maximum(origins, 1)
    return last[:, None] + slope[:, None] * np.arange(1, horizon + 1)
