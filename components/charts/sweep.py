"""A sweep by one factor: the measure of each value from every seed, with their mean and range."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, escape_html, figure, number
from components.charts.palette import BAND, MODEL, baseline_line, with_opacity
from components.tasks.paired_test import seed_test


@dataclass(frozen=True)
class SweptValue:
    """A value of the setting, and what came of it.

    Attributes:
        label: the value, as its control shows it.
        measures: of each seed that was measured on the test set.
    """

    label: str
    measures: tuple[float, ...]


@dataclass(frozen=True)
class SweepResult:
    """What a sweep came to so far.

    Attributes:
        setting: what was varied, as its control is called.
        measure: what counts, in words.
        larger_is_better: of it.
        values: in their order.
        own: which of them is the recipe's own; None where none is.
        baseline: name and measure of the best rule that costs nothing; None where it isn't known.
    """

    setting: str
    measure: str
    larger_is_better: bool
    values: tuple[SweptValue, ...]
    own: int | None = None
    baseline: tuple[str, float] | None = None

    @property
    def measured(self) -> list[int]:
        """Which of the values were measured."""
        return [at for at, value in enumerate(self.values) if value.measures]


def sweep_chart(result: SweepResult) -> Chart:
    """Draw the measure of each value: a point a seed, the line of the means, and the band between the least
    and the most.

    Args:
        result: at least one of its values was measured.
    """
    places = result.measured
    drawn = figure(
        f"{result.setting} and the {result.measure}", result.setting, f"{result.measure} (test set)"
    )
    means = [float(np.mean(result.values[at].measures)) for at in places]
    least = [min(result.values[at].measures) for at in places]
    most = [max(result.values[at].measures) for at in places]
    if max(len(result.values[at].measures) for at in places) > 1:
        drawn.add_trace(
            go.Scatter(
                x=[*places, *places[::-1]],
                y=[*most, *least[::-1]],
                fill="toself",
                fillcolor=with_opacity(BAND, 0.25),
                line={"width": 0},
                mode="lines",
                name="range of the seeds",
                hoverinfo="skip",
            )
        )
    drawn.add_trace(
        go.Scatter(
            x=places, y=means, name="mean of the seeds", mode="lines", line={"color": MODEL, "width": 2}
        )
    )
    drawn.add_trace(
        go.Scatter(
            x=[at for at in places for _ in result.values[at].measures],
            y=[measure for at in places for measure in result.values[at].measures],
            mode="markers",
            marker={"color": MODEL, "size": 9, "line": {"color": "white", "width": 1}},
            name="model, one point per seed",
        )
    )
    if result.baseline is not None:
        name, value = result.baseline
        ends = [-0.4, len(result.values) - 0.6]
        drawn.add_trace(
            go.Scatter(x=ends, y=[value] * 2, mode="lines", name=escape_html(name), line=baseline_line(0))
        )
    drawn.update_layout(hovermode="closest").update_xaxes(
        tickvals=list(range(len(result.values))),
        ticktext=[escape_html(value.label) for value in result.values],
        range=[-0.5, len(result.values) - 0.5],
    )
    return Chart(drawn, sweep_sentence(result), _table(result))


def sweep_sentence(result: SweepResult) -> str:
    """Return what the setting did, with the uncertainty of the seeds.

    The best value is held against the recipe's own, or else against the worst, by Welch's t-test; since it is
    the best of several, p is multiplied by the number of the others (Bonferroni).
    """
    places = result.measured
    means = {at: float(np.mean(result.values[at].measures)) for at in places}
    sign = -1 if result.larger_is_better else 1
    ranked = sorted(places, key=lambda at: sign * means[at])
    best = ranked[0]
    extreme = "highest" if result.larger_is_better else "lowest"
    label, own = result.values[best].label, result.own
    seeds = len(result.values[best].measures)
    said = f"With {result.setting.lower()} {label} the {result.measure} is {extreme}, {number(means[best])}"
    said += f" on average over {seeds} seeds" if seeds > 1 else ""
    if len(places) < 2:
        return f"{said}; nothing else is measured yet."
    other = own if own in means and own != best else ranked[-1]
    against = f"{number(means[other])} with {result.values[other].label}"
    against += ", the recipe's own value" if other == own else ", the worst" if len(places) > 2 else ""
    first, second = (np.array(result.values[at].measures) for at in (other, best))
    test = seed_test(first, second) if min(len(first), len(second)) > 1 else None
    if test is None:
        return f"{said}; it is {against}. One seed of each can't show whether that is chance."
    p = min(1.0, test.p * (len(places) - 1))
    shown = "p < 0.001" if p < 0.001 else f"p = {p:.2g}"
    end = "the seeds alone hardly explain that" if p < 0.05 else "the seeds alone may well explain that"
    return f"{said}; it is {against}: {end} (Welch's t-test, {shown} for the best of {len(places)})."


def _table(result: SweepResult) -> pd.DataFrame:
    rows = {
        value.label: {
            "seeds": len(value.measures),
            "mean": float(np.mean(value.measures)),
            "least": min(value.measures),
            "most": max(value.measures),
        }
        for value in result.values
        if value.measures
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(result.setting)
