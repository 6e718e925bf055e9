"""Where a model with attention looks, and whether to believe it: two other ways of asking beside it."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.insight.example import START_NAME, Example, ModelOutput, repeat_example
from components.insight.inspector import Inspector
from components.insight.occlusion import OcclusionBatch
from components.insight.probe import AttentionWeights
from components.insight.requests import AttentionRequest, AttentionView

MOST_ROWS = 160
"""Most rows of a picture of attention; beyond them rows are averaged."""
FEWEST_STEPS = 4
"""Steps from which on a rank correlation says anything."""
READER, WRITER, OWN = "reader", "writer", "own"
"""How the names of an encoder–decoder's layers begin, and end where a side looks at itself."""


def attention_view(inspector: Inspector, request: AttentionRequest) -> AttentionView:
    """Look at the attention of one answer, at occlusion and at gradient × input."""
    example = inspector.sample(request.example)
    chosen = example.shown.chosen if request.answer is None else request.answer
    answer = example.answers[min(chosen, len(example.answers) - 1)]
    seen = inspector.gradients(example, repeat_example(example, 1), [answer])
    entry = seen.entries[0]
    assert entry.gradient is not None
    gradient = (entry.vectors * entry.gradient).sum(axis=-1)[0, example.read]
    left_out = occlusion_scores(inspector, example, answer)
    # Of an encoder–decoder's layers, those that read come first.
    looked = sorted(seen.attention, key=lambda one: one.layer.startswith(WRITER))
    layer = len(looked) - 1 if request.layer is None else min(request.layer, len(looked) - 1)
    picture = _attention_matrix(looked[layer], request.head, answer, example) if looked else _NO_ATTENTION
    return AttentionView(
        shown=example.shown,
        answer=example.answers.index(answer),
        layers=tuple(map(_layer_label, looked)),
        layer=max(0, layer),
        heads=picture.heads,
        rows=picture.rows,
        columns=picture.columns,
        weights=picture.weights,
        attention=picture.own,
        occlusion=left_out,
        gradient=gradient,
        attention_occlusion_correlation=_rank_correlation(picture.own, left_out),
        attention_gradient_correlation=_rank_correlation(picture.own, gradient),
        occlusion_gradient_correlation=_rank_correlation(np.abs(left_out), gradient),
    )


def occlusion_scores(inspector: Inspector, example: Example, answer: ModelOutput) -> np.ndarray:
    """Leave out one step after the other, and see how much an answer's score falls, (S,)."""
    sequence, *others = example.inputs
    together = example.segment if example.left_out_whole else 1
    occluded = OcclusionBatch.of(sequence, example.first, example.steps, example.missing, together)
    batch = [occluded.rows, *(np.repeat(one[None], len(occluded.rows), axis=0) for one in others)]
    scores = inspector.scores(example, batch, answer)
    return scores[0] - occluded.per_step(scores)


@dataclass(frozen=True, eq=False)
class _AttentionMatrix:
    """Where one layer looked: `AttentionView` says what these are."""

    heads: int = 0
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    weights: np.ndarray | None = None
    own: np.ndarray | None = None


_NO_ATTENTION = _AttentionMatrix()


def _attention_matrix(
    looked: AttentionWeights, head: int | None, answer: ModelOutput, example: Example
) -> _AttentionMatrix:
    """Draw one head of a layer, or the mean of all, by what asks and what is looked at."""
    by_head = looked.weights[0]
    matrix = by_head.mean(axis=0) if head is None or head >= len(by_head) else by_head[head]
    if looked.layer.startswith(WRITER) and looked.layer.endswith(OWN):
        # An answer's tokens look at those before them, which aren't what was read.
        written = tuple(answer.name for answer in example.answers)
        columns = (START_NAME, *written[:-1])
        rows, weights = _bin_rows(written, matrix[: len(written), : len(columns)])
        return _AttentionMatrix(len(by_head), rows, columns, weights)
    matrix = matrix[:, example.went_through]
    if example.segment > 1:  # each of its steps has an equal share of what a segment gets
        sizes = example.segment_sizes
        matrix = np.repeat(matrix / sizes, sizes, axis=1)
    if looked.layer.startswith(READER):
        rows, weights = _bin_rows(example.shown.names, matrix[example.read])
        own = matrix[example.read].mean(axis=0)
    else:
        rows, weights = _bin_rows(*_query_rows(matrix, example))
        own = _answer_row(matrix, answer, example)
    return _AttentionMatrix(len(by_head), rows, example.shown.names, weights, own)


def _layer_label(looked: AttentionWeights) -> str:
    """Return a layer's number, and what it is in an encoder–decoder."""
    number = next(iter(re.findall(r"\d+", looked.layer)), "1")
    if looked.layer.startswith(READER):
        return f"Encoder, layer {number}"
    if looked.layer.startswith(WRITER):
        kind = "self-attention" if looked.layer.endswith(OWN) else "cross-attention"
        return f"Decoder, layer {number}: {kind}"
    return f"Layer {number}"


def _answer_row(matrix: np.ndarray, answer: ModelOutput, example: Example) -> np.ndarray:
    if answer.row is not None:
        return matrix[answer.row]
    own = matrix[example.went_through] if _is_self_attention(matrix, example) else matrix
    return own.mean(axis=0)


def _is_self_attention(matrix: np.ndarray, example: Example) -> bool:
    """Return whether what asks is the example's own steps or segments, as in a Transformer's encoder."""
    return _asks_itself(matrix, example) and any(answer.row is None for answer in example.answers)


def _asks_itself(matrix: np.ndarray, example: Example) -> bool:
    return len(matrix) == -(-len(example.inputs[0]) // example.segment)


def _query_rows(matrix: np.ndarray, example: Example) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the rows worth drawing: one for each answer that has its own, or for each step that asks."""
    by_answer = {answer.row: answer.name for answer in example.answers if answer.row is not None}
    if len(by_answer) > 1:
        return tuple(by_answer.values()), matrix[list(by_answer)]
    if _asks_itself(matrix, example) and len(matrix) > 1:
        return example.places, matrix[example.went_through]
    return ("all",) if len(matrix) == 1 else tuple(map(str, range(len(matrix)))), matrix


def _bin_rows(names: tuple[str, ...], rows: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """Average rows where there are too many to draw."""
    if len(rows) <= MOST_ROWS:
        return names, rows
    parts = np.array_split(np.arange(len(rows)), MOST_ROWS)
    return tuple(names[part[0]] for part in parts), np.stack([rows[part].mean(axis=0) for part in parts])


def _rank_correlation(one: np.ndarray | None, other: np.ndarray) -> float | None:
    """Return Spearman's rank correlation of one with the size of the other."""
    if one is None or len(one) < FEWEST_STEPS or not (np.ptp(one) and np.ptp(np.abs(other))):
        return None
    ranks = [pd.Series(values).rank() for values in (one, np.abs(other))]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])
