"""How sure a forecast was, and what came of it: the bands on the Results page."""

import pandas as pd
import streamlit as st

from components.charts.coverage_by_step import coverage_by_step
from components.tasks.forecasting.result import Band, ForecastResult
from components.ui.formatting import number
from components.ui.widgets.chart_display import show_chart

_ABOUT = {
    "conformal": "**Conformal** bands are as wide as earlier forecasts were off, on data that the model "
    "didn't learn from.",
    "own": "Bands from what the model **learnt** itself of how far off it may be.",
    "dropout": "**Dropout** bands show how far forecasts lie apart when other units are left out each time. "
    "They know the model's own doubt, and nothing of the noise in the data.",
}
_COLUMNS = {
    "Held": "The share of the values of the test part that lay within the band. It shall be near the level.",
    "Half band held": "The same of the inner band, which shall hold 50%.",
    "Width": "The mean distance of the band's ends. Narrow is good, if it holds what it says.",
    "Winkler": "The width, and for each value outside of the band a fine for how far outside. Small is good.",
    "Pinball": "The quantile loss of both ends: what a value beyond them costs. Small is good.",
    "CRPS": "How far the whole spread of forecasts is from what came. For a forecast that is one value it is "
    "about the mean absolute error. Small is good.",
}


def chosen_band(result: ForecastResult) -> Band | None:
    """Let a person choose a band where there are several; None in results from before there were any."""
    if len(result.bands) < 2:
        return next(iter(result.bands), None)
    labels = {band.name: band.label for band in result.bands}
    name = st.segmented_control(
        "Band",
        tuple(labels),
        key="band",
        format_func=lambda one: labels.get(one, one),
        default=result.bands[0].name,
        required=True,
        help=" ".join(_ABOUT[name] for name in labels),
    )
    return next((band for band in result.bands if band.name == name), result.bands[0])


def show_bands(result: ForecastResult) -> None:
    """Draw what each band was worth on the test part."""
    if not result.bands:
        return
    level = f"{result.bands[0].level:.0%}"
    st.header("How sure it was", anchor=False)
    st.markdown(result.bands[0].sentence)
    table = pd.DataFrame(
        {
            "Held": [f"{band.coverage:.0%} of {level}" for band in result.bands],
            "Half band held": [f"{band.half_coverage:.0%} of 50%" for band in result.bands],
            "Width": [number(band.width) for band in result.bands],
            "Winkler": [number(band.winkler) for band in result.bands],
            "Pinball": [number(band.pinball) for band in result.bands],
            "CRPS": [number(band.crps) for band in result.bands],
        },
        index=pd.Index([band.label for band in result.bands], name="Band"),
    )
    st.dataframe(
        table,
        column_config={
            name: st.column_config.TextColumn(name, help=about) for name, about in _COLUMNS.items()
        },
        alt="What each band held of the test part, how wide it is, and its scores",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(" ".join(_ABOUT[band.name] for band in result.bands), width="stretch")
        with st.popover("What do they mean?", type="tertiary", icon=":material/help:"):
            for name, about in _COLUMNS.items():
                st.markdown(f"**{name}** {about}")
    if result.horizon > 1:
        show_chart(coverage_by_step(result.bands), key="held-by-step")
