"""Curves of how well classes are told apart, and how far to trust it, by scikit-learn: for a worker."""

from collections.abc import Callable

import numpy as np
from sklearn import metrics

from components.tasks.classification.result import Calibration, Curve

_MOST_POINTS = 300  # of a curve
_BINS = 10


def roc(names: tuple[str, ...], truth: np.ndarray, shares: np.ndarray) -> tuple[Curve, ...]:
    """Return the receiver operating characteristic of each class against the others."""
    return _curves(names, truth, shares, _roc)


def precision_recall(names: tuple[str, ...], truth: np.ndarray, shares: np.ndarray) -> tuple[Curve, ...]:
    """Return precision over recall of each class against the others."""
    return _curves(names, truth, shares, _precision_recall)


def _curves(
    names: tuple[str, ...],
    truth: np.ndarray,
    shares: np.ndarray,
    drawn: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, float]],
) -> tuple[Curve, ...]:
    # Of two classes, one's curve tells the other's.
    codes = [1] if len(names) == 2 else range(len(names))
    curves = []
    for code in codes:
        own = truth == code
        if own.any() and not own.all():
            x, y, area = drawn(own, shares[:, code])
            kept = np.unique(np.linspace(0, len(x) - 1, _MOST_POINTS).round().astype(int))
            curves.append(Curve(names[code], x[kept], y[kept], float(area)))
    return tuple(curves)


def _roc(own: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    wrong, right, _ = metrics.roc_curve(own, share)
    return wrong, right, metrics.auc(wrong, right)


def _precision_recall(own: np.ndarray, share: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    precision, recall, _ = metrics.precision_recall_curve(own, share)
    return recall[::-1], precision[::-1], metrics.average_precision_score(own, share)


def calibration(truth: np.ndarray, shares: np.ndarray) -> Calibration:
    """Return how sure the model was and how often it was right, in bins of equal width."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    bins = np.minimum((sure * _BINS).astype(int), _BINS - 1)
    held = np.unique(bins)
    return Calibration(
        np.array([sure[bins == one].mean() for one in held]),
        np.array([right[bins == one].mean() for one in held]),
        np.array([(bins == one).sum() for one in held]),
    )
