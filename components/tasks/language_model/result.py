"""What a finished language model leaves: what the test set cost it, and a stretch of it with every guess."""

from dataclasses import dataclass
from typing import Literal

from components.insight.doctor.run_evidence import Outcome
from components.tasks.example_errors import fingerprint
from components.tasks.language_model.metrics import NATS
from components.tasks.language_model.token_probabilities import Token
from components.tasks.result_file import Array


@dataclass(frozen=True)
class Score:
    """What the test set cost a model, or a rule that costs nothing."""

    name: str
    """`model`, or the key of a baseline"""
    label: str
    nats: float
    """mean −ln of the probability of each token, spelling of unknown ones included"""
    bits: float
    """for each character: sum of −log₂ of the probabilities, over the characters"""
    perplexity: float
    """exp(nats): among how many equally likely tokens it would be as unsure"""


@dataclass(frozen=True)
class LanguageResult:
    """Scores on the test set, the model's first, and its beginning as the model read it."""

    verdict: str
    won: bool
    level: Literal["character", "word", "byte_pair"]
    best_epoch: int
    scores: tuple[Score, ...]
    tokens: int
    """of the test set that were foretold"""
    characters: int
    """that they are"""
    unknown: float
    """share of them that the lexicon doesn't know"""
    vocabulary: int
    passage: tuple[Token, ...]
    merges: Array | None = None
    """bytes of the file by which SentencePiece cuts a text, uint8; None where a token is no byte pair"""

    @property
    def test_set(self) -> str:
        """A fingerprint of what it was measured on: a token must be the same, too."""
        beginning = "".join(token.text for token in self.passage)
        return fingerprint(self.level, self.vocabulary, self.tokens, self.characters, beginning)

    @property
    def errors(self) -> None:
        """Nothing: what each token cost isn't kept."""
        return None

    @property
    def outcome(self) -> Outcome:
        """What the training doctor goes by: what a token costs the model, and the best rule."""
        model, *rules = self.scores
        return NATS.outcome(model, rules, self.won)
