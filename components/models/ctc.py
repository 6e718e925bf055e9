"""Connectionist temporal classification (Graves et al., 2006) in NumPy: where in a recording its words stand
out. Loss and search are Keras' own, in `components.models.transcriber`."""

import numpy as np

from components.data.datasets import Transcripts

BLANK = 0
"""The output that says that no word stands out; word n is output n + 1."""


def log_probabilities(logits: np.ndarray) -> np.ndarray:
    """Return the logarithms of the probabilities that logits stand for, (…, words + 1) float64."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def align(logs: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Lay words over the steps of a recording (forced alignment, by Viterbi's algorithm).

    A path goes through blank, first word, blank, second word, …, blank; blanks may be left out, save between
    two words that are the same (Graves et al., 2006, section 4.1).

    Args:
        logs: (T, words of all + 1) logarithms of the probabilities at each step, the blank's first.
        words: (W,) the numbers of the words.

    Returns:
        (W,) the step at which each stands out: of those that the likeliest path gives it, the surest.

    Raises:
        ValueError: if there are fewer steps than the words take.
    """
    if len(logs) < fewest_steps(words):
        raise ValueError(f"{len(words)} words don't fit into {len(logs)} steps")
    states = np.full(2 * len(words) + 1, BLANK)
    states[1::2] = words + 1
    skips = np.zeros(len(states), bool)  # whether a state may follow the one before the one before it
    skips[3::2] = words[1:] != words[:-1]
    best = np.full(len(states), -np.inf)
    best[:2] = logs[0, states[:2]]
    came = np.zeros((len(logs), len(states)), np.int64)
    for step in range(1, len(logs)):
        ways = np.full((3, len(states)), -np.inf)  # from the same state, the one before, the one before that
        ways[0], ways[1, 1:] = best, best[:-1]
        ways[2, 2:] = np.where(skips[2:], best[:-2], -np.inf)
        came[step] = ways.argmax(axis=0)
        best = ways.max(axis=0) + logs[step, states]
    state = len(states) - 1
    if len(states) > 1 and best[-2] > best[-1]:
        state -= 1
    path = np.empty(len(logs), np.int64)
    for step in range(len(logs) - 1, -1, -1):
        path[step] = state
        state -= came[step, state]
    return np.array([_surest(logs[:, word + 1], path == 2 * at + 1) for at, word in enumerate(words)], int)


def fewest_steps(words: np.ndarray) -> int:
    """Return how many steps words take at least: one each, and a blank between two that are the same."""
    return len(words) + int((words[1:] == words[:-1]).sum())


def fewest_steps_of_all(transcripts: Transcripts) -> np.ndarray:
    """Return how many steps the words of each example take at least, (N,) int64."""
    repeats = np.concatenate([[0], (np.diff(transcripts.codes) == 0).astype(np.int64)])
    repeats[transcripts.offsets[:-1]] = 0
    return transcripts.lengths + np.add.reduceat(repeats, transcripts.offsets[:-1])


def _surest(logs: np.ndarray, own: np.ndarray) -> int:
    return int(np.where(own, logs, -np.inf).argmax())
