"""The plain words on whether a model answers better than what costs nothing."""

from collections.abc import Sequence

from components.tasks.seq2seq.result import AnswerScore


def chat_verdict(
    model: AnswerScore, rules: Sequence[AnswerScore], many: int, remembered: float
) -> tuple[str, bool]:
    """Return what a chatbot has by heart and whether it beats the best simple rule, and that as yes or no."""
    best = max(rules, key=lambda rule: (rule.chrf, rule.exact))
    won = model.chrf > best.chrf + 1
    return (
        f"This is a toy. It gives {remembered:.0%} of the answers that it was trained on word for word, and "
        f"{model.exact:.0%} of {many:,} that were held back. What it writes there is {model.chrf:.0f}% "
        f"like the right answers (chrF): {'better' if won else 'no better'} than the best simple rule, "
        f"“{best.label.lower()}”, with {best.chrf:.0f}%.",
        won,
    )


def verdict(model: AnswerScore, rules: Sequence[AnswerScore], many: int) -> tuple[str, bool]:
    """Return whether the model beats the best simple rule: in a sentence, and as yes or no."""
    best = max(rules, key=lambda rule: (rule.chrf, rule.exact))
    own = (
        f"Of {many:,} texts that were held back it answers {model.exact:.1%} exactly right, and what it "
        f"writes is {model.chrf:.0f}% like the right answers (chrF)"
    )
    rule = f"the best simple rule, “{best.label.lower()}”, gets {best.exact:.1%} and {best.chrf:.0f}%"
    if model.chrf > best.chrf + 1:
        return f"The model beats the simple rules. {own}; {rule}.", True
    if model.chrf >= best.chrf - 1:
        return f"The model is no better than a simple rule. {own}; {rule}: about the same.", False
    return (
        f"The model did not beat the simple rules. {own}; {rule}. Train it longer, or on more pairs.",
        False,
    )
