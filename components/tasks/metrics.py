"""What a metric is, and how wrong predicted numbers are.

Every function takes truth and forecast of one shape, as (N, horizon). Shares are fractions: 0.12 is 12 %.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from components.glossary import explain
from components.insight.doctor.run_evidence import Outcome

PredictionsT_contra = TypeVar("PredictionsT_contra", contravariant=True)
ScoreT = TypeVar("ScoreT")


@dataclass(frozen=True)
class Metric(Generic[PredictionsT_contra]):
    """How well a model did, by one number of its score. All that there is to know of it stands here.

    Attributes:
        field: of the score that holds it.
        title: heads its column.
        name: in a sentence: “mean absolute error”.
        description: what it means.
        function: of what was predicted; None where it means nothing.
        larger_is_better: its direction.
        unit: of its values; "" for the target's own, and where there is none.
        factor: what the score's number is multiplied by where it is shown, as 100 for percent.
        format: how it is written, as `.1%`; None: with as many digits as the number needs.
    """

    field: str
    title: str
    name: str
    description: str
    function: Callable[[PredictionsT_contra], float | None]
    larger_is_better: bool = False
    unit: str = ""
    factor: float = 1
    format: str | None = None

    @property
    def direction(self) -> str:
        """How the better of two is told, where bars are drawn."""
        return "longer is better" if self.larger_is_better else "shorter is better"

    def value(self, score: Any) -> float:
        """Return the number of a score that has it."""
        return getattr(score, self.field)

    def best(self, scores: Sequence[ScoreT]) -> ScoreT:
        """Return the best of some scores; of equals the first."""
        return (max if self.larger_is_better else min)(scores, key=self.value)

    def outcome(self, model: Any, rules: Sequence[Any], won: bool, noise: float = 0.0) -> Outcome:
        """Return what the training doctor goes by.

        Args:
            model: the model's score.
            rules: those of what costs nothing.
            won: whether the model beat them.
            noise: how far apart the two may be by chance alone; 0 where that isn't known.
        """
        best = self.best(rules)
        return Outcome(
            self.name,
            self.value(model),
            self.value(best),
            best.label,
            self.larger_is_better,
            won,
            noise,
        )


def score(
    kind: Callable[..., ScoreT],
    name: str,
    label: str,
    predictions: PredictionsT_contra,
    metrics: "Sequence[Metric[PredictionsT_contra]]",
) -> ScoreT:
    """Return the score of what was predicted.

    Args:
        kind: class of the score, with a field for each metric.
        name: `model`, or the key of a baseline.
        label: it in words.
        predictions: what was predicted, and what is true.
        metrics: that it is measured by.
    """
    return kind(name=name, label=label, **{metric.field: metric.function(predictions) for metric in metrics})


@dataclass(frozen=True, eq=False)
class Predictions:
    """Numbers that were predicted, and what they are, of one shape."""

    truth: np.ndarray
    predicted: np.ndarray


def finite_or_none(value: float | None) -> float | None:
    """Return a number that means something: neither infinity nor NaN."""
    return value if value is not None and math.isfinite(value) else None


# --- Formulas ---------------------------------------------------------------------------------------


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
    """Mean absolute scaled error: MAE / mean |y_t − y_{t−m}| over the training set.

    Below 1 it is better than the seasonal naive forecast was, one step ahead, within the training set
    (Hyndman and Koehler, 2006).

    Args:
        truth: what happened.
        forecast: what was forecast.
        training_series: (rows,) the training set in the target's own units.
        season: m; None where nothing repeats, which means 1.

    Returns:
        NaN where the training set is not longer than a season, or repeats itself without any error.

    Example:
        >>> mase(np.array([4.0, 5.0]), np.array([4.0, 6.0]), np.array([1.0, 2.0, 3.0, 4.0]), season=1)
        0.5
    """
    return _scaled(mae, truth, forecast, training_series, season or 1)


def rmsse(truth: np.ndarray, forecast: np.ndarray, training_series: np.ndarray, season: int | None) -> float:
    """Root mean squared scaled error: √ (MSE / mean (y_t − y_{t−m})²) over the training set.

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
    """Return an error over that of the seasonal naive forecast, one step ahead, within the training set."""
    if len(training_series) <= m:
        return float("nan")
    naive = measure(training_series[m:], training_series[:-m])
    return measure(truth, forecast) / naive if naive else float("nan")


# --- The metrics of predicted numbers ---------------------------------------------------------------

MAE = Metric[Predictions](
    "mae",
    "MAE",
    "mean absolute error",
    explain("MAE"),
    lambda predictions: mae(predictions.truth, predictions.predicted),
)
RMSE = Metric[Predictions](
    "rmse",
    "RMSE",
    "root mean squared error",
    explain("RMSE"),
    lambda predictions: rmse(predictions.truth, predictions.predicted),
)
MSE = Metric[Predictions](
    "mse",
    "MSE",
    "mean squared error",
    explain("MSE"),
    lambda predictions: mse(predictions.truth, predictions.predicted),
)
