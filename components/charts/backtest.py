"""A backtest: the errors in each fold, and the forecasts of all folds over the series."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.baseline_lines import add_baselines
from components.charts.chart import Chart, axis_title, escape_html, figure, index_label
from components.charts.forecast import stitch_forecasts
from components.charts.palette import GREY, MODEL, TRUTH, baseline_line, with_opacity
from components.charts.series import downsampled_rows, time_axis_title
from components.tasks.forecasting import backtest
from components.tasks.forecasting.backtest import Fold

_MAX_BASELINES = 3
"""Others that are drawn from the first look on, the strongest ones; the rest wait in the legend."""


def error_by_fold(folds: Sequence[Fold], times: pd.Index, unit: str) -> Chart:
    """Draw the mean absolute error of the model and of each baseline in each fold.

    Args:
        folds: in their order.
        times: (rows,) of the whole series.
        unit: of the target.
    """
    rows = {f"{fold.number}, from {index_label(times[fold.start])}": fold.errors() for fold in folds}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("fold")
    others = [label for label in table.columns if label != backtest.MODEL]
    strongest = sorted(others, key=lambda label: table[label].mean())[:_MAX_BASELINES]
    drawn = figure("Error by fold", "fold", axis_title("mean absolute error", unit), height=400)
    numbers = [fold.number for fold in folds]
    lines = {
        label: _fold_trace(label, numbers, table[label], baseline_line(place))
        for place, label in enumerate(others)
    }
    add_baselines(drawn, lines, strongest)
    drawn.add_trace(_fold_trace("model", numbers, table[backtest.MODEL], {"color": MODEL, "width": 3}))
    drawn.update_yaxes(rangemode="tozero").update_xaxes(tickvals=numbers)
    return Chart(drawn, backtest.summary(folds, unit), table)


def fold_forecasts(
    folds: Sequence[Fold], times: pd.Index, truth: np.ndarray, target: str, unit: str
) -> Chart:
    """Draw the series and, in each fold, forecasts laid end to end.

    Args:
        folds: in their order.
        times, truth: (rows,) of the whole series.
        target: the column that is forecast.
        unit: of it.
    """
    drawn = figure("Forecasts of all folds", time_axis_title(times), axis_title(target, unit), height=400)
    tested = folds[-1].stop - folds[0].start
    rows = np.arange(max(0, folds[0].start - tested), len(truth))
    rows = rows[downsampled_rows(truth[rows])]
    line = {"color": TRUTH, "width": 2}
    drawn.add_trace(go.Scatter(x=times[rows], y=truth[rows], name="truth", mode="lines", line=line))
    pieces = []
    for fold in folds:
        at, predicted = stitch_forecasts(fold.origins, fold.forecasts[backtest.MODEL])
        pieces.append(
            pd.DataFrame({"fold": fold.number, "truth": truth[at], "model": predicted}, index=times[at])
        )
        drawn.add_trace(
            go.Scatter(
                x=times[at],
                y=predicted,
                name="model",
                mode="lines",
                line={"color": MODEL, "width": 2},
                legendgroup="model",
                showlegend=fold is folds[0],
            )
        )
        drawn.add_vline(
            x=times[fold.start], line={"color": with_opacity(GREY, 0.6), "width": 1, "dash": "dash"}
        )
    sentence = (
        f"Each of the {len(folds)} folds starts at a dashed line, the first at "
        f"{index_label(times[folds[0].start])}. The model never saw a fold before forecasting it."
    )
    return Chart(drawn, sentence, pd.concat(pieces))


def _fold_trace(name: str, numbers: list[int], values: pd.Series, line: dict[str, object]) -> go.Scatter:
    marker = {"size": 8, "color": line["color"]}
    return go.Scatter(
        x=numbers, y=values, name=escape_html(name), mode="lines+markers", line=line, marker=marker
    )
