"""Values that the forecast didn't expect, on the Results page."""

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.anomalies import anomalies as chart
from components.charts.anomalies import anomalies_sentence
from components.data.datasets import Series
from components.glossary import explain
from components.tasks.forecasting.anomalies import DetectionScore, anomalies, detection_score, is_marker
from components.tasks.forecasting.result import Band, ForecastResult
from components.ui.boundary import fragment
from components.ui.widgets.chart_display import folded, show_chart


@fragment
def show_anomalies(result: ForecastResult, band: Band | None, dataset: Series | None) -> None:
    """Draw the values of the test set that lie outside of a band.

    Args:
        result: of a forecast.
        band: which; None: there is none.
        dataset: what was learnt from; a column of it may say which values are out of the ordinary.
    """
    if band is None:
        return
    first = anomalies_sentence(anomalies(result, band, 1), result.times, band.level)
    with folded("Anomalies", first, "anomalies-fold") as is_open:
        if is_open:
            _show_outside(result, band, dataset)


def _show_outside(result: ForecastResult, band: Band, dataset: Series | None) -> None:
    step = 1
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if result.horizon > 1:
            step = st.slider(
                "Steps ahead",
                1,
                result.horizon,
                key="anomalies-step",
                help=(
                    "Each value is compared with the prediction interval that was forecast this many steps "
                    "before it."
                ),
            )
        marks = _marks(result, dataset)
    outside = anomalies(result, band, step)
    known = None if marks is None else marks[outside.rows]
    if known is not None:
        _show_detection_score(detection_score(outside.is_outside, known))
    drawn = chart(outside, result.times, result.target, result.unit, band.level, known)
    show_chart(drawn, key="anomalies")


def _marks(result: ForecastResult, dataset: Series | None) -> np.ndarray | None:
    """Let a person choose the column that marks anomalies, where one may: gives (rows,) bool."""
    if dataset is None or dataset.rows != len(result.truth):
        return None
    table = dataset.table.iloc[-len(result.truth) :]
    able = [name for name in table.columns if name != result.target and is_marker(table[name].to_numpy())]
    if not able:
        return None
    name = st.selectbox(
        "Known anomalies",
        able,
        index=None,
        placeholder="No column",
        key="anomalies-marks",
        help="A column that holds 1 where a value is a known anomaly, and 0 elsewhere.",
    )
    return None if name is None else _one(table, name)


def _one(table: pd.DataFrame, name: str) -> np.ndarray:
    return table[name].to_numpy() == 1


def _show_detection_score(score: DetectionScore) -> None:
    grid = st.grid(3, min_column_width=140)
    precision = "–" if score.precision is None else f"{score.precision:.0%}"
    recall = "–" if score.recall is None else f"{score.recall:.0%}"
    grid.metric("Known in the test set", f"{score.marked:,}")
    grid.metric(
        "Precision",
        precision,
        help=f"{explain('Precision')} Here: of the values outside the interval, the known anomalies.",
    )
    grid.metric(
        "Recall",
        recall,
        help=f"{explain('Recall')} Here: the share of known anomalies that lie outside the interval.",
    )
