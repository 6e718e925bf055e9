"""What is done to numbers before a model sees them, and its exact undoing."""

import math
from dataclasses import dataclass
from typing import Self

import numpy as np

from components.errors import DataError
from components.recipe import Forecast, Scaling

# --- Transforms of the target ----------------------------------------------------------------------


def transform_lag(task: Forecast) -> int:
    """Return how many first rows the task's transform loses, and how many past values its undoing needs."""
    if task.transform == "difference":
        return 1
    return _require_season(task) if task.transform == "seasonal_difference" else 0


def log_floor(training: np.ndarray, task: Forecast) -> float:
    """Return the lowest value that is told from lower ones: of the logarithm, a thousandth of the lowest
    known.

    Whether a series falls to zero one day can't be known before: then it is read as this, and nothing fails.

    Args:
        training: (rows,) of the training set, in the target's own units.
        task: names the transform.
    """
    return float(training.min()) / 1000 if task.transform == "log" else -math.inf


def transform_target(values: np.ndarray, task: Forecast, lowest: float = -math.inf) -> np.ndarray:
    """Transform a whole series.

    Args:
        values: (rows,) in the target's own units.
        task: names the transform, and the season for the seasonal difference.
        lowest: as `log_floor` gives it; what lies below is read as this.

    Returns:
        (rows,) float64; the first `transform_lag(task)` are NaN.

    Raises:
        DataError: if a logarithm is asked of a value that is not above zero.
    """
    values = np.maximum(np.asarray(values, dtype=np.float64), lowest)
    if task.transform == "none":
        return values
    if task.transform == "log":
        return _log(values, task.target)
    back = transform_lag(task)
    changes = np.full_like(values, np.nan)
    changes[back:] = values[back:] - values[:-back]
    return changes


def invert_transform(forecasts: np.ndarray, history: np.ndarray, task: Forecast) -> np.ndarray:
    """Bring forecasts back into the target's own units.

    Args:
        forecasts: (N, horizon) in transformed units.
        history: (N, at least `transform_lag(task)`) values in the target's own units, each row's last one at
            the forecast's origin, that is, just before its first step.
        task: the one that `transform_target` was given.

    Returns:
        (N, horizon) float64.
    """
    forecasts = np.asarray(forecasts, dtype=np.float64)
    if task.transform == "none":
        return forecasts.copy()
    if task.transform == "log":
        return np.exp(forecasts)
    return _undo_difference(forecasts, np.asarray(history, dtype=np.float64), transform_lag(task))


def _require_season(task: Forecast) -> int:
    if task.season is None:
        raise ValueError("the recipe promises a season with the seasonal difference")
    return task.season


def _log(values: np.ndarray, target: str) -> np.ndarray:
    bad = np.flatnonzero(values <= 0)
    if bad.size:
        raise DataError(
            f"The logarithm needs values above zero, and this one is {values[bad[0]]:g}.",
            where=f"row {bad[0] + 1}, column “{target}”",
            remedy="Choose another transform.",
        )
    return np.log(values)


def _undo_difference(changes: np.ndarray, history: np.ndarray, back: int) -> np.ndarray:
    """Undo y[t] − y[t−back]: step h stands on step h−back, and the first `back` of them on the history."""
    count, horizon = changes.shape
    turns = -(-horizon // back)
    padded = np.zeros((count, turns * back))
    padded[:, :horizon] = changes
    sums = padded.reshape(count, turns, back).cumsum(axis=1)
    levels = sums + history[:, None, history.shape[1] - back :]
    return levels.reshape(count, -1)[:, :horizon]


# --- Scaling ---------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Scaler:
    """Brings each column to a common size: (value − offset) / scale. Both are (F,) float64."""

    offset: np.ndarray
    scale: np.ndarray

    @classmethod
    def fit(cls, values: np.ndarray, scaling: Scaling) -> Self:
        """Measure the columns.

        Args:
            values: (rows, F), finite, of the training set only.
            scaling: standard: mean 0 and deviation 1; minmax: from 0 to 1; none: as they are.

        Returns:
            A scaler; a column that never changes keeps scale 1.
        """
        values = np.asarray(values, dtype=np.float64)
        low, high = values.min(axis=0), values.max(axis=0)
        if scaling == "standard":
            offset, scale = values.mean(axis=0), values.std(axis=0)
        elif scaling == "minmax":
            offset, scale = low, high - low
        else:
            offset, scale = np.zeros_like(low), np.ones_like(low)
        # The deviation of a constant column is not always zero: its mean may be off by one rounding.
        return cls(offset, np.where((low < high) & (scale > 0), scale, 1.0))

    def with_unscaled(self, more: int) -> Self:
        """Return a scaler for `more` columns besides, which stay as they are."""
        return type(self)(np.append(self.offset, np.zeros(more)), np.append(self.scale, np.ones(more)))

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Scale values of shape (…, F)."""
        return (values - self.offset) / self.scale

    def undo(self, values: np.ndarray) -> np.ndarray:
        """Bring scaled values of shape (…, F) back."""
        return values * self.scale + self.offset
