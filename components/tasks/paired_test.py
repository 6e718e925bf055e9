"""Whether one model does better than another on the same test set by more than chance explains."""

from dataclasses import dataclass

import numpy as np

from components.tasks.example_errors import ExampleErrors
from components.tasks.forecasting.significance import FEWEST_ORIGINS, diebold_mariano

_LEVEL = 0.975  # of the quantile on either side of an interval that shall hold 95 %


@dataclass(frozen=True)
class PairedTest:
    """What a test says of the difference of two models on the same examples.

    Attributes:
        name: of the test.
        examples: of the test set.
        difference: mean error of the second model minus that of the first; of answers that are right or
            wrong, the share.
        lower, upper: ends of the 95 % confidence interval of the difference.
        p: how often chance alone makes a difference of this size or more.
        only_first, only_second: answers that only the one gets right; None where errors have sizes.
    """

    name: str
    examples: int
    difference: float
    lower: float
    upper: float
    p: float
    only_first: int | None = None
    only_second: int | None = None

    @property
    def is_clear(self) -> bool:
        """Whether chance hardly explains it: less than once in twenty times."""
        return self.p < 0.05


def paired_test(first: ExampleErrors, second: ExampleErrors) -> PairedTest | None:
    """Test the difference of two models' errors on the same examples.

    Answers that are right or wrong are tested after McNemar (1947), exactly; forecasts after Diebold and
    Mariano (1995), which is the paired t-test where examples share no steps.

    Returns:
        None where there are too few examples, or the difference never varies.
    """
    if first.is_wrong:
        return _mcnemar(first.values > 0, second.values > 0)
    difference, horizon = second.values - first.values, first.horizon
    if len(difference) < max(FEWEST_ORIGINS, 2 * horizon):
        return None
    statistic, p = diebold_mariano(difference, horizon)
    if statistic is None or p is None:
        return None
    from scipy.special import stdtrit  # noqa: PLC0415 - few pages need it

    mean, n = float(difference.mean()), len(difference)
    half = float(stdtrit(n - 1, _LEVEL)) * abs(mean / statistic) if statistic else float("inf")
    name = "Diebold–Mariano test" if horizon > 1 else "paired t-test"
    return PairedTest(name, n, mean, mean - half, mean + half, p)


def _mcnemar(first_wrong: np.ndarray, second_wrong: np.ndarray) -> PairedTest | None:
    """Test whether two models are right equally often, by the answers on which only one is (McNemar, 1947).

    The interval is Agresti and Min's (2005): Wald's, with a half added to each count of the table.
    """
    from scipy.special import bdtr  # noqa: PLC0415 - few pages need it

    n = len(first_wrong)
    only_first = int(np.sum(~first_wrong & second_wrong))
    only_second = int(np.sum(first_wrong & ~second_wrong))
    decisive = only_first + only_second
    if not decisive:
        return None
    p = min(1.0, 2 * float(bdtr(min(only_first, only_second), decisive, 0.5)))
    more, less, total = only_first + 0.5, only_second + 0.5, n + 2
    middle = (more - less) / total
    half = 1.96 * float(np.sqrt(more + less - (more - less) ** 2 / total)) / total
    difference = (only_first - only_second) / n
    ends = middle - half, middle + half
    return PairedTest("McNemar's test", n, difference, *ends, p, only_first, only_second)


@dataclass(frozen=True)
class SeedTest:
    """What several seeds each say of the difference of two recipes: means, and its 95 % interval."""

    first: float
    second: float
    lower: float
    upper: float
    p: float

    @property
    def is_clear(self) -> bool:
        """Whether the seeds hardly explain it: less than once in twenty times."""
        return self.p < 0.05


def seed_test(first: np.ndarray, second: np.ndarray) -> SeedTest | None:
    """Test whether two recipes differ in the mean over their seeds (Welch, 1947).

    Args:
        first, second: a measure of each seed, at least two of either.

    Returns:
        None where no seed makes a difference.
    """
    from scipy.special import stdtr, stdtrit  # noqa: PLC0415 - few pages need it

    parts = [values.var(ddof=1) / len(values) for values in (first, second)]
    variance = sum(parts)
    if not variance > 0:
        return None
    freedom = variance**2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True)
    )
    mean, error = float(second.mean() - first.mean()), float(np.sqrt(variance))
    half = float(stdtrit(freedom, _LEVEL)) * error
    p = 2 * float(stdtr(freedom, -abs(mean) / error))
    return SeedTest(float(first.mean()), float(second.mean()), mean - half, mean + half, p)
