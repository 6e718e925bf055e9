"""Rolling-origin backtest: the same recipe held against several stretches of the past, one after the other.

After Tashman (2000), “Out-of-sample tests of forecasting accuracy”.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from components.data.datasets import Series
from components.recipe import Forecast, Recipe
from components.tasks.forecasting import checks
from components.tasks.forecasting.panel import SeriesError, worst_first
from components.tasks.forecasting.result import ForecastResult
from components.tasks.issue import Issue
from components.tasks.result_file import Array

Training = Literal["expanding", "sliding"]

KINDS: tuple[Training, ...] = ("expanding", "sliding")
FEWEST_FOLDS, MOST_FOLDS = 2, 12
_TESTED = 3  # one part in so many of the series is gone through, where that is enough for the horizon


@dataclass(frozen=True)
class Backtest:
    """What a backtest is.

    Attributes:
        folds: stretches at the end of the series that are forecast, of equal length, one after the other.
        kind: what is learnt from: everything before a fold, or as much before each as before the first.
        refit: whether a model is trained anew for each fold; else the first one's goes through all.
    """

    folds: int
    kind: Training = "expanding"
    refit: bool = True

    @property
    def name(self) -> str:
        """Name it in a link and among files."""
        return f"{self.kind}-{self.folds}-{'refit' if self.refit else 'once'}"

    @property
    def training_count(self) -> int:
        """How many models are trained."""
        return self.folds if self.refit else 1

    @classmethod
    def from_name(cls, name: str) -> "Backtest | None":
        """Return the backtest of a name; None where it is none's."""
        for folds in range(FEWEST_FOLDS, MOST_FOLDS + 1):
            for kind in KINDS:
                for refit in (True, False):
                    one = cls(folds, kind, refit)
                    if one.name == name:
                        return one
        return None


@dataclass(frozen=True)
class FoldRange:
    """One fold, in rows of the series: learnt from `first` … `start` − 1, tested on `start` … `stop` − 1."""

    number: int
    first: int
    start: int
    stop: int


@dataclass(frozen=True, eq=False)
class Fold:
    """What a fold came to: N origins whose H steps ahead all lie in it.

    Attributes:
        number: from 1.
        first, start, stop: rows, as in `FoldRange`.
        origins: (N,) rows of the last known values.
        truth: (N, H).
        forecasts: label → (N, H), the model's first.
        series: that it is of; empty in what was kept before there were several.
        scale: how far off repeating last season was where it learnt, by which errors of several series are
            compared (MASE); None where that can't be told.
    """

    number: int
    first: int
    start: int
    stop: int
    origins: Array
    truth: Array
    forecasts: dict[str, Array]
    series: str = ""
    scale: float | None = None

    def without_first(self, rows: int) -> "Fold":
        """Return the same fold in the numbers that rows have without the first ones."""
        first, start, stop = (row - rows for row in (self.first, self.start, self.stop))
        return replace(self, first=max(0, first), start=start, stop=stop, origins=self.origins - rows)

    def errors(self) -> dict[str, float]:
        """Return everyone's mean absolute error."""
        return {label: float(np.abs(rows - self.truth).mean()) for label, rows in self.forecasts.items()}


@dataclass(frozen=True, eq=False)
class Part:
    """What one training of a backtest leaves: one fold, or all of them; of several series, of each."""

    folds: tuple[Fold, ...]


MODEL = "Your model"


def fold_ranges(backtest: Backtest, horizon: int, rows: int) -> tuple[FoldRange, ...]:
    """Lay the folds out: at the end of the series, each at least a horizon long."""
    size = max(horizon, rows // (_TESTED * backtest.folds))
    earliest = rows - size * backtest.folds
    return tuple(
        FoldRange(
            number=number + 1,
            first=size * number if backtest.kind == "sliding" and backtest.refit else 0,
            start=earliest + size * number,
            stop=earliest + size * (number + 1),
        )
        for number in range(backtest.folds)
    )


def issue(backtest: Backtest, recipe: Recipe, dataset: Series) -> Issue | None:
    """Return why a backtest can't work on a series: what its first, and smallest, training complains of."""
    first = fold_ranges(backtest, recipe.require_task(Forecast).horizon, dataset.rows)[0]
    if first.start < 3:
        return Issue("folds", "With this many folds there is nothing left to train on. Choose fewer.")
    found = checks.issues(*truncate(recipe, dataset, first.first, first.start, first.stop))
    if not found:
        return None
    return Issue(
        "folds",
        f"There are only {first.start:,} rows before the first fold. {found[0].message} Or choose "
        "fewer folds.",
    )


def ranges_of_training(backtest: Backtest, number: int, horizon: int, rows: int) -> tuple[FoldRange, ...]:
    """Return the folds that the training of that number, from 0, forecasts."""
    every = fold_ranges(backtest, horizon, rows)
    return every[number : number + 1] if backtest.refit else every


def truncate(recipe: Recipe, dataset: Series, first: int, start: int, stop: int) -> tuple[Recipe, Series]:
    """Return a series that ends where a fold does, and the recipe whose test set that fold is.

    Nothing that follows the fold is in it, so nothing of it can leak.
    """
    known, rows = start - first, stop - first
    preparation = recipe.preparation
    share = preparation.validation / (1 - preparation.test)
    validation = max(1, round(known * share), min(recipe.require_task(Forecast).horizon, known // 3))
    # Shares of exactly so many rows, which may be smaller or larger than a person may choose.
    exact = {"validation": (validation + 0.5) / rows, "test": (rows - known + 0.5) / rows}
    return (
        recipe.model_copy(update={"preparation": preparation.model_copy(update=exact)}),
        replace(dataset, table=dataset.table.iloc[first:stop]),
    )


def folds(result: ForecastResult, covered: Sequence[FoldRange]) -> tuple[Fold, ...]:
    """Divide the result of a training among the folds that it went through, series by series."""
    return tuple(fold for one in (result, *result.others) for fold in _of_series(one, covered))


def _of_series(result: ForecastResult, covered: Sequence[FoldRange]) -> tuple[Fold, ...]:
    first, ahead = covered[0].first, np.arange(1, result.horizon + 1)
    model = result.scores[0]
    late = covered[0].start - first - result.test_start  # rows that it began after the others
    rows = result.origins + first + late
    every = {MODEL: result.forecasts, **result.baselines}
    made = []
    for one in covered:
        own = (rows >= one.start - 1) & (rows + result.horizon < one.stop)
        if not own.any():  # it had ended before
            continue
        made.append(
            Fold(
                number=one.number,
                first=one.first,
                start=one.start,
                stop=one.stop,
                origins=rows[own],
                truth=result.truth[result.origins[own][:, None] + ahead],
                forecasts={label: values[own] for label, values in every.items()},
                series=result.target,
                scale=model.mae / model.mase if model.mase else None,
            )
        )
    return tuple(made)


def summary(every: Sequence[Fold], unit: str) -> str:
    """Return what a backtest came to, in a plain sentence."""
    errors = [fold.errors() for fold in every]
    rivals = [label for label in errors[0] if label != MODEL and all(label in held for held in errors)]
    means = {label: float(np.mean([held[label] for held in errors])) for label in (MODEL, *rivals)}
    best = min(rivals, key=means.__getitem__)
    of = f" {unit}" if unit else ""
    wins = sum(held[MODEL] < held[best] for held in errors)
    own = [held[MODEL] for held in errors]
    return (
        f"Over {len(every)} folds the model's mean absolute error is {means[MODEL]:.3g}{of} on "
        f"average, and between {min(own):.3g} and {max(own):.3g} in a single fold; the best of "
        f"the others, “{best}”, has {means[best]:.3g}. The model is better in {wins} of "
        f"{len(every)} folds."
    )


def by_series(every: Sequence[Fold]) -> dict[str, list[Fold]]:
    """Sort folds by the series that they are of, each series' in their order; the target's come first."""
    found: dict[str, list[Fold]] = {}
    for fold in every:
        found.setdefault(fold.series, []).append(fold)
    return {name: sorted(own, key=lambda fold: fold.number) for name, own in found.items()}


def mean_mase(every: Sequence[Fold]) -> dict[str, float] | None:
    """Return everyone's MASE over the folds of a series, the mean over folds; None where it has no scale.

    After Hyndman and Koehler (2006).
    """
    labels = [label for label in every[0].forecasts if all(label in fold.forecasts for fold in every)]
    if any(not fold.scale for fold in every):
        return None
    held = [(fold.errors(), fold.scale or 1) for fold in every]
    return {label: float(np.mean([errors[label] / scale for errors, scale in held])) for label in labels}


def series_errors(series: Mapping[str, Sequence[Fold]]) -> tuple[SeriesError, ...]:
    """Return the MASE on each series over its folds, the worst first; series without a scale are left out."""
    found = []
    for name, own in series.items():
        errors = mean_mase(own)
        if errors is not None:
            best = min((label for label in errors if label != MODEL), key=errors.__getitem__)
            found.append(SeriesError(name, errors[MODEL], best, errors[best]))
    return worst_first(found)


def panel_summary(every: Sequence[Fold]) -> str:
    """Return what a backtest of several series came to, in a plain sentence."""
    series = by_series(every)
    each = [found for own in series.values() if (found := mean_mase(own)) is not None]
    if not each:
        return "The errors of these series can't be compared on one scale."
    labels = [label for label in each[0] if all(label in found for found in each)]
    means = {label: float(np.mean([found[label] for found in each])) for label in labels}
    best = min((label for label in labels if label != MODEL), key=means.__getitem__)
    wins = sum(found[MODEL] < min(found[label] for label in labels if label != MODEL) for found in each)
    folds = len({fold.number for fold in every})
    return (
        f"Over {folds} folds of {len(each)} series the model's MASE is {means[MODEL]:.3g}; the "
        f"best of the others, “{best}”, has {means[best]:.3g}. MASE is relative to a seasonal "
        f"naive forecast on the training set. The model is better than all others on {wins} of "
        f"{len(each)} series."
    )
