"""How wrong forecasts are. Every function takes truth and forecast of one shape, as (N, horizon).

Shares are fractions: 0.12 is 12 %.
"""

from collections.abc import Callable

import numpy as np


def mse(truth: np.ndarray, forecast: np.ndarray) -> float:
    """Mean squared error: mean (y − ŷ)², in squared units of the target."""
    return float(np.mean((truth - forecast) ** 2))


def mae(truth: np.ndarray, forecast: np.ndarray) -> float:
    """Mean absolute error: mean |y − ŷ|, in units of the target."""
    return float(np.mean(np.abs(truth - forecast)))


def rmse(truth: np.ndarray, forecast: np.ndarray) -> float:
    """Root mean squared error: √ mean (y − ŷ)², in units of the target."""
    return float(np.sqrt(mse(truth, forecast)))


def mape(truth: np.ndarray, forecast: np.ndarray) -> float:
    """Mean absolute percentage error: mean |y − ŷ| / |y|, as a fraction; NaN where a truth is zero.

    It is huge where the truth comes near zero; see Hyndman and Koehler (2006), “Another look at measures
    of forecast accuracy”.
    """
    if np.any(truth == 0):
        return float("nan")
    return float(np.mean(np.abs(truth - forecast) / np.abs(truth)))


def smape(truth: np.ndarray, forecast: np.ndarray) -> float:
    """Symmetric mean absolute percentage error: mean 2 |y − ŷ| / (|y| + |ŷ|), a fraction from 0 to 2.

    The definition of the M4 competition (Makridakis, Spiliotis and Assimakopoulos, 2020). Where both are
    zero the forecast is right, and counts as 0.
    """
    error, size = np.abs(truth - forecast), np.abs(truth) + np.abs(forecast)
    return float(np.mean(np.divide(2 * error, size, out=np.zeros_like(size, dtype=float), where=size > 0)))


def mase(truth: np.ndarray, forecast: np.ndarray, training_series: np.ndarray, season: int | None) -> float:
    """Mean absolute scaled error: MAE / mean |y_t − y_{t−m}| over the training part.

    Below 1 it is better than the seasonal naive forecast was, one step ahead, within the training part
    (Hyndman and Koehler, 2006).

    Args:
        truth: what happened.
        forecast: what was forecast.
        training_series: (rows,) the training part in the target's own units.
        season: m; None where nothing repeats, which means 1.

    Returns:
        NaN where the training part is not longer than a season, or repeats itself without any error.
    """
    return _scaled(mae, truth, forecast, training_series, season or 1)


def rmsse(truth: np.ndarray, forecast: np.ndarray, training_series: np.ndarray, season: int | None) -> float:
    """Root mean squared scaled error: √ (MSE / mean (y_t − y_{t−m})²) over the training part.

    The measure of the M5 competition (Makridakis, Spiliotis and Assimakopoulos, 2022); like MASE, with
    large misses counting more. Its arguments, and when it is NaN, are those of `mase`.
    """
    return _scaled(rmse, truth, forecast, training_series, season or 1)


def _scaled(
    measure: Callable[[np.ndarray, np.ndarray], float],
    truth: np.ndarray,
    forecast: np.ndarray,
    training_series: np.ndarray,
    m: int,
) -> float:
    """Hold an error against that of the seasonal naive forecast, one step ahead, within the training part."""
    if len(training_series) <= m:
        return float("nan")
    naive = measure(training_series[m:], training_series[:-m])
    return measure(truth, forecast) / naive if naive else float("nan")
