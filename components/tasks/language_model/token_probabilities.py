"""A stretch of text with what a model expected at each place of it."""

from dataclasses import dataclass

import numpy as np

from components.data.tokenizers.subword_tokenizer import UNKNOWN, SubwordTokenizer
from components.models.sampling import softmax

OTHERS = 5
"""Likeliest tokens that are named at each place."""


@dataclass(frozen=True)
class Token:
    """A token, how likely the model held it, and what it held likeliest in its place."""

    text: str
    chance: float
    others: tuple[tuple[str, float], ...]
    """tokens and their probabilities, the likeliest first; the token itself may be among them"""


def token(lexicon: SubwordTokenizer, text: str, code: int, logits: np.ndarray) -> Token:
    """Return how a model's expectation, (vocabulary,) logits, compares with a token."""
    expected = softmax(logits)
    likeliest = np.argsort(-expected, kind="stable")[:OTHERS]
    named = ((lexicon.tokens[at] if at != UNKNOWN else "", float(expected[at])) for at in likeliest)
    return Token(text, float(expected[code]), tuple(named))
