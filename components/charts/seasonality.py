"""Autocorrelation and decomposition of a series."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from components.charts.chart import Chart, axis_title, figure
from components.charts.palette import BLUE, GREEN, GREY, PURPLE, VERMILLION, with_opacity
from components.charts.series import downsampled_rows, time_axis_title
from components.data.analysis import Autocorrelation, Decomposition


def correlogram(found: Autocorrelation, name: str) -> Chart:
    """Draw the autocorrelation of a series, from a lag of one row on."""
    lags = np.arange(1, len(found.values))
    values = found.values[1:]
    drawn = figure(f"Autocorrelation of {name}", "lag (rows)", "correlation")
    drawn.add_hrect(
        y0=-found.bound, y1=found.bound, fillcolor=with_opacity(GREY, 0.2), line_width=0, layer="below"
    )
    drawn.add_trace(go.Bar(x=lags, y=values, marker={"color": BLUE, "line": {"width": 0}}))
    if found.season and found.season <= len(values):
        drawn.add_vline(
            x=found.season, line={"color": VERMILLION, "width": 1.5, "dash": "dash"}
        ).add_annotation(
            x=found.season,
            y=1,
            yref="paper",
            yanchor="bottom",
            text=f"{found.season:,} rows",
            showarrow=False,
        )
    table = pd.DataFrame({"correlation": values}, index=pd.Index(lags, name="lag (rows)"))
    return Chart(drawn, _season_sentence(found), table)


def _season_sentence(found: Autocorrelation) -> str:
    after = "Bars within the grey band may be due to chance."
    if found.season is None:
        nearest = (
            f"; the correlation of neighbouring values is {found.values[1]:.2f}"
            if len(found.values) > 1
            else ""
        )
        return f"The series shows no season{nearest}. {after}"
    return f"The series seems to repeat every {found.season:,} rows. {after}"


def decomposition_chart(found: Decomposition, index: pd.Index, name: str, unit: str, season: int) -> Chart:
    """Draw trend, season and remainder one above the other; their sum is the series.

    Args:
        found: the parts.
        index: of the whole series.
        name: of the column.
        unit: of its values.
        season: rows after which it was taken to repeat.
    """
    times = index[found.first : found.first + len(found.trend)]
    parts = {"trend": found.trend, "season": found.seasonal, "remainder": found.remainder}
    drawn = figure(f"STL decomposition of {name}", height=520)
    drawn.set_subplots(rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.05)
    for row, ((part, values), colour) in enumerate(zip(parts.items(), (BLUE, GREEN, PURPLE), strict=True), 1):
        kept = downsampled_rows(values)
        line = {"color": colour, "width": 1.5}
        drawn.add_trace(
            go.Scatter(x=times[kept], y=values[kept], name=part, mode="lines", line=line), row=row, col=1
        )
        drawn.update_yaxes(title_text=axis_title(part, unit), row=row, col=1)
    drawn.update_xaxes(title_text=time_axis_title(index), row=3, col=1)
    drawn.update_layout(showlegend=False)
    sentence = (
        f"The trend explains {found.trend_strength:.0%} of the variation without the season; the season of "
        f"{season:,} rows explains {found.seasonal_strength:.0%} of the variation without the trend."
    )
    if found.first:
        sentence += f" Only the last {len(found.trend):,} rows are used."
    return Chart(drawn, sentence, pd.DataFrame(parts, index=times))
