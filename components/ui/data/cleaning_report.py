"""The report of what was done to a table: step by step, and before and after side by side."""

import numpy as np
import pandas as pd
import streamlit as st

from components.charts.palette import BLUE, ORANGE, VERMILLION, with_opacity
from components.data.cleaning.report import CellChange, CleaningReport, report_cleaning
from components.export.cleaning_report import overview, to_html
from components.recipe import DatasetReference, Upload
from components.ui.boundary import boundary
from components.ui.data.cleaning import TableState, show_step
from components.ui.dataset_cache import cached
from components.ui.formatting import count, escape
from components.ui.widgets.chart_display import index_column_config

_MAX_ROWS = 300
_MAX_CHARACTERS = 100  # of a text in it
_COLOURS: dict[CellChange, str] = {"filled": BLUE, "removed": VERMILLION, "changed": ORANGE}
_MARKS: dict[CellChange, str] = {"filled": "+", "removed": "−", "changed": "≠"}


def show_report(reference: DatasetReference, state: TableState) -> None:
    """Show what was done to a table, once a person opens it; nothing where nothing was."""
    if not state.steps:
        return
    shown = st.expander(
        "What was done to your table",
        icon=":material/difference:",
        key="data.report",
        on_change="rerun",
    )
    if not shown.open:
        return
    with shown, boundary():
        report = _report(reference, state)
        st.markdown(escape(overview(report)))
        _show_steps(reference, report)
        _show_sides(report, state)
        _offer_download(reference, report, state)


def _report(reference: DatasetReference, state: TableState) -> CleaningReport:
    return cached(
        f"report {reference.model_dump_json()} {state.preparation.model_dump_json()}",
        lambda: report_cleaning(state.raw.frame, state.steps, state.preparation),
        lambda report: [report.after],
        "Comparing before and after…",
    )


def _show_steps(reference: DatasetReference, report: CleaningReport) -> None:
    with st.container(gap=None):
        for number, effect in enumerate(report.effects):
            effect_text = f": {escape(effect.summary)}" if effect.summary else ""
            words = f"{number + 1}. {escape(effect.sentence)}{effect_text}"
            show_step(reference, number, words, "data.report.undo")


def _show_sides(report: CleaningReport, state: TableState) -> None:
    """Show rows that have a changed cell, each column before and after, the changed cells marked."""
    rows = report.changed_rows()
    if not len(rows):
        st.caption("No value was changed: what the steps did is above.")
        return
    at = rows[:_MAX_ROWS]
    origin = report.origin[at]
    columns: dict[str, list[str]] = {
        "record": ["added" if place < 0 else state.raw.record_name(int(place)) for place in origin]
    }
    marks: dict[str, np.ndarray] = {}
    for name, kinds in report.changes.items():
        if not (kinds[at] != "").any():
            continue
        before = report.before[name]
        columns[f"{name}, before"] = ["" if place < 0 else _text(before.iloc[place]) for place in origin]
        after = [_text(value) for value in report.after[name].iloc[at]]
        columns[f"{name}, after"] = [
            f"{_MARKS[kind]} {value}".strip() if kind else value
            for kind, value in zip(kinds[at], after, strict=True)
        ]
        marks[f"{name}, after"] = kinds[at]
    table = pd.DataFrame(columns, index=report.after.index[at])
    st.dataframe(
        table.style.apply(lambda column: _styles(marks.get(str(column.name)), len(table)), axis=0)
        if table.index.is_unique
        else table,
        height=min(360, 36 * len(table) + 40),
        column_config=index_column_config(table.index),
        alt="Rows that were changed, before and after",
    )
    legend = ", ".join(f"{mark} {kind}" for kind, mark in _MARKS.items())
    more = f" The first {_MAX_ROWS} of {len(rows):,} are shown." if len(rows) > _MAX_ROWS else ""
    st.caption(f"{count(len(rows), 'row')} changed. Marks: {legend}.{more}")


def _styles(kinds: np.ndarray | None, rows: int) -> list[str]:
    if kinds is None:
        return [""] * rows
    return [f"background-color: {with_opacity(_COLOURS[kind], 0.25)}" if kind else "" for kind in kinds]


def _offer_download(reference: DatasetReference, report: CleaningReport, state: TableState) -> None:
    title = reference.name if isinstance(reference, Upload) else reference.source
    st.download_button(
        "Download the report",
        lambda: to_html(report, title, state.raw.notes, state.raw.record_name),
        file_name="report.html",
        mime="text/html",
        icon=":material/download:",
        key="data.report.download",
        on_click="ignore",
    )


def _text(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:.10g}"
    return "" if pd.isna(value) else str(value)[:_MAX_CHARACTERS]  # type: ignore[call-overload]
