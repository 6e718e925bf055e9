"""The plain words on whether a model answers better than what costs nothing."""

from collections.abc import Sequence

from components.tasks.seq2seq.result import AnswerScore


def chat_verdict(
    model: AnswerScore, rules: Sequence[AnswerScore], many: int, remembered: float
) -> tuple[str, bool]:
    """Return how much a chatbot has memorised and whether it beats the best baseline, and that as yes or
    no."""
    best = max(rules, key=lambda rule: (rule.chrf, rule.exact))
    won = model.chrf > best.chrf + 1
    return (
        f"This is a toy. It answers {remembered:.0%} of its training lines word for word, and "
        f"{model.exact:.0%} of {many:,} test lines. On the test set its chrF is {model.chrf:.0f} "
        f"out of 100: {'better' if won else 'no better'} than the best baseline, “{best.label}”, "
        f"with {best.chrf:.0f}.",
        won,
    )


def verdict(model: AnswerScore, rules: Sequence[AnswerScore], many: int) -> tuple[str, bool]:
    """Return whether the model beats the best baseline: in a sentence, and as yes or no."""
    best = max(rules, key=lambda rule: (rule.chrf, rule.exact))
    own = (
        f"On {many:,} test texts, {model.exact:.1%} of its answers are exactly right and its chrF "
        f"is {model.chrf:.0f} out of 100"
    )
    rule = f"the best baseline, “{best.label}”, has {best.exact:.1%} and {best.chrf:.0f}"
    if model.chrf > best.chrf + 1:
        return f"The model beats the baselines. {own}; {rule}.", True
    if model.chrf >= best.chrf - 1:
        return f"The model is no better than a baseline. {own}; {rule}: about the same.", False
    return (
        f"The model doesn't beat the baselines. {own}; {rule}. Train it longer, or on more pairs.",
        False,
    )
