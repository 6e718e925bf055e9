"""The plain words on whether a model beat what costs nothing, and whether that is more than chance."""

from components.tasks.forecasting.result import Comparison, Score
from components.tasks.metrics import MAE


def verdict(
    model: Score, baselines: tuple[Score, ...], unit: str, comparison: Comparison | None = None
) -> str:
    """Compare the model with the best of the baselines by their mean absolute error on the test set."""
    best = MAE.best(baselines)
    of = f" {unit}" if unit else ""
    own = f"On average the model's forecasts are off by {model.mae:.3g}{of}"
    kind = "baseline" if best.is_simple else "classical method"
    rule = f"the best {kind}, “{_name(best)}”,"
    if best.mae == 0:
        return f"{own}; {rule} is never off. There is nothing here for a model to learn."
    gain, chance = 1 - model.mae / best.mae, _chance(comparison)
    if gain > 0.01:
        return (
            f"{_ahead(baselines, comparison)} {own}; {rule} by {best.mae:.3g}{of}, "
            f"so the model's error is {gain:.0%} smaller.{chance}"
        )
    if gain >= -0.01:
        no_better = "a naive forecast" if best.is_simple else f"{_name(best)}"
        return (
            f"The model is no better than {no_better}. {own}, and {rule} by {best.mae:.3g}{of}: "
            "about the same."
        )
    return f"{_behind(model, baselines)} {own}; {rule} only by {best.mae:.3g}{of}.{chance} {_advice(best)}"


def _name(score: Score) -> str:
    return score.label.lower() if score.is_simple else score.label


def _ahead(baselines: tuple[Score, ...], comparison: Comparison | None) -> str:
    if comparison is not None and comparison.p is not None and not comparison.is_clear:
        return "The model is ahead, but not significantly."
    if any(not score.is_simple for score in baselines):
        return "The model beats the naive forecasts and the classical methods."
    return "The model beats the naive forecasts."


def _behind(model: Score, baselines: tuple[Score, ...]) -> str:
    simple = min((score.mae for score in baselines if score.is_simple), default=float("inf"))
    if model.mae < 0.99 * simple:
        return "The model beats the naive forecasts, but not the classical methods."
    return "The model doesn't beat the naive forecasts."


def _advice(best: Score) -> str:
    trusted = "the baseline" if best.is_simple else best.label
    return f"Use {trusted}, or change the recipe and train again."


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
