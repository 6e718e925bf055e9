"""A linear model on TF-IDF as plain numbers, which is what a text classifier may start from."""

from dataclasses import dataclass

import numpy as np

from components.data.tokenizers.tokenizer import Vocabulary


@dataclass(frozen=True, eq=False)
class TfidfWeights:
    """Logits = normalised(count · rarity) · coefficients + intercept.

    Attributes:
        tokens: all that the training set holds.
        longest: tokens of the longest n-gram.
        grams: the n-grams that are counted, their tokens joined by spaces.
        rarity: (grams,) inverse document frequency of each.
        coefficients: (grams, outputs).
        intercept: (outputs,).
    """

    tokens: Vocabulary
    longest: int
    grams: tuple[str, ...]
    rarity: np.ndarray
    coefficients: np.ndarray
    intercept: np.ndarray
