"""The answers that a beam search followed, as a tree that grows downwards."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.alignment import visible_token
from components.charts.chart import TRANSPARENT, Chart, escape_html, figure
from components.charts.palette import BLUE, GREY
from components.tasks.seq2seq.translate import Branch


def beam_tree(branches: Sequence[Branch]) -> Chart:
    """Draw all that the beams wrote; the best answer stands out.

    Args:
        branches: one or more, in the order of the steps.
    """
    across = _branch_columns(branches)
    steps = max(branch.step for branch in branches)
    drawn = figure("Beam search", "", "token of the answer", height=120 + 38 * steps)
    for is_best, colour in ((False, GREY), (True, BLUE)):
        chosen = [number for number, branch in enumerate(branches) if branch.is_best == is_best]
        lines: tuple[list[float | None], list[float | None]] = ([], [])
        for number in chosen:
            parent = branches[number].parent
            lines[0].extend((0.0 if parent < 0 else across[parent], across[number], None))
            lines[1].extend((branches[number].step - 1, branches[number].step, None))
        drawn.add_trace(
            go.Scatter(
                x=lines[0],
                y=lines[1],
                mode="lines",
                line={"color": colour, "width": 3 if is_best else 1},
                hoverinfo="skip",
            )
        )
        drawn.add_trace(
            go.Scatter(
                x=[across[number] for number in chosen],
                y=[branches[number].step for number in chosen],
                mode="markers+text",
                marker={"color": colour, "size": 9 if is_best else 6},
                text=[escape_html(visible_token(branches[number].token)) for number in chosen],
                textposition="middle right",
                textfont={"color": colour} if is_best else None,
                customdata=[np.exp(branches[number].score) for number in chosen],
                hovertemplate="“%{text}”: probability up to here %{customdata:.2%}<extra></extra>",
            )
        )
    drawn.update_xaxes(visible=False, range=[-0.4, max(across) + 1])
    drawn.update_yaxes(autorange="reversed", dtick=max(1, steps // 20), zeroline=False, range=[steps, 0])
    drawn.update_layout(showlegend=False, hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT})
    table = pd.DataFrame(
        {
            "step": [branch.step for branch in branches],
            "token": [visible_token(branch.token) for branch in branches],
            "parent branch": [branch.parent + 1 or None for branch in branches],
            "probability up to here": [float(np.exp(branch.score)) for branch in branches],
            "in the best answer": [branch.is_best for branch in branches],
        },
        index=pd.RangeIndex(1, len(branches) + 1, name="branch"),
    )
    return Chart(drawn, _sentence(branches), table)


def greedy_divergence_step(branches: Sequence[Branch]) -> int:
    """Return the step at which a greedy search would have left the best answer's path; 0 where it wouldn't.

    The best answer's token then has a more probable sibling, which grew from the same branch.
    """
    for branch in branches:
        siblings = (other for other in branches if (other.step, other.parent) == (branch.step, branch.parent))
        if branch.is_best and any(other.score > branch.score for other in siblings):
            return branch.step
    return 0


def _branch_columns(branches: Sequence[Branch]) -> list[float]:
    """Return each branch its place: the first of its offspring stands straight below it, others further
    right.

    The best answer comes first wherever it forks: it is the straight line on the left, below the root at 0.
    Every other line stands as far to the left as it finds room, so there are hardly more columns than beams.
    """
    children = defaultdict(list)
    for number, branch in enumerate(branches):
        children[branch.parent].append(number)
    for grown in children.values():
        grown.sort(key=lambda child: not branches[child].is_best)
    across = [0.0] * len(branches)
    taken = set[tuple[int, int]]()
    heads = list(children[-1])
    while heads:
        line = [heads.pop(0)]
        while children[line[-1]]:
            heads += children[line[-1]][1:]
            line.append(children[line[-1]][0])
        places = [branches[number].step for number in line]
        column = next(c for c in count() if not any((c, step) in taken for step in places))
        taken.update((column, step) for step in places)
        for number in line:
            across[number] = float(column)
    return across


def _sentence(branches: Sequence[Branch]) -> str:
    step = greedy_divergence_step(branches)
    if not step:
        return "The best answer led at every fork: greedy decoding finds the same one."
    token = next(visible_token(branch.token) for branch in branches if branch.is_best and branch.step == step)
    return (
        f"Greedy decoding would have missed the best answer: at token {step} another token was more likely "
        f"than “{token}”."
    )
