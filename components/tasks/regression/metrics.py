"""How well a number of each sequence is predicted."""

import numpy as np

from components.tasks.metrics import MAE, MSE, RMSE, Metric, Predictions, mse


def _r2(predictions: Predictions) -> float | None:
    variance = float(np.var(predictions.truth))
    return 1 - mse(predictions.truth, predictions.predicted) / variance if variance > 0 else None


R2 = Metric[Predictions](
    "r2",
    "R²",
    "share of variance explained",
    "The share of the variance explained: 1 is perfect, 0 is no better than always "
    "predicting the mean, and below 0 is worse.",
    _r2,
    larger_is_better=True,
    format=".3f",
)
METRICS: tuple[Metric[Predictions], ...] = (MAE, RMSE, MSE, R2)
"""The first is what predictions are ranked by."""
