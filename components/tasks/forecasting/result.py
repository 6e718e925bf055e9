"""What a finished forecast run leaves: numbers for the Results page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from components.insight.doctor.run_evidence import Outcome
from components.tasks.example_errors import ExampleErrors, fingerprint
from components.tasks.metrics import MAE, RMSE, Metric, Predictions
from components.tasks.result_file import Array, Index
from components.tasks.shrinkage import Shrinkage

HALF = 0.5
"""Level of the band within a band."""

_FITTED = ("model", "ets", "arima", "theta", "mean_of_three", "smoothing")

NOTHING = "zero"
"""The name of the forecast of nothing, which stands among the baselines of intermittent demand alone."""

AttentionRows = Literal["none", "step ahead", "head"]


@dataclass(frozen=True)
class Score:
    """How well one forecaster did on the test set, in the target's own units; percentages in percent.

    A measure that means nothing for this series (a percentage of zero) is None.
    """

    name: str
    """`model`, or the key of a baseline"""
    label: str
    mse: float
    mae: float
    rmse: float
    mape: float | None
    smape: float | None
    mase: float | None
    rmsse: float | None = None

    @property
    def is_simple(self) -> bool:
        """Whether it is a rule that costs nothing, rather than a method that is fitted."""
        return self.name not in _FITTED and not self.is_pretrained

    @property
    def is_pretrained(self) -> bool:
        """Whether it is a network that was trained on other series, and not on this one."""
        return self.name.startswith("pretrained")


def ranking_metric(scores: Sequence[Score]) -> Metric[Predictions]:
    """Return what forecasters are ranked by: the absolute error, or the squared one of intermittent demand.

    Where most values are 0, the smallest absolute error is that of a forecast of nothing (Kolassa, 2020).
    """
    return RMSE if any(score.name == NOTHING for score in scores) else MAE


@dataclass(frozen=True)
class Comparison:
    """Whether the model's lead over the best rule, or its lag, is more than chance.

    After Diebold and Mariano (1995). Negative statistics speak for the model.
    """

    rival: str
    """the label of the rule that comes closest on the test set"""
    origins: int
    needed: int
    """origins that the test needs"""
    statistic: float | None
    """None where there are too few origins, or both are always equally wrong"""
    p: float | None
    """how often chance alone makes a difference of this size or more"""

    @property
    def is_clear(self) -> bool:
        """Whether chance hardly explains it: less than once in twenty times."""
        return self.p is not None and self.p < 0.05


@dataclass(frozen=True)
class PanelVerdict:
    """What a model of several series came to over all of them.

    Attributes:
        scores: the means over the series: the model's first, then those of all that forecast every series.
        rival: the label of the best of the others.
        p: how often chance alone makes the two differ by as much over the series; None of too few to test.
        won: whether the model beat every other, by more than chance where that is known.
        of_target: the verdict on the target alone.
    """

    scores: tuple[Score, ...]
    rival: str
    p: float | None
    won: bool
    of_target: str


@dataclass(frozen=True, eq=False)
class Fan:
    """The ends of a band and of the one within it that shall hold half, all of one shape."""

    lower: Array
    half_lower: Array
    half_upper: Array
    upper: Array

    def each(self, change: Callable[[np.ndarray], np.ndarray]) -> "Fan":
        """Return the same of changed ends."""
        return Fan(*map(change, (self.lower, self.half_lower, self.half_upper, self.upper)))


@dataclass(frozen=True, eq=False)
class Band:
    """A band round each forecast, and what it was worth on the test set: N origins, H steps ahead.

    Attributes:
        name: conformal, own (of a model that learnt chance itself) or dropout.
        label: it in words.
        level: share of what comes that it shall hold.
        tested: (N, H) its ends on the test set, in the target's own units, as is everything else.
        future: (H,) the same beyond the end of the data.
        coverage: share of the test set that it held.
        half_coverage: the same of the one that shall hold half.
        by_step: (H,) what it held at each step ahead.
        width: mean distance of its ends.
        winkler: interval score.
        pinball: quantile loss, the mean of both ends'.
        crps: continuous ranked probability score.
        sentence: what it held, in plain words.
    """

    name: str
    label: str
    level: float
    tested: Fan
    future: Fan
    coverage: float
    half_coverage: float
    by_step: Array
    width: float
    winkler: float
    pinball: float
    crps: float
    sentence: str


@dataclass(frozen=True)
class ForecastResult:
    """Forecasts from every origin of the test set, beside the baselines' from the same origins.

    N origins, H steps ahead, `rows` rows in the dataset.
    """

    target: str
    unit: str
    scores: tuple[Score, ...]
    """the model's first, then the baselines'"""
    verdict: str
    """of the target of a panel, on all its series"""
    best_epoch: int
    attention_rows: AttentionRows
    times: Index
    """(rows,) of the whole series"""
    truth: Array
    """(rows,) the target"""
    test_start: int
    """row of the first value of the test set"""
    origins: Array
    """(N,) row of the last value that each forecast knows"""
    forecasts: Array
    """(N, H) the model's"""
    future_times: Index
    """(H,) beyond the end of the data"""
    future: Array
    """(H,) the model's forecast of them"""
    attention: Array | None = field(default=None)
    """(steps ahead or heads, window) weights, mean over the test origins; the window's newest step last"""
    baselines: dict[str, Array] = field(default_factory=dict)
    """label → (N, H)"""
    comparison: Comparison | None = None
    notes: tuple[str, ...] = ()
    """what is to be said of the baselines: which forms were chosen, what was left out and why"""
    bands: tuple[Band, ...] = ()
    """the conformal one first; none in results that were kept before there were any"""
    others: tuple["ForecastResult", ...] = ()
    """of the other series that were learnt together with this one"""
    shrinkage: Shrinkage | None = None
    """None where the forecast starts from nothing"""
    panel: PanelVerdict | None = None
    """of the target of a panel: what came of all series; None in results from before there was any"""

    @property
    def mean_mase(self) -> float | None:
        """The model's MASE, the mean over all series; None where one has none."""
        each = [result.scores[0].mase for result in (self, *self.others)]
        known = [one for one in each if one is not None]
        return sum(known) / len(known) if len(known) == len(each) else None

    @property
    def own_verdict(self) -> str:
        """The verdict on this series alone."""
        return self.verdict if self.panel is None else self.panel.of_target

    @property
    def won(self) -> bool:
        """Whether the model came closer than every baseline: by more than chance where that is known.

        Of a panel, over all of its series.
        """
        if self.panel is not None:
            return self.panel.won
        metric = ranking_metric(self.scores)
        if metric.value(self.scores[0]) >= metric.value(metric.best(self.scores[1:])):
            return False
        return self.comparison is None or self.comparison.p is None or self.comparison.is_clear

    @property
    def test_set(self) -> str:
        """A fingerprint of what it was measured on."""
        return fingerprint(self.target, self.truth[self.test_start :], self.origins, self.horizon)

    @property
    def errors(self) -> ExampleErrors:
        """The mean absolute error of the forecast from each origin."""
        ahead = self.origins[:, None] + np.arange(1, self.horizon + 1)
        missed = np.abs(self.truth[ahead] - self.forecasts).mean(axis=1)
        return ExampleErrors(missed, horizon=self.horizon)

    @property
    def outcome(self) -> Outcome:
        """What the training doctor goes by: the model's error, and that of the best rule.

        ETS, ARIMA and their like are no sign of a training gone wrong: they are trained themselves.
        """
        model, *others = self.scores if self.panel is None else self.panel.scores
        rules = [score for score in others if score.is_simple] or others
        return ranking_metric(self.scores).outcome(model, rules, self.won)

    @property
    def horizon(self) -> int:
        """Steps ahead."""
        return self.forecasts.shape[1]
