"""Charts of a dataset on the Data page. Only the one that is shown is computed."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.distribution import distribution
from components.charts.seasonality import correlogram, decomposition_chart
from components.charts.series import Marks, series
from components.charts.split import split_chart
from components.data.analysis import (
    CORRELATED_ROWS,
    DECOMPOSED_ROWS,
    Autocorrelation,
    Decomposition,
    autocorrelation,
    decompose,
)
from components.data.datasets import Series, require_series
from components.data.splits.time_split import time_split
from components.data.target_choice import likely_target
from components.data.time_axis import likely_seasons
from components.engine.engine import engine
from components.glossary import explain
from components.recipe import Preparation
from components.ui.boundary import boundary
from components.ui.data.cleaning import TableState, preparation_of, update_preparation
from components.ui.dataset_cache import dataset_of, reference_adapter
from components.ui.visitor import visitor
from components.ui.widgets.chart_display import show_chart
from components.ui.widgets.zoomable_chart import show_series

_TERMS = {"Autocorrelation": "Autocorrelation", "Decomposition": "STL decomposition", "Split": "Split"}
"""What the glossary calls that which a chart shows, by the chart's name."""
_DEFAULT_COLUMNS = 3
_MOST_DRAWN = 20  # columns, each of which sends thousands of points to the browser
_MIN_LAGS, _MAX_LAGS = 48, 1000
_MAX_SEASONS = 3
_MIN_PERCENT, _MAX_PERCENT = (
    5,
    40,
)  # percent of the rows that validation and test may take; what the recipe allows
_TIMEOUT_SECONDS = 120  # a worker that still starts takes its time


def show_dataset_charts(dataset: Series, state: TableState) -> None:
    """Let a person choose a chart, and draw it."""
    views: dict[str, Callable[[Series, TableState], None]] = {
        "Over time": _show_series,
        "Distribution": _show_distribution,
        "Autocorrelation": _show_autocorrelation,
        "Decomposition": _show_decomposition,
        "Split": _show_split,
    }
    chosen = st.segmented_control(
        "Chart",
        tuple(views),
        default="Over time",
        key="data.picture",
        required=True,
        wrap=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    if term := _TERMS.get(chosen or ""):
        st.caption(explain(term))
    # What fails here must not take the rest of the page with it.
    with boundary():
        views.get(chosen or "Over time", _show_series)(dataset, state)


def show_unready_chart(frame: pd.DataFrame) -> None:
    """Draw the numbers of a table that isn't ready, after what could be cleaned; its gaps are shaded."""
    numbers = frame.select_dtypes("float64")
    numbers = numbers[[name for name in numbers if np.isfinite(numbers[name]).any()]]
    timed = isinstance(frame.index, pd.DatetimeIndex)
    if not len(numbers.columns) or (
        timed and (frame.index.hasnans or not frame.index.is_monotonic_increasing)
    ):
        return
    drawn = tuple(numbers.columns[:_DEFAULT_COLUMNS])
    show_series(series(numbers, drawn), frame, drawn, key="data-unfinished")


# --- Charts ------------------------------------------------------------------------------------


def _show_series(dataset: Series, state: TableState) -> None:
    drawn = dataset.columns[:_DEFAULT_COLUMNS]
    if len(dataset.columns) > 1:
        drawn = tuple(
            st.multiselect(
                "Columns to draw",
                dataset.columns,
                default=drawn,
                max_selections=_MOST_DRAWN,
                key=f"data.drawn.{_fingerprint(dataset, *dataset.columns)}",
                placeholder="None",
            )
        )
    if drawn:
        unit = dataset.column_unit(drawn[0]) if len(drawn) == 1 else ""
        chart = series(dataset.table, drawn, unit=unit, marks=_highlights(dataset, state))
        show_series(chart, dataset.table, drawn, key="data-series")


def _show_distribution(dataset: Series, _: TableState) -> None:
    column = _choose_column(dataset)
    values = dataset.trim((column,)).table[column].to_numpy()
    show_chart(distribution(values, column, dataset.column_unit(column)), key="data-distribution")


def _show_autocorrelation(dataset: Series, _: TableState) -> None:
    column = _choose_column(dataset)
    show_chart(
        correlogram(_compute_autocorrelation(*_cache_key(dataset), column), column), key="data-repeats"
    )
    if dataset.rows > CORRELATED_ROWS:
        st.caption(f":material/info: Computed from the last {CORRELATED_ROWS:,} rows.")


def _show_decomposition(dataset: Series, _: TableState) -> None:
    column = _choose_column(dataset)
    suggested = _compute_autocorrelation(*_cache_key(dataset), column).season or dataset.season
    most = dataset.trim((column,)).rows // 2
    if most < 2:
        st.caption("There are too few rows to decompose.")
        return
    season = st.number_input(
        "Season (rows)",
        2,
        min(most, DECOMPOSED_ROWS // 2),
        value=min(suggested or 2, most),
        key=f"data.season.{_fingerprint(dataset, column)}",
        help="After how many rows the series repeats. The default comes from its autocorrelation.",
    )
    if suggested is None:
        st.caption("The series shows no clear season, so the seasonal part below may be due to chance.")
    made = _compute_decomposition(*_cache_key(dataset), column, int(season))
    chart = decomposition_chart(
        made, dataset.trim((column,)).table.index, column, dataset.column_unit(column), int(season)
    )
    show_chart(chart, key="data-decomposition")


def _show_split(dataset: Series, _: TableState) -> None:
    column = _choose_column(dataset)
    prepared = preparation_of(dataset.reference)
    key = f"data.parts.{_fingerprint(dataset)}"
    test = round(100 * prepared.test)
    st.session_state[key] = (100 - test - round(100 * prepared.validation), 100 - test)
    st.slider(
        "Start of validation and test set (% of rows)",
        0,
        100,
        key=key,
        format="%d%%",
        on_change=_update_split,
        args=(dataset, key),
        help=f"Each of the two takes {_MIN_PERCENT}% to {_MAX_PERCENT}% of the rows. The model learns "
        "from neither.",
    )
    shown, divided = dataset.trim((column,)), time_split(dataset.rows, prepared)
    divided = divided.within(dataset.complete_rows((column,)))
    chart = split_chart(shown.table, column, divided, dataset.column_unit(column))
    show_chart(chart, key="data-parts")


def _update_split(dataset: Series, key: str) -> None:
    start, end = st.session_state[key]
    test = min(max(100 - end, _MIN_PERCENT), _MAX_PERCENT)
    validation = min(max(100 - test - start, _MIN_PERCENT), _MAX_PERCENT)
    update_preparation(dataset.reference, validation=validation / 100, test=test / 100)


def _choose_column(dataset: Series) -> str:
    if len(dataset.columns) == 1:
        return dataset.columns[0]
    return st.selectbox(
        "Column",
        dataset.columns,
        index=dataset.columns.index(likely_target(dataset.table)),
        key=f"data.column.{_fingerprint(dataset, *dataset.columns)}",
    )


# --- Numbers behind the charts ---------------------------------------------------------------------------


def _highlights(dataset: Series, state: TableState) -> tuple[Marks, ...]:
    """Return the marks of filled values and of outliers."""
    far = {
        finding.columns[0]: np.array(finding.rows)
        for finding in state.notes
        if finding.key == "outliers" and finding.rows
    }
    marks = (Marks("filled", state.filled_rows), Marks("outlying", far))
    return tuple(mark for mark in marks if mark.rows)


@st.cache_resource(max_entries=16, show_spinner="Computing the autocorrelation…")
def _compute_autocorrelation(reference: str, preparation: str, column: str) -> Autocorrelation:
    dataset = _load_series(reference, preparation).trim((column,))
    likely = likely_seasons(dataset.table.index)
    longest = max(
        [_MIN_LAGS, *(_MAX_SEASONS * rows for rows in likely), _MAX_SEASONS * (dataset.season or 0)]
    )
    lags = min(longest, _MAX_LAGS, max(2, dataset.rows // 2))
    return autocorrelation(dataset.table[column].to_numpy(), lags, likely)


@st.cache_resource(max_entries=16, show_spinner="Decomposing the series…")
def _compute_decomposition(reference: str, preparation: str, column: str, season: int) -> Decomposition:
    """Return a decomposition made by a worker: what it needs would make this process heavy."""
    values = _load_series(reference, preparation).trim((column,)).table[column].to_numpy()
    before = max(0, len(values) - DECOMPOSED_ROWS)
    made = engine().ask(decompose, values[before:], season, timeout=_TIMEOUT_SECONDS, visitor=visitor())
    return replace(made, first=before + made.first)


def _load_series(reference: str, preparation: str) -> Series:
    return require_series(
        dataset_of(reference_adapter.validate_json(reference), Preparation.model_validate_json(preparation))
    )


def _cache_key(dataset: Series) -> tuple[str, str]:
    """Return a dataset with its cleaning steps as a cache key."""
    return dataset.reference.model_dump_json(), preparation_of(dataset.reference).model_dump_json()


def _fingerprint(dataset: Series, *more: str) -> str:
    """Return a short key of a control that is a dataset's own."""
    return hashlib.sha256(repr((dataset.reference, more)).encode()).hexdigest()[:16]
