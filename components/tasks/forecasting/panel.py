"""What one model of several series came to: on each of them, the worst first, and on all together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np

from components.tasks.forecasting.metrics import MASE, RMSSE
from components.tasks.forecasting.result import ForecastResult, PanelVerdict, Score, ranking_metric
from components.tasks.metrics import MAE, Metric

Standing = Literal["ahead", "even", "behind"]
STANDINGS: dict[Standing, str] = {"ahead": "Ahead", "even": "About the same", "behind": "Behind"}
_EVEN = 0.01  # of the rival's error, within which the model is neither ahead nor behind
_FEWEST_TESTED = 6  # series: of fewer, no order of signs is unlikely enough to mean anything


@dataclass(frozen=True)
class SeriesError:
    """The model's error on a series beside that of the forecaster which comes closest to the truth there.

    Attributes:
        name: of the series.
        model: its error, in that of a naive forecast.
        rival: what the best of the others is called.
        best: its error, likewise.
    """

    name: str
    model: float
    rival: str
    best: float

    @property
    def ratio(self) -> float:
        """Times that the model's error is the rival's."""
        return self.model / max(self.best, 1e-12)

    @property
    def standing(self) -> Standing:
        """Whether the model is ahead of the best of the others."""
        if abs(self.ratio - 1) <= _EVEN:
            return "even"
        return "ahead" if self.ratio < 1 else "behind"


def scaled_metric(every: Sequence[ForecastResult]) -> Metric[Any]:
    """Return by what series of different sizes are compared: MASE, or RMSSE of intermittent demand."""
    return RMSSE if any(ranking_metric(one.scores) is not MAE for one in every) else MASE


def series_errors(result: ForecastResult) -> tuple[SeriesError, ...]:
    """Return the errors on each series of a panel, the worst first; series without a scale are left out."""
    every = (result, *result.others)
    metric = scaled_metric(every)
    found = []
    for one in every:
        errors = {score.label: metric.value(score) for score in one.scores}
        model, *others = one.scores
        known = [score for score in others if errors[score.label] is not None]
        if errors[model.label] is not None and known:
            best = metric.best(known)
            found.append(SeriesError(one.target, errors[model.label], best.label, errors[best.label]))
    return worst_first(found)


def worst_first(errors: Sequence[SeriesError]) -> tuple[SeriesError, ...]:
    """Sort series by how far the model is behind the best of the others."""
    return tuple(sorted(errors, key=lambda one: one.ratio, reverse=True))


def mean_scores(result: ForecastResult) -> tuple[Score, ...]:
    """Return the mean over all series of each score that all of them have: the model's first."""
    every = [{score.name: score for score in one.scores} for one in (result, *result.others)]
    shared = [score.name for score in result.scores if all(score.name in scores for scores in every)]
    return tuple(_mean([scores[name] for scores in every]) for name in shared)


def _mean(scores: Sequence[Score]) -> Score:
    held = {
        field.name: [getattr(score, field.name) for score in scores]
        for field in fields(Score)
        if field.name not in ("name", "label")
    }
    means: dict[str, Any] = {
        name: None if any(value is None for value in values) else float(np.mean(values))
        for name, values in held.items()
    }
    return replace(scores[0], **means)


def with_panel_verdict(result: ForecastResult) -> ForecastResult:
    """Return the result of a panel with a verdict on all of its series.

    Where there is one series, or the errors of one have no scale, the result stays as it is.
    """
    if not result.others:
        return result
    every, errors = (result, *result.others), series_errors(result)
    metric, (model, *others) = scaled_metric(every), mean_scores(result)
    rivals = [score for score in others if metric.value(score) is not None]
    if metric.value(model) is None or not rivals:
        return result
    best = metric.best(rivals)
    gain = 1 - metric.value(model) / max(metric.value(best), 1e-12)
    p = _signed_rank(_errors_of(every, model.name, metric), _errors_of(every, best.name, metric))
    many = {standing: sum(one.standing == standing for one in errors) for standing in STANDINGS}
    found = PanelVerdict(
        scores=(model, *others),
        rival=best.label,
        p=p,
        won=gain > _EVEN and (p is None or p < 0.05),
        of_target=result.verdict,
    )
    return replace(result, panel=found, verdict=_sentence(metric, model, best, gain, p, many))


def _errors_of(every: Sequence[ForecastResult], name: str, metric: Metric[Any]) -> np.ndarray:
    return np.array(
        [metric.value(next(score for score in one.scores if score.name == name)) for one in every]
    )


def _signed_rank(model: np.ndarray, rival: np.ndarray) -> float | None:
    """Return how often chance alone makes one of two so much better over the series (Wilcoxon, 1945)."""
    if len(model) < _FEWEST_TESTED or not (model != rival).any():
        return None
    from scipy.stats import wilcoxon  # noqa: PLC0415 - takes a second

    return float(wilcoxon(model, rival).pvalue)


def _sentence(
    metric: Metric[Any], model: Score, best: Score, gain: float, p: float | None, many: Mapping[Standing, int]
) -> str:
    series = sum(many.values())
    own = f"Over {series} series the model's mean {metric.title} is {metric.value(model):.3g}"
    other = f"that of “{best.label}”, the best of the others, is {metric.value(best):.3g}"
    if abs(gain) <= _EVEN:
        head = "The model is no better than the best of the others over all series."
    elif gain < 0:
        head = "Over all series the model doesn't beat the best of the others."
    elif p is not None and p >= 0.05:
        head = "The model is ahead over all series, but not significantly."
    else:
        head = "Over all series the model beats the naive forecasts and the classical methods."
    chance = ""
    if p is not None:
        likely = "is unlikely to be chance" if p < 0.05 else "may well be chance"
        chance = (
            f" A difference this large {likely} (Wilcoxon signed-rank test over the series, p = {p:.1g})."
        )
    return (
        f"{head} {own}; {other}.{chance} Compared with the best forecaster of each series, it is ahead "
        f"on {many['ahead']}, about the same on {many['even']} and behind on {many['behind']}."
    )
