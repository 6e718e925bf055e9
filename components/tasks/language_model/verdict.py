"""The plain words on whether a language model beat the n-gram baselines."""

from components.tasks.language_model.metrics import BITS
from components.tasks.language_model.result import Score


def verdict(scores: tuple[Score, ...]) -> tuple[str, bool]:
    """Return whether the model beat the best of the n-gram baselines: in a sentence, and as yes or no."""
    model, *others = scores
    best = BITS.best(others)
    own = f"It needs {model.bits:.2f} bits per character on text that it has never seen"
    rule = f"the best baseline, “{best.label}”, needs {best.bits:.2f}"
    gain = 1 - model.bits / best.bits
    if gain > 0.01:
        return f"The model beats the n-gram baselines. {own}; {rule}.", True
    if gain >= -0.01:
        return f"The model is no better than an n-gram baseline. {own}, and {rule}: about the same.", False
    return (
        f"The model doesn't beat the n-gram baselines. {own}; {rule}. Train it longer, or make it larger."
    ), False
