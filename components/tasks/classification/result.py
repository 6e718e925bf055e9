"""What a finished run of classification leaves."""

from dataclasses import dataclass

import numpy as np

from components.insight.doctor.run_evidence import Outcome
from components.tasks.classification.metrics import BALANCED
from components.tasks.classification.problem import confusion_matrix
from components.tasks.example_errors import ExampleErrors, fingerprint
from components.tasks.result_file import Array
from components.tasks.shrinkage import Shrinkage

_SURE = 1.96  # standard errors on either side hold 95 % of what is measured again and again


@dataclass(frozen=True)
class ClassScore:
    """How well one classifier did on the test set; shares are fractions from 0 to 1."""

    name: str
    """`model`, or the key of a baseline"""
    label: str
    accuracy: float
    balanced: float
    """mean over the classes of the share of each that is recognised"""
    macro_f1: float
    log_loss: float | None
    """mean of −log of what the truth was given, in nats; None where no shares are said"""


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve of one class against the others, and the area below it."""

    name: str
    x: Array
    y: Array
    area: float


@dataclass(frozen=True, eq=False)
class Calibration:
    """How sure the model is, and how often it is then right; (B,) each, of bins that hold examples."""

    sure: Array
    right: Array
    examples: Array

    @property
    def error(self) -> float:
        """Expected calibration error (Guo et al., 2017): the mean distance of both over the examples."""
        return float(np.abs(self.sure - self.right) @ self.examples / self.examples.sum())


@dataclass(frozen=True)
class Reading:
    """How well the model does where sequences are cut or filled up on some side."""

    cut: str
    pad: str
    accuracy: float
    balanced: float


@dataclass(frozen=True, eq=False)
class ClassesResult:
    """The predictions for the N examples of the test set, of K classes, beside the baselines."""

    names: tuple[str, ...]
    scores: tuple[ClassScore, ...]
    """the model's first, then the baselines'"""
    verdict: str
    won: bool
    best_epoch: int
    notes: tuple[str, ...]
    """what is to be known of the data"""
    training_accuracy: float
    """on the examples that it learnt from"""
    numbers: Array
    """(N,) of the examples in the dataset"""
    truth: Array
    """(N,) codes"""
    probabilities: Array
    """(N, K) the model's"""
    roc: tuple[Curve, ...]
    """share of the others taken for a class, and share of the class recognised"""
    precision_recall: tuple[Curve, ...]
    """share of a class recognised, and share of what is predicted as it that is; area: average precision"""
    calibration: Calibration
    readings: tuple[Reading, ...] = ()
    shrinkage: Shrinkage | None = None
    """None where the model starts from nothing"""
    merges: Array | None = None
    """what cuts texts into subwords, as SentencePiece keeps it; None of other tokens, and of sequences"""

    @property
    def test_set(self) -> str:
        """A fingerprint of what it was measured on."""
        return fingerprint(self.names, self.numbers, self.truth)

    @property
    def errors(self) -> ExampleErrors:
        """Which examples are classified wrongly."""
        return ExampleErrors((self.predicted != self.truth).astype(float), is_wrong=True)

    @property
    def outcome(self) -> Outcome:
        """What the training doctor goes by: the model's balanced accuracy, and that of the best rule."""
        model, *rules = self.scores
        return BALANCED.outcome(model, rules, self.won, self._noise(BALANCED.best(rules).balanced))

    def _noise(self, other: float) -> float:
        """Return how far apart the model's balanced accuracy and another may be by chance, 95 % of times.

        By the variance of a share in each class, as if the two were not right on the same examples: so it is
        rather too much than too little. A share is taken to be nearer to a half by one right and one wrong
        (Laplace's rule of succession), since all of a few examples are easily right by chance.
        """
        many = self.confusion.sum(axis=1)
        there = many > 0
        recalled = (self.confusion.diagonal() + 1) / (many + 2)
        other, many = (other * many + 1) / (many + 2), np.maximum(1, many)
        variances = (recalled * (1 - recalled) + other * (1 - other)) / many
        return float(_SURE * np.sqrt(variances[there].sum()) / there.sum())

    @property
    def predicted(self) -> np.ndarray:
        """(N,) the codes that the model predicts."""
        return self.probabilities.argmax(axis=1)

    @property
    def confusion(self) -> np.ndarray:
        """(K, K): rows are true, columns are predicted."""
        return confusion_matrix(self.truth, self.predicted, len(self.names))
