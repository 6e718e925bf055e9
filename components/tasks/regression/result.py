"""What a finished run that tells a number leaves."""

from dataclasses import dataclass

import numpy as np

from components.insight.doctor.run_evidence import Outcome
from components.tasks.example_errors import ExampleErrors, fingerprint
from components.tasks.metrics import MAE
from components.tasks.result_file import Array


@dataclass(frozen=True)
class NumberScore:
    """How well one teller did on the test set, in the number's own units.

    `r2` is the share of the numbers' variance that it explains: 1 − MSE / variance. It is None where all
    numbers are the same.
    """

    name: str
    """`model`, or the key of a baseline"""
    label: str
    mae: float
    rmse: float
    mse: float
    r2: float | None


@dataclass(frozen=True, eq=False)
class NumbersResult:
    """What was said of the N examples of the test set, beside the baselines."""

    what: str
    """the number is, in words"""
    scores: tuple[NumberScore, ...]
    """the model's first, then the baselines'"""
    verdict: str
    won: bool
    best_epoch: int
    notes: tuple[str, ...]
    """what is to be known of the data"""
    training_mae: float
    """on the examples that it learnt from"""
    numbers: Array
    """(N,) of the examples in the dataset"""
    truth: Array
    """(N,)"""
    said: Array
    """(N,) the model's"""

    @property
    def test_set(self) -> str:
        """A fingerprint of what it was measured on."""
        return fingerprint(self.what, self.numbers, self.truth)

    @property
    def errors(self) -> ExampleErrors:
        """The size of each error."""
        return ExampleErrors(np.abs(self.residuals))

    @property
    def outcome(self) -> Outcome:
        """What the training doctor goes by: the model's mean absolute error, and that of the best rule."""
        model, *rules = self.scores
        return MAE.outcome(model, rules, self.won)

    @property
    def residuals(self) -> np.ndarray:
        """(N,) truth − said."""
        return self.truth - self.said
