"""How well a forecaster did on the test part."""

import math

import numpy as np

from components.tasks import metrics
from components.tasks.forecasting.result import Score


def score(
    name: str, label: str, truth: np.ndarray, forecast: np.ndarray, training: np.ndarray, season: int
) -> Score:
    """Score (N, horizon) forecasts; MASE goes by the (rows,) of the training part."""
    return Score(
        name=name,
        label=label,
        mse=metrics.mse(truth, forecast),
        mae=metrics.mae(truth, forecast),
        rmse=metrics.rmse(truth, forecast),
        mape=_meaningful(100 * metrics.mape(truth, forecast)),
        smape=_meaningful(100 * metrics.smape(truth, forecast)),
        mase=_meaningful(metrics.mase(truth, forecast, training, season)),
    )


def _meaningful(value: float) -> float | None:
    return value if math.isfinite(value) else None
