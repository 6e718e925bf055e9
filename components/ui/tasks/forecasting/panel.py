"""Several series that were learnt together: how each went, the worst first, and which of them is shown."""

import streamlit as st

from components.charts.series_errors import series_errors_chart
from components.tasks.forecasting.panel import scaled_metric, series_errors
from components.tasks.forecasting.result import ForecastResult
from components.ui.formatting import escape
from components.ui.widgets.chart_display import show_chart

_CHOICE = "results-series"


def chosen_series(result: ForecastResult) -> ForecastResult:
    """Return the one of several series that a person has chosen to see; at first the target."""
    return _by_name(result).get(st.session_state.get(_CHOICE, ""), result)


def show_series(result: ForecastResult) -> None:
    """Draw how each of several series went, and let a person choose the one that the page is about."""
    errors = series_errors(result)
    if errors:
        show_chart(
            series_errors_chart(errors, scaled_metric((result, *result.others)).title), key="series-errors"
        )
    every = _by_name(result)
    st.selectbox(
        "Series",
        tuple(every),
        key=_CHOICE,
        help="The forecasts, the scores and the errors below are those of this series.",
    )
    st.markdown(escape(chosen_series(result).own_verdict))


def _by_name(result: ForecastResult) -> dict[str, ForecastResult]:
    return {one.target: one for one in (result, *result.others)}
