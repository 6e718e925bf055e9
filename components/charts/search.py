"""A search for settings, drawn: its history, which settings mattered, and where the good ones lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from components.charts.chart import Chart, escape_html, figure, number
from components.charts.palette import BLUE, GREY, MODEL, VERMILLION, with_opacity
from components.studies import Trial

_LOSS = "validation loss (scaled units)"
_BEST = 5  # trials of which a sentence tells where they lie
_COLUMNS = 3
_WIDE = 10  # times the lowest loss


@dataclass(frozen=True)
class SettingAxis:
    """A setting as an axis.

    Attributes:
        label: what the setting is called.
        values: of each trial, as a number.
        ticks: the names of the numbers 0, 1, …, where they stand for choices; () where they are numbers.
        is_logarithmic: whether twice as much is as far wherever it begins.
    """

    label: str
    values: tuple[float, ...]
    ticks: tuple[str, ...] = ()
    is_logarithmic: bool = False

    @property
    def places(self) -> np.ndarray:
        """(N,) where the values lie on a plain axis."""
        return np.log10(self.values) if self.is_logarithmic else np.array(self.values, dtype=float)


def history_chart(trials: Sequence[Trial]) -> Chart:
    """Draw the loss of each trial in the order in which they began, and the best until then.

    Args:
        trials: those with a loss.
    """
    numbers = np.array([trial.number + 1 for trial in trials])
    losses = np.array([trial.lowest for trial in trials], dtype=float)
    ended = np.array([trial.status == "complete" for trial in trials])
    best = np.minimum.accumulate(np.where(ended, losses, np.inf))
    drawn = figure("History of the search", "trial", _LOSS)
    for name, chosen, colour, symbol in (
        ("finished", ended, MODEL, "circle"),
        ("pruned", ~ended, GREY, "circle-open"),
    ):
        drawn.add_trace(
            go.Scatter(
                x=numbers[chosen],
                y=losses[chosen],
                mode="markers",
                name=name,
                marker={"color": colour, "symbol": symbol, "size": 8},
                hovertemplate="trial %{x}: %{y:.4~g}<extra></extra>",
            )
        )
    known = np.isfinite(best)
    drawn.add_trace(
        go.Scatter(
            x=numbers[known],
            y=best[known],
            mode="lines",
            name="best so far",
            line={"color": VERMILLION, "width": 2, "shape": "hv"},
        )
    )
    drawn.update_layout(hovermode="closest").update_xaxes(dtick=max(1, len(trials) // 10))
    if 0 < losses.min() < losses.max() / _WIDE:  # one that was given up would press all others together
        drawn.update_yaxes(type="log", tickformat="~g")
    table = pd.DataFrame(
        {"loss": losses, "best so far": best, "status": [trial.status for trial in trials]}, index=numbers
    )
    return Chart(drawn, _history_sentence(trials), table.rename_axis("trial"))


def _history_sentence(trials: Sequence[Trial]) -> str:
    ended = [trial for trial in trials if trial.status == "complete" and trial.value is not None]
    given_up = sum(trial.status == "pruned" for trial in trials)
    if not ended:
        return "No trial has finished yet."
    best = min(ended, key=lambda trial: trial.value or 0)
    said = f"Trial {best.number + 1} has the lowest validation loss, {number(best.value or 0)}"
    first = next((trial.value for trial in ended if trial.number == 0), None)
    if first and best.number and first > 0 and best.value is not None:
        said += f", {1 - best.value / first:.0%} below the recipe's {number(first)}"
    return f"{said}; {given_up} of {len(trials)} were pruned."


def importance_chart(importances: Mapping[str, float], epoch: int) -> Chart:
    """Draw how much each setting mattered.

    Args:
        importances: by what a setting is called, the most first; they add up to 1.
        epoch: after which the trials were held against each other.
    """
    names, shares = list(importances)[::-1], list(importances.values())[::-1]
    drawn = figure("Importance of the settings", "share (PED-ANOVA)", "", height=110 + 40 * len(names))
    drawn.add_trace(
        go.Bar(
            x=shares,
            y=[escape_html(name) for name in names],
            orientation="h",
            marker={"color": MODEL},
            text=[f"{share:.0%}" for share in shares],
            hovertemplate="%{y}: %{text}<extra></extra>",
        )
    )
    drawn.update_xaxes(tickformat=".0%", rangemode="tozero").update_layout(hovermode="closest", bargap=0.3)
    most = names[-1]
    sentence = (
        f"{most} matters most for the validation loss after {epoch} {'epoch' if epoch == 1 else 'epochs'}: "
        f"{importances[most]:.0%} of what all settings explain."
    )
    return Chart(drawn, sentence, pd.DataFrame({"share": dict(importances)}).rename_axis("setting"))


def parallel_chart(trials: Sequence[Trial], axes: Sequence[SettingAxis]) -> Chart:
    """Draw each trial as a line across the settings, coloured by its loss.

    Args:
        trials: those with a loss.
        axes: the settings, with a value of each trial.
    """
    losses = np.array([trial.lowest for trial in trials], dtype=float)
    dimensions = [_dimension(axis) for axis in axes]
    shown = np.minimum(
        losses, np.quantile(losses, 0.9)
    )  # one bad trial would leave one colour for all others
    dimensions.append({"label": "validation loss", "values": shown})
    drawn = figure("Settings side by side", height=400)
    drawn.add_trace(
        go.Parcoords(
            dimensions=dimensions,
            line={
                "color": shown,
                "colorscale": "Cividis",
                "reversescale": True,
                "showscale": True,
                "colorbar": {"title": {"text": "loss"}, "thickness": 12},
            },
            labelfont={"color": GREY},
            tickfont={"color": GREY},
            rangefont={"color": with_opacity(GREY, 0)},
            unselected={"line": {"opacity": 0.05}},
        )
    )
    drawn.update_layout(margin={"l": 60, "r": 40, "t": 80, "b": 30})
    table = pd.DataFrame({axis.label: _texts(axis) for axis in axes} | {"validation loss": losses})
    table.index = pd.Index([trial.number + 1 for trial in trials], name="trial")
    return Chart(drawn, _best_sentence(losses, axes), table)


def _dimension(axis: SettingAxis) -> dict[str, object]:
    found: dict[str, object] = {"label": escape_html(axis.label), "values": axis.places}
    if axis.ticks:
        found |= {"tickvals": list(range(len(axis.ticks))), "ticktext": list(axis.ticks)}
    elif axis.is_logarithmic:
        low, high = float(axis.places.min()), float(axis.places.max())
        places = np.linspace(low, high, 5) if high > low else np.array([low])
        found |= {"tickvals": places, "ticktext": [f"{10**place:.2g}" for place in places]}
    return found


def _best_sentence(losses: np.ndarray, axes: Sequence[SettingAxis]) -> str:
    best = np.argsort(losses)[:_BEST]
    told = []
    for axis in axes:
        own = np.array(axis.values)[best]
        if axis.ticks:
            told.append(
                f"{axis.label.lower()} {' or '.join(dict.fromkeys(axis.ticks[int(at)] for at in own))}"
            )
        else:
            told.append(f"{axis.label.lower()} {number(own.min())} to {number(own.max())}")
    return f"The {len(best)} best trials have {', '.join(told)}."


def slice_chart(trials: Sequence[Trial], axes: Sequence[SettingAxis]) -> Chart:
    """Draw the loss of the trials over each setting by itself.

    Args:
        trials: those with a loss.
        axes: the settings, with a value of each trial.
    """
    losses = np.array([trial.lowest for trial in trials], dtype=float)
    ended = np.array([trial.status == "complete" for trial in trials])
    columns = min(_COLUMNS, len(axes))
    rows = -(-len(axes) // columns)
    plain = figure("Loss by setting", height=80 + 240 * rows)
    drawn = make_subplots(rows, columns, shared_yaxes=True, figure=plain, vertical_spacing=0.28 / rows)
    for place, axis in enumerate(axes):
        row, column = place // columns + 1, place % columns + 1
        for name, chosen, colour, symbol in (
            ("finished", ended, BLUE, "circle"),
            ("pruned", ~ended, GREY, "circle-open"),
        ):
            drawn.add_trace(
                go.Scatter(
                    x=np.array(axis.values)[chosen],
                    y=losses[chosen],
                    mode="markers",
                    name=name,
                    legendgroup=name,
                    showlegend=place == 0,
                    marker={"color": colour, "symbol": symbol, "size": 7},
                    hovertemplate="%{x}: %{y:.4~g}<extra></extra>",
                ),
                row,
                column,
            )
        ticks = {"tickvals": list(range(len(axis.ticks))), "ticktext": list(axis.ticks)} if axis.ticks else {}
        kind = "log" if axis.is_logarithmic else "linear"
        drawn.update_xaxes(title_text=escape_html(axis.label), type=kind, row=row, col=column, **ticks)
    drawn.update_yaxes(title_text=_LOSS, col=1).update_layout(hovermode="closest")
    table = pd.DataFrame({axis.label: _texts(axis) for axis in axes} | {"validation loss": losses})
    table.index = pd.Index([trial.number + 1 for trial in trials], name="trial")
    return Chart(drawn, _slope_sentence(losses, axes), table)


def _slope_sentence(losses: np.ndarray, axes: Sequence[SettingAxis]) -> str:
    """Say with which number the loss rises or falls most clearly, by Spearman's rank correlation."""
    ranks = pd.Series(losses).rank()
    found = {
        axis.label: float(pd.Series(axis.values).rank().corr(ranks))
        for axis in axes
        if not axis.ticks and len(set(axis.values)) > 1
    }
    found = {label: value for label, value in found.items() if np.isfinite(value)}
    if not found:
        return "None of these settings is a number that varied."
    label = max(found, key=lambda name: abs(found[name]))
    side = "rises" if found[label] > 0 else "falls"
    return (
        f"The loss {side} most clearly with {label.lower()}: their rank correlation is "
        f"{found[label]:.2f}.".replace("-", "−")
    )


def _texts(axis: SettingAxis) -> list[object]:
    return [axis.ticks[int(value)] if axis.ticks else value for value in axis.values]
