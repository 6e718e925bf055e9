"""The plain words on whether a language model beat those who only count."""

from components.tasks.language_model.metrics import BITS
from components.tasks.language_model.result import Score


def verdict(scores: tuple[Score, ...]) -> tuple[str, bool]:
    """Return whether the model beat the best of those who only count: in a sentence, and as yes or no."""
    model, *others = scores
    best = BITS.best(others)
    own = f"It needs {model.bits:.2f} bits for each character of a text that it has never seen"
    rule = f"the best that counting alone can do, “{best.label}”, needs {best.bits:.2f}"
    gain = 1 - model.bits / best.bits
    if gain > 0.01:
        return f"The model has learnt more than which tokens often follow each other. {own}; {rule}.", True
    if gain >= -0.01:
        return f"The model is no better than counting. {own}, and {rule}: about the same.", False
    return f"The model does worse than counting. {own}; {rule}. Train it longer, or make it larger.", False
