"""Where a model looked for an answer, and what other ways of asking say of the same steps."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.alignment import mark
from components.charts.chart import BARE, LINE, Chart, figure, safe, signed
from components.charts.palette import BLUE, GREEN, GREY, SKY, VERMILLION, faded
from components.insight.example import Shown
from components.insight.views import Attention

BELIEVED, DOUBTED = 0.6, 0.3
"""Rank correlations from which on attention is taken for a reason, and below which it isn't."""

_MOST_NAMED = 40  # steps whose names stand on the axis
_TICKS = 6
_LINES = 3  # channels that are drawn as lines; more are drawn as a picture


def attention_map(seen: Attention, rows: str) -> Chart:
    """Draw attention as a heatmap: what asks downwards, what is looked at across.

    Args:
        seen: with attention.
        rows: what a row is, for the axis.
    """
    assert seen.weights is not None
    many, columns = seen.weights.shape
    drawn = figure("Where it looks", _across(seen), rows, height=int(np.clip(150 + 20 * many, 220, 620)))
    drawn.add_trace(
        go.Heatmap(
            x=np.arange(columns),
            y=np.arange(many),
            z=seen.weights,
            zmin=0,
            zmax=max(float(seen.weights.max()), 1e-9),
            # From the page's own colour to full blue: nothing looked at leaves nothing on the page.
            colorscale=[[0, faded(BLUE, 0.04)], [0.5, faded(BLUE, 0.6)], [1, SKY]],
            colorbar={"tickformat": ".0%", "thickness": 12, "outlinewidth": 0},
            customdata=np.array(
                [[(safe(mark(row)), safe(mark(name))) for name in seen.columns] for row in seen.rows]
            ),
            hovertemplate="%{customdata[0]} looks at %{customdata[1]}: %{z:.1%}<extra></extra>",
        )
    )
    name_steps(drawn, seen.columns, is_text=seen.shown.values is None)
    places = _places(many)
    drawn.update_yaxes(
        tickvals=places,
        ticktext=[safe(mark(seen.rows[place])) for place in places],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    drawn.update_layout(hovermode="closest", hoverlabel={"bordercolor": BARE})
    table = pd.DataFrame(
        seen.weights, index=pd.Index(numbered(seen.rows), name=rows), columns=numbered(seen.columns)
    )
    return Chart(drawn, _about_map(seen), table)


def truth(seen: Attention) -> Chart:
    """Draw attention, occlusion and gradient × input over the same steps, with what was read above them."""
    ways = [("left out", seen.occlusion, VERMILLION), ("gradient", seen.gradient, GREEN)]
    if seen.attention is not None:
        ways.insert(0, ("attention", seen.attention, BLUE))
    has_values = seen.shown.values is not None
    answer = seen.shown.answers[seen.answer]
    drawn = figure(
        f"What counts for “{mark(answer)}”", _axis(seen.shown), height=120 + 95 * (len(ways) + has_values)
    )
    places = np.arange(len(seen.shown.names))
    lanes = [name for name, _, _ in ways]
    if has_values:
        lanes.insert(0, "read")
        _draw_values(drawn, seen.shown, "y")
    hover = [safe(mark(name)) for name in seen.shown.names]
    for number, (name, values, colour) in enumerate(ways, 1 + has_values):
        drawn.add_trace(
            go.Bar(
                x=places,
                y=values,
                name=name,
                marker={"color": colour, "line": {"width": 0}},
                yaxis="y" if number == 1 else f"y{number}",
                customdata=hover,
                hovertemplate="%{customdata}: %{y:.3~g}<extra>" + name + "</extra>",
            )
        )
    stack(drawn, lanes)
    name_steps(drawn, seen.shown.names, is_text=seen.shown.values is None)
    drawn.update_layout(showlegend=False, bargap=0.15, hovermode="closest", hoverlabel={"bordercolor": BARE})
    table = pd.DataFrame(
        {name: values for name, values, _ in ways}, index=pd.Index(numbered(seen.shown.names), name="step")
    )
    return Chart(drawn, about_truth(seen), table)


def about_truth(seen: Attention) -> str:
    """Say whether attention may be taken for the reason, from the numbers of the three ways of asking."""
    names = [mark(name) for name in seen.shown.names]
    most = names[int(np.abs(seen.occlusion).argmax())]
    if not np.abs(seen.occlusion).max() > 0:
        return "Leaving any one step out changes nothing about this answer."
    if seen.attention is None:
        agree = "" if seen.of_others is None else _agree(seen.of_others, "The gradient")
        return f"Leaving “{most}” out changes the answer most. {agree}".strip()
    looked = names[int(seen.attention.argmax())]
    says = f"The model says that it looks most at “{looked}”; leaving “{most}” out changes the answer most."
    if seen.with_occlusion is None:
        return f"{says} There are too few steps, or they are too even, to compare the two any further."
    strength = seen.with_occlusion
    if strength >= BELIEVED:
        verdict = "Its attention tells the truth here: believe it"
    elif _agree_on_most(seen):
        verdict = "The two agree on what counts most, not on the rest: believe it for that"
    elif strength >= DOUBTED:
        verdict = "Its attention tells a part of the truth: take it with care"
    else:
        verdict = "Its attention isn't the reason for the answer: don't take it for one"
    return f"{says} {verdict} (rank correlation {signed(strength)}{_other(seen)})."


def _agree_on_most(seen: Attention) -> bool:
    """Tell whether the step looked at most is one of those that count about as much as any."""
    assert seen.attention is not None
    sizes = np.abs(seen.occlusion)
    return bool(sizes[seen.attention.argmax()] >= sizes.max() / 2)


def _other(seen: Attention) -> str:
    return "" if seen.with_gradient is None else f"; with the gradient {signed(seen.with_gradient)}"


def _agree(strength: float, what: str) -> str:
    how = "agrees" if strength >= BELIEVED else "agrees in part" if strength >= DOUBTED else "doesn't agree"
    return f"{what} {how} with that (rank correlation {signed(strength)})."


def _about_map(seen: Attention) -> str:
    assert seen.weights is not None
    even = 1 / seen.weights.shape[1]
    mean = seen.weights.mean(axis=0)
    most = int(mean.argmax())
    head = seen.weights.max(axis=1).mean()
    if head < 2 * even:
        return "The weights are nearly even: it looks at everything at once."
    return (
        f"A row gives {head:.0%} of its attention to one step on average; even shares would be {even:.1%}. "
        f"Most of all goes to “{mark(seen.columns[most])}”, {mean[most]:.0%} over all rows."
    )


# --- What charts of steps share ---------------------------------------------------------------------


def name_steps(drawn: go.Figure, names: Sequence[str], *, is_text: bool) -> None:
    """Write the names of steps on the axis: all of a short text, a few of anything long."""
    places = _places(len(names)) if is_text else _few(len(names))
    angle = 0 if max(map(len, names)) == 1 else -50
    drawn.update_xaxes(
        tickvals=places,
        ticktext=[safe(mark(names[place])) for place in places],
        tickangle=angle if is_text else None,
        showgrid=False,
        zeroline=False,
        range=[-0.5, len(names) - 0.5],
    )


def numbered(names: Sequence[str]) -> list[str]:
    """Give names that differ from each other."""
    return [f"{place} {mark(name)}" for place, name in enumerate(names, 1)]


def stack(drawn: go.Figure, lanes: Sequence[str]) -> None:
    """Put lanes with axes of their own below each other, over one axis of steps."""
    each, gap = 1 / len(lanes), 0.04
    for number, name in enumerate(lanes):
        top = 1 - number * each
        axis = "yaxis" if number == 0 else f"yaxis{number + 1}"
        drawn.update_layout(
            {
                axis: {
                    "domain": [max(0, top - each + gap), top],
                    "title": {"text": name},
                    "gridcolor": LINE,
                    "zerolinecolor": LINE,
                    "nticks": 3,
                    "automargin": True,
                    "anchor": "x",
                    "showticklabels": True,
                }
            }
        )
    drawn.update_layout(xaxis={"anchor": "free", "position": 0})


def _draw_values(drawn: go.Figure, shown: Shown, axis: str) -> None:
    assert shown.values is not None
    places, hover = np.arange(len(shown.names)), list(map(safe, shown.names))
    if shown.values.shape[1] > _LINES:
        drawn.add_trace(
            go.Heatmap(
                x=places,
                z=shown.values.T,
                colorscale=[[0, faded(GREY, 0.05)], [1, faded(GREY, 0.9)]],
                showscale=False,
                hoverinfo="skip",
                yaxis=axis,
            )
        )
        return
    for number, name in enumerate(shown.channels):
        drawn.add_trace(
            go.Scatter(
                x=places,
                y=shown.values[:, number],
                mode="lines",
                name=safe(name),
                line={"color": GREY if number == 0 else faded(GREY, 0.5), "width": 2},
                yaxis=axis,
                customdata=hover,
                hovertemplate="%{customdata}: %{y:.4~g}<extra>" + safe(name) + "</extra>",
            )
        )


def _across(seen: Attention) -> str:
    return _axis(seen.shown) if seen.columns == seen.shown.names else "what it had written"


def _axis(shown: Shown) -> str:
    return "what it read, oldest first" if shown.values is not None else "what it read"


def _places(many: int) -> list[int]:
    return list(range(many)) if many <= _MOST_NAMED else _few(many)


def _few(many: int) -> list[int]:
    return np.unique(np.linspace(0, many - 1, min(many, _TICKS)).round().astype(int)).tolist()
