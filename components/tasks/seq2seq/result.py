"""What a run that learnt to write answers leaves."""

from dataclasses import dataclass

import numpy as np

from components.data.tokenizers.tokenizer import TokenLevel
from components.insight.doctor.run_evidence import Outcome
from components.tasks.example_errors import ExampleErrors, fingerprint
from components.tasks.result_file import Array
from components.tasks.seq2seq.metrics import TOKENS


@dataclass(frozen=True)
class AnswerScore:
    """How well one answerer did on the test set.

    Attributes:
        name: `model`, or the key of a baseline.
        exact: share of its answers that are right to the last token.
        tokens: share of the right answers' tokens, their ends included, that it wrote in their places.
        bleu: Papineni et al. (2002), from 0 to 100, smoothed exponentially (Chen and Cherry, 2014); None in
            results from before it was smoothed, where answers were too short for it.
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
    weights: Array


@dataclass(frozen=True)
class AnswersResult:
    """Answers to unseen texts, beside the right ones and those of baselines.

    Attributes:
        names: of both sides of a pair.
        scores: the model's first, then the baselines'.
        level: of what a token is.
        beams: followed at the same time while answers were looked for.
        metrics: which BLEU and chrF these are, in sacrebleu's own words.
        unseen: pairs of the test set; so many as `sources` holds were answered.
        repeated: how many of the answered texts stand word for word in the training set, too.
        unknown: share of the answered texts' tokens that the model doesn't know.
        remembered: share of texts of the training set that it answers exactly right.
        sources, truths, answers: of each answered pair; cut into tokens and joined again, so that spaces and,
            where it doesn't matter, capitals are the same everywhere.
        near_sources, near_answers: the most similar training pair of each.
        alignments: of some of them; none without attention.
        source_merges, answer_merges: the byte pairs of both sides as SentencePiece keeps them, bytes; None at
            the other levels.
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
    source_merges: Array | None = None
    answer_merges: Array | None = None

    @property
    def test_set(self) -> str:
        """A fingerprint of what it was measured on."""
        return fingerprint(*self.sources, *self.truths)

    @property
    def errors(self) -> ExampleErrors:
        """Which answers aren't exactly right."""
        return ExampleErrors((~self.right).astype(float), is_wrong=True)

    @property
    def outcome(self) -> Outcome:
        """What the training doctor goes by: the share of tokens in place, and that of the best rule."""
        model, *rules = self.scores
        return TOKENS.outcome(model, rules, self.won)

    @property
    def right(self) -> np.ndarray:
        """Which answers are exactly right, (answered,) bool."""
        return np.array([answer == truth for answer, truth in zip(self.answers, self.truths, strict=True)])
