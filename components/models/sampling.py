"""Choosing the next token: how far chance may stray from what a model holds most likely."""

from dataclasses import dataclass

import numpy as np

_ROUNDING = 1e-9  # of sums of probabilities


@dataclass(frozen=True)
class SamplingOptions:
    """How a token is chosen by its probability.

    Attributes:
        temperature: logits are divided by it: below 1 likely tokens get likelier; 0 takes the likeliest.
        top_k: only so many of the likeliest are left to choose from; None: all.
        top_p: only the likeliest that together reach this probability are (Holtzman et al., 2020); 1: all.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float = 1.0


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return probabilities in float64, over the last axis."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    raised = np.exp(shifted)
    return raised / raised.sum(axis=-1, keepdims=True)


def sampling_probabilities(logits: np.ndarray, options: SamplingOptions) -> np.ndarray:
    """Return the probability with which each token is chosen, (vocabulary,) float64.

    Args:
        logits: (vocabulary,); −∞ for what must not be chosen.
        options: how.
    """
    if options.temperature == 0:
        return (np.arange(len(logits)) == logits.argmax()).astype(np.float64)
    found = softmax(logits / options.temperature)
    order = np.argsort(-found, kind="stable")
    kept = len(order) if options.top_k is None else min(options.top_k, len(order))
    before = np.cumsum(found[order]) - found[order]  # what the likelier ones have together
    kept = min(kept, max(1, int(np.sum(before < options.top_p - _ROUNDING))))
    found[order[kept:]] = 0
    return found / found.sum()


def sample_token(probabilities: np.ndarray, seed: int, place: int) -> int:
    """Draw the code of a token: the same for the same seed and place, whatever was drawn before."""
    draw = np.random.default_rng([seed, place]).random()
    return min(int(np.searchsorted(np.cumsum(probabilities), draw, side="right")), len(probabilities) - 1)
