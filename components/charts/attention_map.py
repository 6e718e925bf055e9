"""Attention for an answer, beside occlusion and gradient × input over the same steps."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.alignment import visible_token
from components.charts.chart import GRID_COLOUR, TRANSPARENT, Chart, escape_html, figure, format_signed
from components.charts.palette import BLUE, GREEN, GREY, SKY, VERMILLION, with_opacity
from components.insight.example import ExampleView
from components.insight.requests import AttentionView

HIGH_AGREEMENT, LOW_AGREEMENT = 0.6, 0.3
"""Rank correlations from which on attention counts as an explanation, and below which it doesn't."""

_MOST_NAMED = 40  # steps whose names stand on the axis
_TICKS = 6
_MAX_LINES = 3  # channels that are drawn as lines; more are drawn as a picture


def attention_map(result: AttentionView, rows: str) -> Chart:
    """Draw attention as a heatmap: queries downwards, keys across.

    Args:
        result: with attention.
        rows: what a row is, for the axis.
    """
    assert result.weights is not None
    many, columns = result.weights.shape
    drawn = figure(
        "Attention", _column_axis_title(result), rows, height=int(np.clip(150 + 20 * many, 220, 620))
    )
    drawn.add_trace(
        go.Heatmap(
            x=np.arange(columns),
            y=np.arange(many),
            z=result.weights,
            zmin=0,
            zmax=max(float(result.weights.max()), 1e-9),
            # From the page's own colour to full blue: nothing looked at leaves nothing on the page.
            colorscale=[[0, with_opacity(BLUE, 0.04)], [0.5, with_opacity(BLUE, 0.6)], [1, SKY]],
            colorbar={"tickformat": ".0%", "thickness": 12, "outlinewidth": 0},
            customdata=np.array(
                [
                    [
                        (escape_html(visible_token(row)), escape_html(visible_token(name)))
                        for name in result.columns
                    ]
                    for row in result.rows
                ]
            ),
            hovertemplate="%{customdata[0]} attends to %{customdata[1]}: %{z:.1%}<extra></extra>",
        )
    )
    label_steps(drawn, result.columns, is_text=result.shown.values is None)
    places = _tick_positions(many)
    drawn.update_yaxes(
        tickvals=places,
        ticktext=[escape_html(visible_token(result.rows[place])) for place in places],
        autorange="reversed",
        showgrid=False,
        zeroline=False,
    )
    drawn.update_layout(hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT})
    table = pd.DataFrame(
        result.weights,
        index=pd.Index(numbered_labels(result.rows), name=rows),
        columns=numbered_labels(result.columns),
    )
    return Chart(drawn, _map_sentence(result), table)


def attribution_comparison(result: AttentionView) -> Chart:
    """Draw attention, occlusion and gradient × input over the same steps, with what was read above them."""
    ways = [("occlusion", result.occlusion, VERMILLION), ("gradient", result.gradient, GREEN)]
    if result.attention is not None:
        ways.insert(0, ("attention", result.attention, BLUE))
    has_values = result.shown.values is not None
    answer = result.shown.answers[result.answer]
    drawn = figure(
        f"Which steps matter for “{visible_token(answer)}”",
        _step_axis_title(result.shown),
        height=120 + 95 * (len(ways) + has_values),
    )
    places = np.arange(len(result.shown.names))
    lanes = [name for name, _, _ in ways]
    if has_values:
        lanes.insert(0, "input")
        _draw_values(drawn, result.shown, "y")
    hover = [escape_html(visible_token(name)) for name in result.shown.names]
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
    stack_lanes(drawn, lanes)
    label_steps(drawn, result.shown.names, is_text=result.shown.values is None)
    drawn.update_layout(
        showlegend=False, bargap=0.15, hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT}
    )
    table = pd.DataFrame(
        {name: values for name, values, _ in ways},
        index=pd.Index(numbered_labels(result.shown.names), name="step"),
    )
    return Chart(drawn, attention_verdict(result), table)


def attention_verdict(result: AttentionView) -> str:
    """Return a sentence on whether attention explains the answer, from the three attributions."""
    names = [visible_token(name) for name in result.shown.names]
    most = names[int(np.abs(result.occlusion).argmax())]
    if not np.abs(result.occlusion).max() > 0:
        return "Removing any single step doesn't change this answer."
    if result.attention is None:
        agree = (
            ""
            if result.occlusion_gradient_correlation is None
            else _agreement_sentence(result.occlusion_gradient_correlation, "The gradient")
        )
        return f"Removing “{most}” changes the answer most. {agree}".strip()
    looked = names[int(result.attention.argmax())]
    says = f"The model attends most to “{looked}”; removing “{most}” changes the answer most."
    if result.attention_occlusion_correlation is None:
        return f"{says} The steps are too few or too similar to compare the two further."
    strength = result.attention_occlusion_correlation
    if strength >= HIGH_AGREEMENT:
        verdict = "Attention explains this answer well"
    elif _agree_on_top_step(result):
        verdict = "The two agree on the most important step, but not on the rest"
    elif strength >= LOW_AGREEMENT:
        verdict = "Attention explains this answer only in part"
    else:
        verdict = "Attention doesn't explain this answer"
    return f"{says} {verdict} (rank correlation {format_signed(strength)}{_gradient_note(result)})."


def _agree_on_top_step(result: AttentionView) -> bool:
    """Return whether the step looked at most is one of those that count about as much as any."""
    assert result.attention is not None
    sizes = np.abs(result.occlusion)
    return bool(sizes[result.attention.argmax()] >= sizes.max() / 2)


def _gradient_note(result: AttentionView) -> str:
    return (
        ""
        if result.attention_gradient_correlation is None
        else f"; with the gradient {format_signed(result.attention_gradient_correlation)}"
    )


def _agreement_sentence(strength: float, what: str) -> str:
    how = (
        "agrees"
        if strength >= HIGH_AGREEMENT
        else "agrees in part"
        if strength >= LOW_AGREEMENT
        else "doesn't agree"
    )
    return f"{what} {how} (rank correlation {format_signed(strength)})."


def _map_sentence(result: AttentionView) -> str:
    assert result.weights is not None
    even = 1 / result.weights.shape[1]
    mean = result.weights.mean(axis=0)
    most = int(mean.argmax())
    head = result.weights.max(axis=1).mean()
    if head < 2 * even:
        return "The weights are nearly even: the model attends to everything at once."
    return (
        f"On average, each row gives {head:.0%} of its attention to one step; equal shares would be "
        f"{even:.1%}. “{visible_token(result.columns[most])}” gets most, {mean[most]:.0%} over all rows."
    )


# --- What charts of steps share ---------------------------------------------------------------------


def label_steps(drawn: go.Figure, names: Sequence[str], *, is_text: bool) -> None:
    """Write the names of steps on the axis: all of a short text, a few of anything long."""
    places = _tick_positions(len(names)) if is_text else _spaced_positions(len(names))
    angle = 0 if max(map(len, names)) == 1 else -50
    drawn.update_xaxes(
        tickvals=places,
        ticktext=[escape_html(visible_token(names[place])) for place in places],
        tickangle=angle if is_text else None,
        showgrid=False,
        zeroline=False,
        range=[-0.5, len(names) - 0.5],
    )


def numbered_labels(names: Sequence[str]) -> list[str]:
    """Return names that differ from each other."""
    return [f"{place} {visible_token(name)}" for place, name in enumerate(names, 1)]


def stack_lanes(drawn: go.Figure, lanes: Sequence[str]) -> None:
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
                    "gridcolor": GRID_COLOUR,
                    "zerolinecolor": GRID_COLOUR,
                    "nticks": 3,
                    "automargin": True,
                    "anchor": "x",
                    "showticklabels": True,
                }
            }
        )
    drawn.update_layout(xaxis={"anchor": "free", "position": 0})


def _draw_values(drawn: go.Figure, shown: ExampleView, axis: str) -> None:
    assert shown.values is not None
    places, hover = np.arange(len(shown.names)), list(map(escape_html, shown.names))
    if shown.values.shape[1] > _MAX_LINES:
        drawn.add_trace(
            go.Heatmap(
                x=places,
                z=shown.values.T,
                colorscale=[[0, with_opacity(GREY, 0.05)], [1, with_opacity(GREY, 0.9)]],
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
                name=escape_html(name),
                line={"color": GREY if number == 0 else with_opacity(GREY, 0.5), "width": 2},
                yaxis=axis,
                customdata=hover,
                hovertemplate="%{customdata}: %{y:.4~g}<extra>" + escape_html(name) + "</extra>",
            )
        )


def _column_axis_title(result: AttentionView) -> str:
    return _step_axis_title(result.shown) if result.columns == result.shown.names else "output so far"


def _step_axis_title(shown: ExampleView) -> str:
    return "input steps, oldest first" if shown.values is not None else "input tokens"


def _tick_positions(many: int) -> list[int]:
    return list(range(many)) if many <= _MOST_NAMED else _spaced_positions(many)


def _spaced_positions(many: int) -> list[int]:
    return np.unique(np.linspace(0, many - 1, min(many, _TICKS)).round().astype(int)).tolist()
