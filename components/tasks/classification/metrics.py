"""How well classes are predicted, by scikit-learn, which only a worker brings in."""

from dataclasses import dataclass

import numpy as np

from components.glossary import explain
from components.tasks.metrics import Metric


@dataclass(frozen=True, eq=False)
class ClassPredictions:
    """Classes that were predicted of N examples, and what they are.

    Attributes:
        truth: (N,) codes.
        predicted: (N,) codes.
        probabilities: (N, K) of the classes; None where only classes are predicted.
    """

    truth: np.ndarray
    predicted: np.ndarray
    probabilities: np.ndarray | None


def _accuracy(predictions: ClassPredictions) -> float:
    from sklearn import metrics  # noqa: PLC0415

    return float(metrics.accuracy_score(predictions.truth, predictions.predicted))


def _balanced(predictions: ClassPredictions) -> float:
    from sklearn import metrics  # noqa: PLC0415

    return float(metrics.balanced_accuracy_score(predictions.truth, predictions.predicted))


def _macro_f1(predictions: ClassPredictions) -> float:
    from sklearn import metrics  # noqa: PLC0415

    return float(metrics.f1_score(predictions.truth, predictions.predicted, average="macro", zero_division=0))


def _log_loss(predictions: ClassPredictions) -> float | None:
    from sklearn import metrics  # noqa: PLC0415

    if predictions.probabilities is None:
        return None
    labels = np.arange(predictions.probabilities.shape[1])
    return float(metrics.log_loss(predictions.truth, predictions.probabilities, labels=labels))


BALANCED = Metric[ClassPredictions](
    "balanced",
    "Balanced accuracy",
    "balanced accuracy",
    explain("Balanced accuracy"),
    _balanced,
    larger_is_better=True,
    format=".1%",
)
"""What classifiers are ranked by."""
METRICS: tuple[Metric[ClassPredictions], ...] = (
    Metric(
        "accuracy",
        "Accuracy",
        "accuracy",
        f"{explain('Accuracy')} It misleads if one class is much more frequent than the others.",
        _accuracy,
        larger_is_better=True,
        format=".1%",
    ),
    BALANCED,
    Metric(
        "macro_f1",
        "Macro F1",
        "macro F1",
        explain("Macro F1"),
        _macro_f1,
        larger_is_better=True,
        format=".1%",
    ),
    Metric(
        "log_loss",
        "Log loss",
        "log loss",
        explain("Log loss"),
        _log_loss,
        unit="nats",
        format=".3f",
    ),
)
