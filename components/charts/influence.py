"""The influence of past steps on a model's output, and how it changes during training."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import TRANSPARENT, Chart, figure
from components.charts.palette import BLUE, GREY, ORANGE, with_opacity
from components.insight.requests import InfluenceView, half_life


def influence(reach: InfluenceView) -> Chart:
    """Draw each past step's share of all influence; earlier weights as fainter lines."""
    back = np.arange(len(reach.influence))
    drawn = figure("Influence of past steps", "steps before the newest", "share of influence", height=360)
    shares = {
        f"step {step:,}": _normalised(row) for step, row in zip(reach.steps, reach.earlier, strict=True)
    }
    for number, (name, share) in enumerate(shares.items(), 1):
        drawn.add_trace(
            go.Scatter(
                x=back,
                y=share,
                mode="lines",
                name=f"after {name}",
                line={"color": with_opacity(GREY, 0.25 + 0.6 * number / len(shares)), "width": 1.2},
                hovertemplate="%{y:.1%}",
            )
        )
    now = _normalised(reach.influence)
    drawn.add_trace(
        go.Scatter(
            x=back,
            y=now,
            mode="lines",
            name="now",
            line={"color": BLUE, "width": 2.5},
            hovertemplate="%{y:.1%}",
        )
    )
    half = half_life(reach.influence)
    if half:
        drawn.add_vline(x=half - 1, line={"color": ORANGE, "width": 1.5, "dash": "dot"})
    drawn.update_yaxes(tickformat=".0%", rangemode="tozero")
    drawn.update_xaxes(autorange="reversed")
    drawn.update_layout(showlegend=bool(shares), margin={"b": 70 if shares else 8})
    table = pd.DataFrame({**shares, "now": now}, index=pd.Index(back, name="steps back"))
    return Chart(drawn, _influence_sentence(reach), table)


def half_life_over_training(reach: InfluenceView) -> Chart:
    """Draw the half-life over the steps of the training."""
    halves = [half_life(row) for row in reach.earlier]
    drawn = figure("Half-life of influence during training", "training step", "half-life (steps)")
    drawn.add_trace(
        go.Scatter(
            x=list(reach.steps),
            y=halves,
            mode="lines+markers",
            line={"color": BLUE, "width": 2},
            hovertemplate="after step %{x:,}: %{y} steps<extra></extra>",
        )
    )
    drawn.update_yaxes(rangemode="tozero")
    drawn.update_layout(showlegend=False, hovermode="closest", hoverlabel={"bordercolor": TRANSPARENT})
    first, last = halves[0], halves[-1]
    how = (
        "The model learnt to look further back" if last > first else "The model learnt to look less far back"
    )
    if last == first:
        how = "The half-life didn't change"
    sentence = (
        f"{how}: at first, half of the influence came from the newest {_steps(first)}; at the end, from the "
        f"newest {_steps(last)}."
    )
    table = pd.DataFrame({"half-life": halves}, index=pd.Index(reach.steps, name="step"))
    return Chart(drawn, sentence, table)


def _influence_sentence(reach: InfluenceView) -> str:
    half, many = half_life(reach.influence), len(reach.influence)
    if not half:
        return "No input step has any influence on the output."
    strongest = int(reach.influence.argmax())
    peak = "the newest step" if strongest == 0 else f"the step {strongest} back"
    answer = f"“{reach.answer}”" if reach.answer else "the right answer of each"
    return (
        f"Half of the influence comes from the newest {_steps(half)} of {many}: this is the half-life. The "
        f"most influential single step is {peak}. Averaged over {reach.examples} examples, for {answer}."
    )


def _steps(number: int) -> str:
    return "step" if number == 1 else f"{number} steps"


def _normalised(influence: np.ndarray) -> np.ndarray:
    total = influence.sum()
    return influence / total if total > 0 else influence
