"""Pictures of a dataset on the Data page. Only the one that is looked at is computed."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.distribution import distribution
from components.charts.parts import parts
from components.charts.repeats import correlogram, decomposed
from components.charts.series import Marks, series
from components.data.analysis import (
    DECOMPOSED_ROWS,
    Autocorrelation,
    Decomposition,
    autocorrelation,
    decompose,
)
from components.data.dataset import Series, series_of
from components.data.split import split
from components.data.time_axis import likely_seasons
from components.engine.engine import engine
from components.recipe import Preparation
from components.ui.boundary import boundary
from components.ui.figures import show
from components.ui.loading import dataset_of, references
from components.ui.mending import Examined, change, preparation_of
from components.ui.zoomable import show_series

_DRAWN_AT_FIRST = 3
_FEWEST_LAGS, _MOST_LAGS = 48, 1000
_SEASONS_SHOWN = 3
_LEAST, _MOST = 5, 40  # percent of the rows that validation and test may take; what the recipe allows
_SECONDS = 120  # a worker that still starts takes its time


def pictures(dataset: Series, found: Examined) -> None:
    """Let a person choose a picture, and draw it."""
    views: dict[str, Callable[[Series, Examined], None]] = {
        "Over time": _over_time,
        "Distribution": _distribution,
        "Repeats": _repeats,
        "Trend and season": _decomposition,
        "Parts": _parts,
    }
    chosen = st.segmented_control(
        "Picture",
        tuple(views),
        default="Over time",
        key="data.picture",
        required=True,
        wrap=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    # What fails here must not take the rest of the page with it.
    with boundary():
        views.get(chosen or "Over time", _over_time)(dataset, found)


def picture_of_unfinished(frame: pd.DataFrame, key: str) -> bool:
    """Draw the numbers of a table that isn't ready, its gaps shaded; tell whether there was anything to draw.

    Args:
        frame: after the mends that could be made.
        key: of the chart on the page.
    """
    numbers = frame.select_dtypes("float64")
    numbers = numbers[[name for name in numbers if np.isfinite(numbers[name]).any()]]
    timed = isinstance(frame.index, pd.DatetimeIndex)
    if not len(numbers.columns) or (
        timed and (frame.index.hasnans or not frame.index.is_monotonic_increasing)
    ):
        return False
    drawn = tuple(numbers.columns[:_DRAWN_AT_FIRST])
    show_series(series(numbers, drawn), frame, drawn, key=key)
    return True


# --- Each of them ------------------------------------------------------------------------------------


def _over_time(dataset: Series, found: Examined) -> None:
    drawn = dataset.columns[:_DRAWN_AT_FIRST]
    if len(dataset.columns) > 1:
        drawn = tuple(
            st.multiselect(
                "Columns to draw",
                dataset.columns,
                default=drawn,
                key=f"data.drawn.{_print(dataset, *dataset.columns)}",
                placeholder="None",
            )
        )
    if drawn:
        unit = dataset.unit_of(drawn[0]) if len(drawn) == 1 else ""
        chart = series(dataset.table, drawn, unit=unit, marks=_marks(dataset, found))
        show_series(chart, dataset.table, drawn, key="data-series")


def _distribution(dataset: Series, _: Examined) -> None:
    column = _column(dataset)
    values = dataset.begun((column,)).table[column].to_numpy()
    show(distribution(values, column, dataset.unit_of(column)), key="data-distribution")


def _repeats(dataset: Series, _: Examined) -> None:
    column = _column(dataset)
    show(correlogram(_autocorrelation(*_names(dataset), column), column), key="data-repeats")


def _decomposition(dataset: Series, _: Examined) -> None:
    column = _column(dataset)
    suggested = _autocorrelation(*_names(dataset), column).season or dataset.season
    most = dataset.begun((column,)).rows // 2
    if most < 2:
        st.caption("There are too few rows to take apart.")
        return
    season = st.number_input(
        "Season, in rows",
        2,
        min(most, DECOMPOSED_ROWS // 2),
        value=min(suggested or 2, most),
        key=f"data.season.{_print(dataset, column)}",
        help="After how many rows the series repeats. What its own past suggests stands here at first.",
    )
    if suggested is None:
        st.caption("No season shows in it, so what is called season below may be chance.")
    made = _decomposed(*_names(dataset), column, int(season))
    chart = decomposed(
        made, dataset.begun((column,)).table.index, column, dataset.unit_of(column), int(season)
    )
    show(chart, key="data-decomposition")


def _parts(dataset: Series, _: Examined) -> None:
    column = _column(dataset)
    prepared = preparation_of(dataset.reference)
    key = f"data.parts.{_print(dataset)}"
    test = round(100 * prepared.test)
    st.session_state[key] = (100 - test - round(100 * prepared.validation), 100 - test)
    st.slider(
        "Where validation and test begin, in percent of the rows",
        0,
        100,
        key=key,
        format="%d %%",
        on_change=_divide,
        args=(dataset, key),
        help=f"Each of the two takes {_LEAST} to {_MOST} percent of the rows. Neither is learnt from.",
    )
    shown, divided = dataset.begun((column,)), split(dataset.rows, prepared)
    divided = divided.without_first(dataset.rows - shown.rows)
    chart = parts(shown.table, column, divided, dataset.unit_of(column))
    show(chart, key="data-parts")


def _divide(dataset: Series, key: str) -> None:
    start, end = st.session_state[key]
    test = min(max(100 - end, _LEAST), _MOST)
    validation = min(max(100 - test - start, _LEAST), _MOST)
    change(dataset.reference, validation=validation / 100, test=test / 100)


def _column(dataset: Series) -> str:
    if len(dataset.columns) == 1:
        return dataset.columns[0]
    return st.selectbox("Column", dataset.columns, key=f"data.column.{_print(dataset, *dataset.columns)}")


# --- What they are made of ---------------------------------------------------------------------------


def _marks(dataset: Series, found: Examined) -> tuple[Marks, ...]:
    """Point out what was filled, and what stands far out."""
    far = {
        finding.columns[0]: np.array(finding.rows)
        for finding in found.notes
        if finding.key == "outliers" and finding.rows
    }
    marks = (Marks("filled", found.filled), Marks("far out", far))
    return tuple(mark for mark in marks if mark.rows)


@st.cache_resource(max_entries=16, show_spinner="Looking for what repeats…")
def _autocorrelation(reference: str, preparation: str, column: str) -> Autocorrelation:
    dataset = _dataset(reference, preparation).begun((column,))
    likely = likely_seasons(dataset.table.index)
    longest = max(
        [_FEWEST_LAGS, *(_SEASONS_SHOWN * rows for rows in likely), _SEASONS_SHOWN * (dataset.season or 0)]
    )
    lags = min(longest, _MOST_LAGS, max(2, dataset.rows // 2))
    return autocorrelation(dataset.table[column].to_numpy(), lags, likely)


@st.cache_resource(max_entries=16, show_spinner="Taking it apart…")
def _decomposed(reference: str, preparation: str, column: str, season: int) -> Decomposition:
    """Have a worker do it: what it needs would make this process heavy."""
    values = _dataset(reference, preparation).begun((column,)).table[column].to_numpy()
    before = max(0, len(values) - DECOMPOSED_ROWS)
    made = engine().ask(decompose, values[before:], season, timeout=_SECONDS)
    return replace(made, first=before + made.first)


def _dataset(reference: str, preparation: str) -> Series:
    return series_of(
        dataset_of(references.validate_json(reference), Preparation.model_validate_json(preparation))
    )


def _names(dataset: Series) -> tuple[str, str]:
    """Name a dataset with its mends, for what is computed of it to be kept under."""
    return dataset.reference.model_dump_json(), preparation_of(dataset.reference).model_dump_json()


def _print(dataset: Series, *more: str) -> str:
    """Give a short key of a control that is a dataset's own."""
    return hashlib.sha256(repr((dataset.reference, more)).encode()).hexdigest()[:16]
