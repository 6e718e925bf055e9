"""Where a model with attention looks, and whether to believe it: two other ways of asking beside it."""

import numpy as np
import pandas as pd

from components.insight.example import Answer, Example, repeated
from components.insight.probe import Looked
from components.insight.views import Attention, SeeAttention
from components.insight.window import Window

MOST_PIECES = 64
"""Most pieces of an example that are left out in turn."""
MOST_ROWS = 160
"""Most rows of a picture of attention; beyond them rows are averaged."""
FEWEST = 4
"""Steps from which on a rank correlation says anything."""


def attention(window: Window, asked: SeeAttention) -> Attention:
    """Look at the attention of one answer, at occlusion and at gradient × input."""
    example = window.sample(asked.asked)
    chosen = example.shown.chosen if asked.answer is None else asked.answer
    answer = example.answers[min(chosen, len(example.answers) - 1)]
    seen = window.gradients(example, repeated(example, 1), [answer])
    entry = seen.entries[0]
    assert entry.gradient is not None
    gradient = (entry.vectors * entry.gradient).sum(axis=-1)[0, example.read]
    left_out = occlusion(window, example, answer)
    looked = seen.looked
    layer = len(looked) - 1 if asked.layer is None else min(asked.layer, len(looked) - 1)
    own: np.ndarray | None = None
    rows: tuple[str, ...] = ()
    weights, heads = None, 0
    if looked:
        heads = looked[layer].weights.shape[1]
        head = asked.head if asked.head is not None and asked.head < heads else None
        matrix = _matrix(looked[layer], head)[:, example.read]
        own = _row(matrix, answer, example)
        rows, weights = _shown_rows(matrix, example)
    return Attention(
        shown=example.shown,
        answer=example.answers.index(answer),
        layers=tuple(one.layer for one in looked),
        layer=max(0, layer),
        heads=heads,
        rows=rows,
        weights=weights,
        attention=own,
        occlusion=left_out,
        gradient=gradient,
        with_occlusion=_agreement(own, left_out),
        with_gradient=_agreement(own, gradient),
        of_others=_agreement(np.abs(left_out), gradient),
    )


def occlusion(window: Window, example: Example, answer: Answer) -> np.ndarray:
    """Leave out one step after the other, and see how much an answer's score falls, (S,).

    Zeiler and Fergus (2014). Of a long example, stretches are left out instead of steps.
    """
    pieces = np.array_split(np.arange(example.steps), min(example.steps, MOST_PIECES))
    # As many rows whatever was given: then nothing is traced anew for it.
    batch = repeated(example, 1 + MOST_PIECES)
    for row, piece in enumerate(pieces, 1):
        batch[0][row, example.first + piece] = example.missing
    scores = window.scores(example, batch, answer)
    falls = np.zeros(example.steps)
    for row, piece in enumerate(pieces, 1):
        falls[piece] = scores[0] - scores[row]
    return falls


def _matrix(looked: Looked, head: int | None) -> np.ndarray:
    """Give where an example's places looked, (asking, looked at), by one head or the mean of all."""
    weights = looked.weights[0]
    return weights.mean(axis=0) if head is None else weights[head]


def _row(matrix: np.ndarray, answer: Answer, example: Example) -> np.ndarray:
    if answer.row is not None:
        return matrix[answer.row]
    own = matrix[example.read] if _is_own(matrix, example) else matrix
    return own.mean(axis=0)


def _is_own(matrix: np.ndarray, example: Example) -> bool:
    """Tell whether the places that ask are the example's own steps, as in a Transformer's encoder."""
    return len(matrix) == len(example.inputs[0]) and any(answer.row is None for answer in example.answers)


def _shown_rows(matrix: np.ndarray, example: Example) -> tuple[tuple[str, ...], np.ndarray]:
    """Give the rows worth drawing: one for each answer that has its own, or for each step that asks."""
    by_answer = {answer.row: answer.name for answer in example.answers if answer.row is not None}
    if len(by_answer) > 1:
        names, rows = tuple(by_answer.values()), matrix[list(by_answer)]
    elif len(matrix) == len(example.inputs[0]) and len(matrix) > 1:
        names, rows = example.shown.names, matrix[example.read]
    else:
        names, rows = ("all",) if len(matrix) == 1 else tuple(map(str, range(len(matrix)))), matrix
    if len(rows) <= MOST_ROWS:
        return names, rows
    parts = np.array_split(np.arange(len(rows)), MOST_ROWS)
    return tuple(names[part[0]] for part in parts), np.stack([rows[part].mean(axis=0) for part in parts])


def _agreement(one: np.ndarray | None, other: np.ndarray) -> float | None:
    """Give Spearman's rank correlation of one with the size of the other."""
    if one is None or len(one) < FEWEST or not (np.ptp(one) and np.ptp(np.abs(other))):
        return None
    ranks = [pd.Series(values).rank() for values in (one, np.abs(other))]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
