"""The plain words on whether a model beat what costs nothing, and whether that is more than chance."""

from components.recipe import ForecastBase
from components.tasks.forecasting.result import Comparison, Score, ranking_metric
from components.tasks.metrics import MAE, RMSE
from components.tasks.shrinkage import Shrinkage, learnt_sentence

_NEXT_TO_NOTHING = 0.1  # share of the mean demand


def verdict(
    model: Score,
    baselines: tuple[Score, ...],
    unit: str,
    comparison: Comparison | None = None,
    shrinkage: Shrinkage | None = None,
    base: ForecastBase = "none",
    share: float = 1.0,
) -> str:
    """Compare the model with the best of the baselines by their error on the test set.

    Args:
        model: its score.
        baselines: the scores of all others.
        unit: of the target.
        comparison: whether chance explains the difference.
        shrinkage: how much of what the network learnt is added to its start.
        base: what the start is.
        share: the mean of the model's forecasts over that of the truth.
    """
    if ranking_metric(baselines) is RMSE:
        compared = _compared_on_demand(model, baselines, unit, comparison, share)
    else:
        compared = _compared(model, baselines, unit, comparison)
    return compared if shrinkage is None else f"{compared} {learnt(shrinkage, base)}"


def learnt(shrinkage: Shrinkage, base: ForecastBase) -> str:
    """Return how much of what the network learnt lasts."""
    return learnt_sentence(shrinkage, "forecast", _STARTS[base])


_STARTS: dict[ForecastBase, str] = {
    "none": "zero",
    "last": "the last value",
    "season": "the last season",
    "classical": "averaged exponential smoothing",
    "pretrained": "the forecast of the pretrained network",
    "combination": "the mean of the pretrained networks and Theta",
}


def _compared(model: Score, baselines: tuple[Score, ...], unit: str, comparison: Comparison | None) -> str:
    best = MAE.best(baselines)
    of = f" {unit}" if unit else ""
    own = f"On average the model's forecasts are off by {model.mae:.3g}{of}"
    rule = f"{_trusted(best)}," if best.is_pretrained else f"the best {_kind(best)}, “{_name(best)}”,"
    if best.mae == 0:
        return f"{own}; {rule} is never off. There is nothing here for a model to learn."
    gain, chance = 1 - model.mae / best.mae, _chance(comparison)
    if gain > 0.01:
        return (
            f"{_ahead(baselines, comparison)} {own}; {rule} by {best.mae:.3g}{of}, "
            f"so the model's error is {gain:.0%} smaller.{chance}"
        )
    if gain >= -0.01:
        no_better = "a naive forecast" if best.is_simple else _trusted(best)
        return (
            f"The model is no better than {no_better}. {own}, and {rule} by {best.mae:.3g}{of}: "
            "about the same."
        )
    return f"{_behind(model, baselines)} {own}; {rule} only by {best.mae:.3g}{of}.{chance} {_advice(best)}"


def _compared_on_demand(
    model: Score, baselines: tuple[Score, ...], unit: str, comparison: Comparison | None, share: float
) -> str:
    """Compare forecasts of intermittent demand, where a forecast of nothing is never praised."""
    best = RMSE.best(baselines)
    of = f" {unit}" if unit else ""
    gain = 1 - model.rmse / best.rmse if best.rmse else 0.0
    if share < _NEXT_TO_NOTHING:
        head = f"The model forecasts next to nothing: on average {share:.0%} of what was really needed."
    elif gain <= -0.01:
        head = "The model doesn't beat the baselines."
    elif gain <= 0.01:
        head = "The model is no better than the best of the baselines."
    elif comparison is not None and comparison.p is not None and not comparison.is_clear:
        head = "The model is ahead, but not significantly."
    else:
        head = "The model beats the baselines."
    return (
        f"{head} Its root mean squared error is {model.rmse:.3g}{of}; that of “{best.label}”, the best of "
        f"the others, is {best.rmse:.3g}{of}.{_chance(comparison)} Many values are 0, and an absolute error "
        "would reward always forecasting 0, so forecasts are ranked by their squared error."
    )


def _kind(score: Score) -> str:
    return "baseline" if score.is_simple else "classical method"


def _name(score: Score) -> str:
    return score.label.lower() if score.is_simple else score.label


def _ahead(baselines: tuple[Score, ...], comparison: Comparison | None) -> str:
    if comparison is not None and comparison.p is not None and not comparison.is_clear:
        return "The model is ahead, but not significantly."
    if any(score.is_pretrained for score in baselines):
        return "The model beats the naive forecasts, the classical methods and the pretrained network."
    if any(not score.is_simple for score in baselines):
        return "The model beats the naive forecasts and the classical methods."
    return "The model beats the naive forecasts."


def _behind(model: Score, baselines: tuple[Score, ...]) -> str:
    simple = min((score.mae for score in baselines if score.is_simple), default=float("inf"))
    fitted = [score.mae for score in baselines if not score.is_simple and not score.is_pretrained]
    if model.mae < 0.99 * min(fitted, default=simple):
        return "The model beats the classical methods, but not the pretrained network."
    if model.mae < 0.99 * simple:
        return "The model beats the naive forecasts, but not the classical methods."
    return "The model doesn't beat the naive forecasts."


def _advice(best: Score) -> str:
    trusted = "the baseline" if best.is_simple else _trusted(best)
    return f"Use {trusted}, or change the recipe and train again."


def _trusted(best: Score) -> str:
    """Return what the best of the others is called in a sentence."""
    return _IN_SENTENCES.get(best.name, "the pretrained network" if best.is_pretrained else best.label)


_IN_SENTENCES = {
    "mean_of_three": "the mean of ETS, ARIMA and Theta",
    "smoothing": "averaged exponential smoothing",
    "pretrained_combination": "the mean of the pretrained networks and Theta",
}


def _chance(comparison: Comparison | None) -> str:
    """Return whether chance explains a difference."""
    if comparison is None:
        return ""
    if comparison.p is None:
        if comparison.origins >= comparison.needed:
            return ""
        return (
            f" The test set gives {comparison.origins} forecasts, too few to test whether the "
            f"difference is significant: that takes {comparison.needed}."
        )
    p = "p < 0.001" if comparison.p < 0.001 else f"p = {comparison.p:.1g}"
    if comparison.is_clear:
        return f" A difference this large is unlikely to be chance (Diebold–Mariano test, {p})."
    return f" But a difference this large may well be chance (Diebold–Mariano test, {p})."
