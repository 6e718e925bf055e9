"""Attention of an answer to its source text: the source across, the answer downwards."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import TRANSPARENT, Chart, escape_html, figure
from components.charts.palette import BLUE, SKY, with_opacity
from components.data.tokenizers.tokenizer import END

_VISIBLE_SIGNS = {" ": "␣", "\n": "⏎", "\t": "⇥", END: "end"}


def alignment(source: Sequence[str], answer: Sequence[str], weights: np.ndarray) -> Chart:
    """Draw attention as a heatmap.

    Args:
        source: its S tokens.
        answer: the T tokens written, perhaps with an end.
        weights: (T, S), each row adding up to 1.
    """
    # A subword that begins a word has the space before it.
    read, written = ([visible_token(token).removeprefix(" ") for token in side] for side in (source, answer))
    words = max(map(len, read)) > 1
    drawn = figure("Attention", "source text", "answer", height=int(150 + 22 * len(written) + 30 * words))
    drawn.add_trace(
        go.Heatmap(
            z=weights,
            zmin=0,
            zmax=1,
            # From the page's own colour to full blue: nothing looked at leaves nothing on the page.
            colorscale=[[0, with_opacity(BLUE, 0.04)], [0.5, with_opacity(BLUE, 0.6)], [1, SKY]],
            colorbar={"tickformat": ".0%", "thickness": 12, "outlinewidth": 0},
            customdata=[[(escape_html(a), escape_html(s)) for s in read] for a in written],
            hovertemplate="“%{customdata[0]}” attends to “%{customdata[1]}”: %{z:.1%}<extra></extra>",
            xgap=1,
            ygap=1,
        )
    )
    axis = {"tickmode": "array", "showgrid": False, "zeroline": False}
    drawn.update_xaxes(
        tickvals=list(range(len(read))),
        ticktext=list(map(escape_html, read)),
        tickangle=-50 if words else 0,
        **axis,
    )
    drawn.update_yaxes(
        tickvals=list(range(len(written))),
        ticktext=list(map(escape_html, written)),
        autorange="reversed",
        **axis,
    )
    drawn.update_layout(hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT})
    table = pd.DataFrame(
        weights,
        index=pd.Index(_numbered_labels(written), name="answer"),
        columns=_numbered_labels(read),
    )
    return Chart(drawn, _sentence(read, written, weights), table)


def visible_token(token: str) -> str:
    """Return a token with visible signs: a space as a sign, the end token as a word."""
    return _VISIBLE_SIGNS.get(token, token)


def crossings(weights: np.ndarray) -> list[int]:
    """Return the positions of the answer that attend to an earlier place than the position before them.

    Args:
        weights: (T, S) without the end token.
    """
    most = weights.argmax(axis=1)
    return (np.flatnonzero(np.diff(most) < 0) + 1).tolist()


def _numbered_labels(tokens: Sequence[str]) -> list[str]:
    return [f"{place} {token}" for place, token in enumerate(tokens, 1)]


def _sentence(read: Sequence[str], written: Sequence[str], weights: np.ndarray) -> str:
    share = weights.max(axis=1).mean()
    if share < 2 / len(read):
        return "The weights are nearly even: the model attends to the whole text at once."
    first = f"On average, a token of the answer gives {share:.0%} of its attention to one token of the text"
    kept = weights[:-1] if written[-1] == _VISIBLE_SIGNS[END] else weights
    back = crossings(kept)
    if not back:
        return f"{first}, and attention moves through the text in order."
    looked = read[kept[back[0]].argmax()]
    times = "once" if len(back) == 1 else f"{len(back)} times"
    where = "there" if len(back) == 1 else "first"
    return f"{first}. It moves back in the text {times}: {where} “{written[back[0]]}” attends to “{looked}”."
