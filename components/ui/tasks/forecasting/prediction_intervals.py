"""How sure a forecast was, and what came of it: the bands on the Results page."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.charts.coverage_by_step import coverage_by_step
from components.tasks.forecasting.result import Band, ForecastResult
from components.ui.formatting import number
from components.ui.widgets.chart_display import show_chart

_ABOUT = {
    "conformal": (
        "**Conformal** intervals are as wide as the errors on data that the model didn't learn from."
    ),
    "own": "**Learnt** intervals come from the distribution that the model itself predicts.",
    "dropout": (
        "**MC dropout** intervals show how much forecasts differ when different units are "
        "dropped. They show the model's uncertainty, but not the noise in the data."
    ),
}
_COLUMNS = {
    "Coverage": (
        "The share of actual values in the test set that lie inside the prediction interval. It "
        "should be close to the chosen level."
    ),
    "50% coverage": "The same for the inner interval, which should cover 50%.",
    "Width": "The mean width of the interval. Narrow is good, as long as the coverage is right.",
    "Winkler score": (
        "The width, plus a penalty for each value outside the interval, by how far outside. "
        "Smaller is better."
    ),
    "Pinball": "The quantile loss of both ends of the interval. Smaller is better.",
    "CRPS": (
        "The distance between the whole forecast distribution and the actual value. For a "
        "forecast of a single value it equals the absolute error. Smaller is better."
    ),
}


def chosen_band(result: ForecastResult) -> Band | None:
    """Let a person choose a band where there are several; None in results from before there were any."""
    if len(result.bands) < 2:
        return next(iter(result.bands), None)
    labels = {band.name: band.label for band in result.bands}
    name = st.segmented_control(
        "Interval",
        tuple(labels),
        key="band",
        format_func=lambda one: labels.get(one, one),
        default=result.bands[0].name,
        required=True,
        help=" ".join(_ABOUT[name] for name in labels),
    )
    return next((band for band in result.bands if band.name == name), result.bands[0])


def show_bands(result: ForecastResult) -> None:
    """Draw what each band was worth on the test set."""
    level = f"{result.bands[0].level:.0%}"
    st.markdown(result.bands[0].sentence)
    if result.horizon > 1:
        show_chart(coverage_by_step(result.bands), key="held-by-step")
    with st.expander(_narrowest(result.bands), icon=":material/table_rows:"):
        _show_band_table(result.bands, level)


def _narrowest(bands: Sequence[Band]) -> str:
    best = min(bands, key=lambda band: band.winkler)
    if len(bands) == 1:
        return f"All scores: the Winkler score is {number(best.winkler)}."
    name = best.label if best.label[:2].isupper() else best.label.lower()
    return f"All scores: the {name} interval has the best Winkler score, {number(best.winkler)}."


def _show_band_table(bands: Sequence[Band], level: str) -> None:
    table = pd.DataFrame(
        {
            "Coverage": [f"{band.coverage:.0%} of {level}" for band in bands],
            "50% coverage": [f"{band.half_coverage:.0%} of 50%" for band in bands],
            "Width": [number(band.width) for band in bands],
            "Winkler score": [number(band.winkler) for band in bands],
            "Pinball": [number(band.pinball) for band in bands],
            "CRPS": [number(band.crps) for band in bands],
        },
        index=pd.Index([band.label for band in bands], name="Interval"),
    )
    st.dataframe(
        table,
        column_config={
            name: st.column_config.TextColumn(name, help=about) for name, about in _COLUMNS.items()
        },
        alt="The coverage, width and scores of each prediction interval on the test set",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(" ".join(_ABOUT[band.name] for band in bands), width="stretch")
        with st.popover("What do these mean?", type="tertiary", icon=":material/help:"):
            for name, about in _COLUMNS.items():
                st.markdown(f"**{name}** {about}")
