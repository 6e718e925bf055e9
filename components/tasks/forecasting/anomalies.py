"""Values that came otherwise than a band allowed for: how far, and whether they are those that are marked."""

from dataclasses import dataclass

import numpy as np

from components.tasks.forecasting.result import Band, ForecastResult


@dataclass(frozen=True, eq=False)
class Anomalies:
    """Every value of the test set that was forecast so many steps ahead, beside its band.

    Attributes:
        rows: (M,) of the dataset.
        truth: (M,) what came.
        lower, upper: (M,) the band's ends.
        scores: (M,) how far a value is from the band's middle, in halves of its width: above 1 it is outside.
    """

    rows: np.ndarray
    truth: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    scores: np.ndarray

    @property
    def is_outside(self) -> np.ndarray:
        """Return of each value whether it is outside of its band, (M,)."""
        return (self.truth < self.lower) | (self.truth > self.upper)


def anomalies(result: ForecastResult, band: Band, step: int = 1) -> Anomalies:
    """Return the values of the test set beside their bands.

    Args:
        result: of a forecast.
        band: one of its bands.
        step: how many steps ahead each value was forecast, from 1 to the horizon.
    """
    rows = result.origins + step
    lower, upper = band.tested.lower[:, step - 1], band.tested.upper[:, step - 1]
    truth = result.truth[rows]
    half = (upper - lower) / 2
    away = np.abs(truth - (upper + lower) / 2)
    scores = np.divide(away, half, out=np.where(away > 0, np.inf, 0.0), where=half > 0)
    return Anomalies(rows, truth, lower, upper, scores)


@dataclass(frozen=True)
class DetectionScore:
    """How well values outside of a band agree with those that are marked in the data.

    Attributes:
        hits: marked values that are outside.
        alarms: values that are outside.
        marked: values that are marked.
    """

    hits: int
    alarms: int
    marked: int

    @property
    def precision(self) -> float | None:
        """Share of the alarms that are right; None without any."""
        return self.hits / self.alarms if self.alarms else None

    @property
    def recall(self) -> float | None:
        """Share of the marked values that are found; None without any."""
        return self.hits / self.marked if self.marked else None


def detection_score(outside: np.ndarray, marks: np.ndarray) -> DetectionScore:
    """Compare alarms with marks, (M,) bool both."""
    return DetectionScore(int((outside & marks).sum()), int(outside.sum()), int(marks.sum()))


def is_marker(values: np.ndarray) -> bool:
    """Return whether a column may mark anomalies: it holds 0 and 1 and nothing else, and 1 the less often."""
    return bool(np.isin(values, (0, 1)).all() and 0 < values.mean() < 0.5)
