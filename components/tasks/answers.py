"""How good written answers are, and what a run that learnt to write them leaves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from components.data.tokenizers.tokenizer import TokenLevel, tokenize
from components.insight.doctor.run_evidence import Outcome

_LONG = 4
"""Tokens of an answer on average, from which on BLEU, which compares up to four in a row, means something."""


@dataclass(frozen=True)
class AnswerScore:
    """How well one answerer did on the test part.

    Attributes:
        name: `model`, or the key of a simple rule.
        exact: share of its answers that are right to the last token.
        tokens: share of the right answers' tokens, their ends included, that it wrote in their places.
        bleu: Papineni et al. (2002), from 0 to 100; None where answers are too short for it.
        chrf: Popović (2015), from 0 to 100.
    """

    name: str
    label: str
    exact: float
    tokens: float
    bleu: float | None
    chrf: float


@dataclass(frozen=True)
class Alignment:
    """Where was looked while one test text was answered.

    Attributes:
        text: which of the tested ones.
        source: its S tokens.
        answer: the T tokens written, the end included if it came to it.
        weights: (T, S), each row adding up to 1.
    """

    text: int
    source: tuple[str, ...]
    answer: tuple[str, ...]
    weights: np.ndarray


@dataclass(frozen=True)
class AnswersResult:
    """Answers to unseen texts, beside the right ones and those of simple rules.

    Attributes:
        names: of both sides of a pair.
        scores: the model's first, then the simple rules'.
        level: of what a token is.
        beams: followed at the same time while answers were looked for.
        metrics: which BLEU and chrF these are, in sacrebleu's own words.
        unseen: pairs of the test part; so many as `sources` holds were answered.
        repeated: how many of the answered texts stand word for word in the training part, too.
        unknown: share of the answered texts' tokens that the model doesn't know.
        remembered: share of texts of the training part that it answers exactly right.
        sources, truths, answers: of each answered pair; cut into tokens and joined again, so that spaces and,
            where it doesn't matter, capitals are the same everywhere.
        near_sources, near_answers: the most similar training pair of each.
        alignments: of some of them; none without attention.
    """

    names: tuple[str, str]
    scores: tuple[AnswerScore, ...]
    verdict: str
    won: bool
    best_epoch: int
    level: TokenLevel
    beams: int
    metrics: str
    unseen: int
    repeated: int
    unknown: float
    remembered: float
    sources: tuple[str, ...]
    truths: tuple[str, ...]
    answers: tuple[str, ...]
    near_sources: tuple[str, ...]
    near_answers: tuple[str, ...]
    alignments: tuple[Alignment, ...]

    @property
    def outcome(self) -> Outcome:
        """What the training doctor goes by: the share of tokens in place, and that of the best rule."""
        model, *rules = self.scores
        best = max(rules, key=lambda score: score.tokens)
        return Outcome(
            "the share of tokens in their places", model.tokens, best.tokens, best.label, True, self.won
        )

    @property
    def right(self) -> np.ndarray:
        """Which answers are exactly right, (answered,) bool."""
        return np.array([answer == truth for answer, truth in zip(self.answers, self.truths, strict=True)])


def score(
    name: str, label: str, answers: Sequence[str], truths: Sequence[str], level: TokenLevel
) -> AnswerScore:
    """Compare answers with the right ones."""
    from sacrebleu.metrics import CHRF  # noqa: PLC0415 - takes a while, and only a worker needs it

    pairs = [
        (tokenize(answer, level), tokenize(truth, level))
        for answer, truth in zip(answers, truths, strict=True)
    ]
    in_place = sum(
        sum(one == other for one, other in zip(answer, truth, strict=False)) + (len(answer) == len(truth))
        for answer, truth in pairs
    )
    length = sum(len(truth) for _, truth in pairs)
    means_something = length >= _LONG * len(pairs)
    return AnswerScore(
        name=name,
        label=label,
        exact=float(np.mean([answer == truth for answer, truth in zip(answers, truths, strict=True)])),
        tokens=in_place / (length + len(pairs)),
        bleu=_bleu(level).corpus_score(answers, [truths]).score if means_something else None,
        chrf=CHRF().corpus_score(answers, [truths]).score,
    )


def metrics(level: TokenLevel) -> str:
    """Return which BLEU and chrF are measured, so that others can measure the same (Post, 2018)."""
    from sacrebleu.metrics import CHRF  # noqa: PLC0415

    signatures = []
    for metric in (_bleu(level), CHRF()):
        metric.corpus_score(["a"], [["a"]])  # only then it knows how many right answers there are to each
        signatures.append(f"{type(metric).__name__}|{metric.get_signature()}")
    return ", ".join(signatures)


def _bleu(level: TokenLevel):
    from sacrebleu.metrics import BLEU  # noqa: PLC0415

    # Words are cut as everywhere in this field; of characters each one counts. Both are tokenised anew.
    return BLEU(tokenize="char" if level == "character" else "13a", force=True)


def verdict_on_talk(
    model: AnswerScore, rules: Sequence[AnswerScore], many: int, remembered: float
) -> tuple[str, bool]:
    """Say of a chatbot what it has by heart, and whether it answers better than the best simple rule."""
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
    """Return whether the model answers better than the best simple rule: in a sentence, and as yes or no."""
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
