"""Bands round forecasts, each with what it held of the test set: for a worker."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from components.cancellation import raise_if_cancelled
from components.tasks.forecasting import interval_scores as intervals
from components.tasks.forecasting.conformal import MOST, margins, nonconformity, widen
from components.tasks.forecasting.problem import ForecastProblem
from components.tasks.forecasting.result import HALF, Band, Fan

if TYPE_CHECKING:
    from components.models.forecaster import Forecaster

Quantiles: TypeAlias = tuple[np.ndarray, ...]
"""(Q, N, H) quantiles in the target's own units, of each of some sets of examples."""

GRID = np.arange(1, 10) / 10
"""The quantiles that the CRPS is measured by."""
_NEAR = 0.05  # of the level: so close, a band does what it says
_PORTION = 256  # examples that are forecast at a time with dropout at work
_LABELS = {
    "quantile": "Learnt quantiles",
    "gaussian": "Normal distribution",
    "student_t": "Student's t distribution",
    "negative_binomial": "Negative binomial distribution",
}


def prediction_intervals(
    problem: ForecastProblem,
    outputs: Callable[[np.ndarray], np.ndarray],
    built: "Forecaster",
    is_start: bool = False,
) -> tuple[Band, ...]:
    """Make all bands that there are: the conformal one first, the model's own, that of dropout.

    Args:
        problem: the series.
        outputs: maps examples to the trained model's outputs.
        built: the model, trained.
        is_start: whether the forecast is what it starts from, to which the model adds nothing. It has learnt
            nothing from the training set, so its misses there count as well: of a short series those of the
            validation set are few.
    """
    is_free = is_start or problem.is_new
    calibrated = problem.before_test[-MOST:] if is_free else problem.validation
    level = problem.task.level
    at = np.unique(np.round([*GRID, *_ends(HALF), *_ends(level)], 6))
    examples = (calibrated, *_tested(problem))
    own = tuple(
        _in_units(problem, problem.distribution.quantiles(outputs(some).astype(np.float64), at), some)
        for some in examples
    )
    found = [_band(problem, "conformal", "Conformal", at, _conformal(problem, calibrated, own, at))]
    if problem.distribution.is_probabilistic:
        found.append(_band(problem, "own", _LABELS[problem.task.loss], at, own))
    if problem.task.passes:
        found.append(_band(problem, "dropout", "Dropout", at, _by_dropout(problem, built, at)))
    return tuple(found)


def _tested(problem: ForecastProblem) -> tuple[np.ndarray, np.ndarray]:
    """Return the examples that bands are judged on, and the newest window."""
    return problem.test, np.array([problem.dataset.rows - problem.task.window], dtype=np.int32)


def _in_units(problem: ForecastProblem, quantiles: np.ndarray, examples: np.ndarray) -> np.ndarray:
    return np.stack([problem.in_units(one, examples) for one in quantiles])


def _conformal(problem: ForecastProblem, calibrated: np.ndarray, own: Quantiles, at: np.ndarray) -> Quantiles:
    """Widen each pair of quantiles that lie opposite each other by what was missed before.

    With the logarithm, misses are measured in it, so that a band is wide where the values are high.

    Args:
        problem: the series.
        calibrated: (M,) examples whose misses are measured.
        own: the quantiles of these, of the test set and of the newest window.
        at: (Q,) the shares of the quantiles.
    """
    past, test, future = (problem.to_error_scale(one) for one in own)
    before, later = (problem.to_error_scale(problem.truth(part)) for part in (calibrated, problem.test))
    for low in range(len(at) // 2):
        high = len(at) - 1 - low
        margin, last = margins(
            nonconformity(before, past[low], past[high]),
            nonconformity(later, test[low], test[high]),
            at[high] - at[low],
        )
        test[low], test[high] = widen(test[low], test[high], margin)
        future[low], future[high] = widen(future[low], future[high], last)
    ordered = (problem.from_error_scale(np.sort(one, axis=0)) for one in (test, future))
    lowest, highest = problem.task.bounds
    if problem.task.loss == "negative_binomial":
        lowest = max(0.0, lowest)
    return tuple(np.clip(one, lowest, highest) for one in ordered)


def _by_dropout(problem: ForecastProblem, built: "Forecaster", at: np.ndarray) -> Quantiles:
    """Forecast often with other units dropped out each time (Gal and Ghahramani, 2016).

    Where the model knows chance itself, a draw of it comes on top.
    """
    chance, passes = np.random.default_rng(0), problem.task.passes

    def portion(examples: np.ndarray) -> np.ndarray:
        inputs, _ = problem.batch(examples)
        draws = []
        for _ in range(passes):
            raise_if_cancelled()
            draw = problem.distribution.draw(np.array(built.dropout_outputs(inputs), np.float64), chance)
            draws.append(problem.in_units(draw, examples))
        return np.quantile(draws, at, axis=0)

    return tuple(
        np.concatenate(
            [portion(few) for few in np.array_split(examples, -(-len(examples) // _PORTION))], axis=1
        )
        for examples in _tested(problem)
    )


def _band(problem: ForecastProblem, name: str, label: str, at: np.ndarray, found: Quantiles) -> Band:
    """Judge quantiles of the test set and of the newest window, which come last, in this order."""
    test, future = found[-2:]
    level, truth = problem.task.level, problem.truth(problem.test)
    tested = _fan(test, at, level)
    held = (tested.lower <= truth) & (truth <= tested.upper)
    ends = zip((tested.lower, tested.upper), _ends(level), strict=True)
    return Band(
        name=name,
        label=label,
        level=level,
        tested=tested,
        future=_fan(future[:, 0], at, level),
        coverage=float(held.mean()),
        half_coverage=intervals.coverage(truth, tested.half_lower, tested.half_upper),
        by_step=held.mean(axis=0),
        width=float(np.mean(tested.upper - tested.lower)),
        winkler=intervals.winkler(truth, tested.lower, tested.upper, level),
        pinball=float(np.mean([intervals.pinball(truth, *end) for end in ends])),
        crps=intervals.crps(truth, test[_places(at, GRID)], GRID),
        sentence=coverage_sentence(level, float(held.mean())),
    )


def _fan(quantiles: np.ndarray, at: np.ndarray, level: float) -> Fan:
    low, high = _ends(level)
    return Fan(*quantiles[_places(at, (low, *_ends(HALF), high))])


def _places(at: np.ndarray, shares: ArrayLike) -> np.ndarray:
    return np.abs(at - np.asarray(shares)[:, None]).argmin(axis=1)


def coverage_sentence(level: float, coverage: float) -> str:
    """Return what a band held of the test set, in plain words."""
    if abs(coverage - level) <= _NEAR:
        so = "it is well calibrated"
    elif coverage < level:
        so = "it is overconfident (too narrow)"
    else:
        so = "it is underconfident (too wide)"
    return f"The {level:.0%} prediction interval covers {coverage:.0%} of the values of the test set: {so}."


def _ends(level: float) -> tuple[float, float]:
    return (1 - level) / 2, (1 + level) / 2
