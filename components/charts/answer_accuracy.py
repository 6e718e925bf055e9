"""The share of right answers after each epoch, and the answers."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, figure
from components.charts.palette import MODEL


def answer_accuracy(
    epochs: Sequence[int], shares: Sequence[float], texts: Sequence[str], answers: Sequence[Sequence[str]]
) -> Chart:
    """Draw the share of exactly right answers to texts of the validation set.

    Args:
        epochs: their numbers, one or more.
        shares: (epochs), from 0 to 1.
        texts: a few of those that were answered.
        answers: (epochs, texts) what was answered to them; the table shows it.
    """
    drawn = figure("Exact matches on the validation set", "epoch", "exact matches", height=300)
    drawn.add_trace(
        go.Scatter(
            x=list(epochs),
            y=list(shares),
            mode="lines+markers",
            line={"color": MODEL},
            name="exact matches",
            hovertemplate="%{y:.1%}<extra></extra>",
        )
    )
    drawn.update_yaxes(tickformat=".0%", range=[-0.02, 1.05])
    drawn.update_xaxes(dtick=max(1, len(epochs) // 10))
    best = max(range(len(epochs)), key=lambda place: (shares[place], -place))
    sentence = (
        f"Most answers were exactly right after epoch {epochs[best]}: {shares[best]:.1%}. "
        "The table shows what the model wrote after every epoch."
    )
    table = pd.DataFrame(
        list(answers),
        index=pd.Index(list(epochs), name="epoch"),
        columns=[f"{place} {text}" for place, text in enumerate(texts, 1)],
    )
    table.insert(0, "exactly right", list(shares))
    return Chart(drawn, sentence, table)
