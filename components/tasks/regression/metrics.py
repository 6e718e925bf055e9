"""How well a number of each sequence is predicted."""

import numpy as np

from components.glossary import explain
from components.tasks.metrics import MAE, MSE, RMSE, Metric, Predictions, mse


def _r2(predictions: Predictions) -> float | None:
    variance = float(np.var(predictions.truth))
    return 1 - mse(predictions.truth, predictions.predicted) / variance if variance > 0 else None


R2 = Metric[Predictions](
    "r2",
    "R²",
    "share of variance explained",
    f"{explain('R²')} Below 0 is worse than that.",
    _r2,
    larger_is_better=True,
    format=".3f",
)
METRICS: tuple[Metric[Predictions], ...] = (MAE, RMSE, MSE, R2)
"""The first is what predictions are ranked by."""
