"""The one plain sentence on whether a model beat doing nothing."""

from components.tasks.forecasting.result import Score


def verdict(model: Score, baselines: tuple[Score, ...], unit: str) -> str:
    """Compare the model with the best of the baselines by their mean absolute error on the test part."""
    best = min(baselines, key=lambda score: score.mae)
    of = f" {unit}" if unit else ""
    own = f"On average the model's forecasts are off by {model.mae:.3g}{of}"
    rule = f"the best simple rule, “{best.label.lower()}”,"
    if best.mae == 0:
        return f"{own}; {rule} is never off at all. There is nothing here for a model to learn."
    gain = 1 - model.mae / best.mae
    if gain > 0.01:
        return (
            f"The model beats doing nothing. {own}; {rule} by {best.mae:.3g}{of}, "
            f"so the model's error is {gain:.0%} smaller."
        )
    if gain >= -0.01:
        return (
            f"The model is no better than doing nothing. {own}, and {rule} by {best.mae:.3g}{of}: "
            "about the same."
        )
    return (
        f"The model did not beat doing nothing. {own}; {rule} only by {best.mae:.3g}{of}. "
        "Trust the simple rule, or change something and train again."
    )
