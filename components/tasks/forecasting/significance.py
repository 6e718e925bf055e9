"""Whether a lead of one forecaster over another is more than chance: the test of Diebold and Mariano."""

from collections.abc import Mapping, Sequence

import numpy as np

from components.tasks.forecasting.result import Comparison, Score, ranking_metric
from components.tasks.metrics import MAE

FEWEST_ORIGINS = 10
"""With fewer, and with fewer than two horizons of them, the variance of the difference is a guess."""


def compare(
    truth: np.ndarray, forecasts: Mapping[str, tuple[str, np.ndarray]], scores: Sequence[Score]
) -> Comparison:
    """Return whether the model's errors differ from the best other forecaster's by more than chance.

    The errors are those that forecasters are ranked by: absolute ones, or squared ones.

    Args:
        truth: (N, horizon).
        forecasts: name → label and (N, horizon); the model's is called `model`.
        scores: the model's, then the others'.
    """
    metric = ranking_metric(scores)
    best, power = metric.best(scores[1:]), 1 if metric is MAE else 2
    model, rival = (
        (np.abs(truth - forecasts[name][1]) ** power).mean(axis=1) for name in ("model", best.name)
    )
    origins, horizon = truth.shape
    needed = max(FEWEST_ORIGINS, 2 * horizon)
    if origins < needed:
        return Comparison(best.label, origins, needed, None, None)
    return Comparison(best.label, origins, needed, *diebold_mariano(model - rival, horizon))


def diebold_mariano(difference: np.ndarray, horizon: int) -> tuple[float | None, float | None]:
    """Test whether the mean of a difference in loss is zero → the statistic and the two-sided p.

    Origins that follow each other forecast the same rows in part, so the variance of the mean counts
    autocovariances up to `horizon` − 1 (Diebold and Mariano, 1995); where they make it negative they are
    weighed down linearly (Newey and West, 1987). The statistic is corrected for small samples and held
    against Student's t (Harvey, Leybourne and Newbold, 1997).

    Args:
        difference: (N,) loss of the one minus that of the other, at origins that follow each other.
        horizon: h, steps ahead, fewer than N.

    Returns:
        None, None where the difference never varies.
    """
    from scipy.special import stdtr  # noqa: PLC0415 - of scipy, the light part

    n = len(difference)
    mean = difference.mean()
    centred = difference - mean
    if np.abs(centred).max() <= 1e-12 * max(1.0, abs(mean)):
        return None, None
    lags = np.arange(1, horizon)
    covariances = np.array([centred[lag:] @ centred[: n - lag] / n for lag in lags])
    own = centred @ centred / n
    variance = own + 2 * covariances.sum()
    if variance <= 0:
        variance = own + 2 * ((1 - lags / horizon) * covariances).sum()
    corrected = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n
    statistic = float(mean / np.sqrt(variance / n) * np.sqrt(corrected))
    return statistic, float(2 * stdtr(n - 1, -abs(statistic)))
