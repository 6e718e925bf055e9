"""The series of a panel on which a model is worst, each beside the best of the other forecasters."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, escape_html, figure, number, shorten
from components.charts.palette import GREY, MODEL, with_opacity
from components.tasks.forecasting.panel import STANDINGS, SeriesError

MOST = 10
"""Series that are drawn; the table holds them all."""


def series_errors_chart(errors: Sequence[SeriesError], measure: str) -> Chart:
    """Draw the errors on the worst series as pairs of points, the worst on top.

    Args:
        errors: of all series, the worst first, at least one.
        measure: what the errors are: `MASE`.
    """
    shown = errors[:MOST][::-1]
    places = list(range(len(shown)))
    title = f"The {len(shown)} series with the worst forecasts" if len(errors) > MOST else "Error by series"
    drawn = figure(title, f"{measure}, further left is better", "", height=150 + 34 * len(shown))
    between_x = [value for one in shown for value in (one.best, one.model, None)]
    between_y = [place for at in places for place in (at, at, None)]
    drawn.add_trace(
        go.Scatter(
            x=between_x,
            y=between_y,
            mode="lines",
            line={"color": with_opacity(GREY, 0.5), "width": 3},
            hoverinfo="skip",
            showlegend=False,
        )
    )
    for name, values, hover, marker in (
        (
            "best of the others",
            [one.best for one in shown],
            [f"{escape_html(one.rival)}: {number(one.best)}" for one in shown],
            {"color": GREY, "symbol": "diamond", "size": 11},
        ),
        (
            "model",
            [one.model for one in shown],
            [f"model: {number(one.model)}" for one in shown],
            {"color": MODEL, "symbol": "circle", "size": 12},
        ),
    ):
        drawn.add_trace(
            go.Scatter(
                x=values,
                y=places,
                name=name,
                mode="markers",
                marker=marker,
                hovertext=hover,
                hoverinfo="text",
                cliponaxis=False,
            )
        )
    drawn.update_layout(hovermode="closest")
    drawn.update_yaxes(tickvals=places, ticktext=[escape_html(shorten(one.name)) for one in shown])
    drawn.update_xaxes(rangemode="tozero", showgrid=True)
    return Chart(drawn, _sentence(errors, measure), _table(errors, measure))


def _table(errors: Sequence[SeriesError], measure: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            measure: [one.model for one in errors],
            "best of the others": [one.rival for one in errors],
            f"its {measure}": [one.best for one in errors],
            "verdict": [STANDINGS[one.standing] for one in errors],
        },
        index=pd.Index([one.name for one in errors], name="series"),
    )


def _sentence(errors: Sequence[SeriesError], measure: str) -> str:
    worst, behind = errors[0], sum(one.standing == "behind" for one in errors)
    against = f"a {measure} of {number(worst.model)} against {number(worst.best)} of “{worst.rival}”"
    if not behind:
        return (
            f"The model is behind on none of the {len(errors)} series; where it leads least, on "
            f"“{worst.name}”, it has {against}."
        )
    return (
        f"On {behind} of {len(errors)} series the model is behind the best of the other forecasters, "
        f"most of all on “{worst.name}”, with {against}."
    )
