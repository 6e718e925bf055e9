"""How well a forecaster did on the test set."""

from dataclasses import dataclass

import numpy as np

from components.glossary import explain
from components.tasks.forecasting.result import ForecastResult
from components.tasks.metrics import (
    MAE,
    MSE,
    RMSE,
    Metric,
    Predictions,
    finite_or_none,
    mape,
    mase,
    rmsse,
    smape,
)

_NEAR_ZERO = 0.05  # of the usual size


@dataclass(frozen=True, eq=False)
class Forecasts(Predictions):
    """Forecasts, (N, horizon), with what errors are compared with.

    Attributes:
        training: (rows,) the target on the training set.
        season: rows after which it repeats; 1 where it doesn't.
    """

    training: np.ndarray
    season: int


MASE = Metric[Forecasts](
    "mase",
    "MASE",
    "mean absolute scaled error",
    explain("MASE"),
    lambda predictions: finite_or_none(
        mase(predictions.truth, predictions.predicted, predictions.training, predictions.season)
    ),
)
RMSSE = Metric[Forecasts](
    "rmsse",
    "RMSSE",
    "root mean squared scaled error",
    explain("RMSSE"),
    lambda predictions: finite_or_none(
        rmsse(predictions.truth, predictions.predicted, predictions.training, predictions.season)
    ),
)
METRICS: tuple[Metric[Forecasts], ...] = (
    MAE,
    RMSE,
    MSE,
    Metric(
        "mape",
        "MAPE %",
        "mean absolute percentage error",
        explain("MAPE"),
        lambda predictions: finite_or_none(100 * mape(predictions.truth, predictions.predicted)),
        unit="%",
    ),
    Metric(
        "smape",
        "sMAPE %",
        "symmetric mean absolute percentage error",
        explain("sMAPE"),
        lambda predictions: finite_or_none(100 * smape(predictions.truth, predictions.predicted)),
        unit="%",
    ),
    RMSSE,
    MASE,
)
"""The first is what forecasters are ranked by."""


def near_zero(result: ForecastResult) -> str:
    """Return a warning of percentages where the truth comes near zero; "" where it doesn't."""
    sizes = np.abs(result.truth[result.test_start :])
    lowest, usual = float(sizes.min()), float(sizes.mean())
    if lowest >= _NEAR_ZERO * usual:
        return ""
    if lowest == 0:
        return "There is no MAPE: a true value in the test set is zero, so a percentage of it is undefined."
    return (
        f"MAPE is unreliable here: true values come as close to zero as {lowest:.2g}, where a "
        "small error is a large percentage."
    )
