"""How well a forecaster did on the test part."""

import math

import numpy as np

from components.tasks import metrics
from components.tasks.forecasting.result import ForecastResult, Score

_NEAR_ZERO = 0.05  # of the usual size


def score(
    name: str, label: str, truth: np.ndarray, forecast: np.ndarray, training: np.ndarray, season: int
) -> Score:
    """Score (N, horizon) forecasts; MASE and RMSSE go by the (rows,) of the training part."""
    return Score(
        name=name,
        label=label,
        mse=metrics.mse(truth, forecast),
        mae=metrics.mae(truth, forecast),
        rmse=metrics.rmse(truth, forecast),
        mape=_meaningful(100 * metrics.mape(truth, forecast)),
        smape=_meaningful(100 * metrics.smape(truth, forecast)),
        mase=_meaningful(metrics.mase(truth, forecast, training, season)),
        rmsse=_meaningful(metrics.rmsse(truth, forecast, training, season)),
    )


def near_zero(result: ForecastResult) -> str:
    """Warn of percentages where the truth comes near zero; nothing where it doesn't."""
    sizes = np.abs(result.truth[result.test_start :])
    lowest, usual = float(sizes.min()), float(sizes.mean())
    if lowest >= _NEAR_ZERO * usual:
        return ""
    if lowest == 0:
        return "The truth is zero somewhere in the test part, where a share of it means nothing: no MAPE."
    return (
        f"Trust MAPE little here: the truth comes as near to zero as {lowest:.2g}, where a small miss is a "
        "large percentage."
    )


def _meaningful(value: float) -> float | None:
    return value if math.isfinite(value) else None
