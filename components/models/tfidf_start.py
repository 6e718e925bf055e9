"""A linear model on TF-IDF as plain numbers, which is what a text classifier may start from."""

from dataclasses import dataclass

import numpy as np

from components.data.tokenizers.tokenizer import Vocabulary


@dataclass(frozen=True, eq=False)
class TfidfBlock:
    """What is counted at one level: normalised(count · rarity) · coefficients.

    Attributes:
        tokens: all that the training set holds.
        longest: tokens of the longest n-gram.
        grams: the n-grams that are counted, their tokens joined by spaces.
        rarity: (grams,) inverse document frequency of each.
        coefficients: (grams, outputs).
    """

    tokens: Vocabulary
    longest: int
    grams: tuple[str, ...]
    rarity: np.ndarray
    coefficients: np.ndarray


@dataclass(frozen=True, eq=False)
class TfidfWeights:
    """A linear model: its logits are the sum of what the blocks give and of the intercept, (outputs,)."""

    blocks: tuple[TfidfBlock, ...]
    intercept: np.ndarray
