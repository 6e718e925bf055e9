"""How good written answers are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from components.data.tokenizers.tokenizer import TokenLevel, tokenize
from components.glossary import explain
from components.tasks.metrics import Metric

if TYPE_CHECKING:
    from sacrebleu.metrics import BLEU

_LONG = 4
"""Tokens of an answer on average, from which on there is much that BLEU, which compares up to four in a row,
can compare."""


@dataclass(frozen=True, eq=False)
class Answers:
    """Answers that were written, and the right ones.

    Attributes:
        answers: texts.
        truths: texts, as many.
        level: of what a token is.
    """

    answers: Sequence[str]
    truths: Sequence[str]
    level: TokenLevel

    @cached_property
    def tokens(self) -> list[tuple[list[str], list[str]]]:
        """The tokens of each answer and of the right one."""
        pairs = zip(self.answers, self.truths, strict=True)
        return [(tokenize(answer, self.level), tokenize(truth, self.level)) for answer, truth in pairs]

    @cached_property
    def length(self) -> int:
        """Tokens of all right answers."""
        return sum(len(truth) for _, truth in self.tokens)


def _exact(answers: Answers) -> float:
    pairs = zip(answers.answers, answers.truths, strict=True)
    return float(np.mean([answer == truth for answer, truth in pairs]))


def _token_accuracy(answers: Answers) -> float:
    right = sum(
        sum(one == other for one, other in zip(answer, truth, strict=False)) + (len(answer) == len(truth))
        for answer, truth in answers.tokens
    )
    return right / (answers.length + len(answers.tokens))


def _bleu_score(answers: Answers) -> float:
    return _bleu(answers.level).corpus_score(answers.answers, [answers.truths]).score


def _chrf_score(answers: Answers) -> float:
    from sacrebleu.metrics import CHRF  # noqa: PLC0415 - takes a while, and only a worker needs it

    return CHRF().corpus_score(answers.answers, [answers.truths]).score


TOKENS = Metric[Answers](
    "tokens",
    "Token accuracy",
    "token accuracy",
    explain("Token accuracy"),
    _token_accuracy,
    larger_is_better=True,
    unit="%",
    factor=100,
    format=".1f",
)
METRICS: tuple[Metric[Answers], ...] = (
    Metric(
        "exact",
        "Exact match",
        "share of exact matches",
        explain("Exact match"),
        _exact,
        larger_is_better=True,
        unit="%",
        factor=100,
        format=".1f",
    ),
    TOKENS,
    Metric(
        "bleu",
        "BLEU",
        "BLEU",
        f"{explain('BLEU')} The n-grams have one to four tokens, or no more than the answer has; lengths "
        "without any match are smoothed.",
        _bleu_score,
        larger_is_better=True,
        format=".1f",
    ),
    Metric(
        "chrf",
        "chrF",
        "chrF",
        f"{explain('chrF')} The n-grams have one to six characters.",
        _chrf_score,
        larger_is_better=True,
        format=".1f",
    ),
)


def mean_length(truths: Sequence[str], level: TokenLevel) -> float:
    """Return the mean number of tokens of right answers."""
    return float(np.mean([len(tokenize(truth, level)) for truth in truths]))


def has_few_ngrams(truths: Sequence[str], level: TokenLevel) -> bool:
    """Return whether answers are so short that BLEU rests on few runs of four tokens, if on any."""
    return mean_length(truths, level) < _LONG


def signature(level: TokenLevel) -> str:
    """Return which BLEU and chrF are measured, so that others can measure the same (Post, 2018)."""
    from sacrebleu.metrics import CHRF  # noqa: PLC0415

    signatures = []
    for metric in (_bleu(level), CHRF()):
        metric.corpus_score(["a"], [["a"]])  # only then it knows how many right answers there are to each
        signatures.append(f"{type(metric).__name__}|{metric.get_signature()}")
    return ", ".join(signatures)


def _bleu(level: TokenLevel) -> "BLEU":
    from sacrebleu.metrics import BLEU  # noqa: PLC0415

    # Words are cut as everywhere in this field; of characters each one counts. Both are tokenised anew. Where
    # all answers are shorter than four tokens, BLEU is that of the runs that they have: else it would be 0.
    return BLEU(tokenize="char" if level == "character" else "13a", effective_order=True, force=True)
