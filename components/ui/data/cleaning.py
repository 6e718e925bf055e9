"""The data doctor on the Data page: its findings, the fixes it offers, and the cleaning steps taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, get_args

import numpy as np
import pandas as pd
import streamlit as st

from components.data.cleaning.doctor import Diagnosis, Finding, width
from components.data.cleaning.doctor.finding import format_time
from components.data.cleaning.steps import clean_with_row_numbers
from components.data.cleaning.steps.step_description import describe_step
from components.data.isolation.examination import examine, propose, settle
from components.data.tables.raw_table import RawTable
from components.data.time_axis import last_regular_time
from components.errors import DataError
from components.recipe import (
    MOST_CLEANING_STEPS,
    MOST_COLUMNS,
    CleaningStep,
    DatasetReference,
    FillMissing,
    KeepColumns,
    Preparation,
    SetRegularTimes,
)
from components.recipe.cleaning import TimeUnit
from components.ui import boundary
from components.ui.dataset_cache import cached, cleaning_steps_of, table_of
from components.ui.formatting import count, escape
from components.ui.widgets.chart_display import index_column_config

_PREPARATIONS = "data.preparations"
_ERROR = "data.mend_failed"
_NUMBERED = "numbered"  # what the doctor calls it where rows have no times
_MAX_ROWS = 10
_MOST_MATCHED = 2_000_000  # rows before and after filling that are matched by their times, to be marked
_BADGES = {"must": ":red-badge[Must]", "should": ":orange-badge[Should]", "note": ":gray-badge[Note]"}


# --- Preparations ------------------------------------------------------------------------------------


def preparation_of(reference: DatasetReference) -> Preparation:
    """Return how a person wants a dataset cleaned and split, as far as they chose."""
    return _preparations().get(reference.model_dump_json(), Preparation())


def set_preparation(reference: DatasetReference, preparation: Preparation) -> None:
    """Keep how a dataset is to be cleaned and split."""
    _preparations()[reference.model_dump_json()] = preparation


def _preparations() -> dict[str, Preparation]:
    return st.session_state.setdefault(_PREPARATIONS, {})


def copy_preparation(reference: DatasetReference, other: DatasetReference) -> None:
    """Copy the preparation of one reading of a file to another that has none, as far as it fits."""
    if other.model_dump_json() in _preparations():
        return
    prepared = preparation_of(reference)
    try:
        clean_with_row_numbers(table_of(other).frame, prepared.mends, prepared)
    except DataError:
        prepared = prepared.model_copy(update={"mends": ()})
    set_preparation(other, prepared)


def update_preparation(reference: DatasetReference, **fields: Any) -> None:
    """Change a part of what is held."""
    set_preparation(reference, preparation_of(reference).model_copy(update=fields))


def preparation_parameter(preparation: Preparation) -> str | None:
    """Return a preparation as the address holds it; None for the default."""
    return preparation.model_dump_json() if preparation != Preparation() else None


# --- State of a table ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class TableState:
    """A dataset on its way, as the doctor sees it.

    Attributes:
        raw: its table before any cleaning step.
        preparation: how it is to be split, and the cleaning steps that the person chose.
        steps: taken, chosen or automatic.
        diagnosis: what the doctor finds after them.
    """

    raw: RawTable
    preparation: Preparation
    steps: tuple[CleaningStep, ...]
    diagnosis: Diagnosis

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What must or should be fixed."""
        return tuple(one for one in self.diagnosis.findings if one.severity != "note")

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What is good to know."""
        return tuple(one for one in self.diagnosis.findings if one.severity == "note")

    @cached_property
    def filled_rows(self) -> dict[str, np.ndarray]:
        """Rows of the cleaned table whose value a cleaning step filled, by column."""
        unfilled = tuple(step for step in self.steps if not isinstance(step, FillMissing))
        if len(unfilled) == len(self.steps):
            return {}
        after = self.diagnosis.cleaned_frame
        try:
            if not isinstance(after.index, pd.DatetimeIndex):  # its rows are numbered anew
                after = clean_with_row_numbers(self.raw.frame, self.steps, self.preparation)
            before = clean_with_row_numbers(self.raw.frame, unfilled, self.preparation)
        except DataError:  # what follows may have needed the filling
            return {}
        if before.index.equals(after.index):
            at = np.arange(len(after))
        elif len(after) <= _MOST_MATCHED:
            at = before.index.get_indexer(after.index)
        else:
            return {}
        rows = {
            name: np.flatnonzero(before[name].isna().to_numpy()[at] | (at < 0))
            for name in after
            if name in before.columns
        }
        return {str(name): found for name, found in rows.items() if len(found)}


def _make_table_state(reference: DatasetReference, prepared: Preparation) -> TableState:
    raw, mends = table_of(reference), cleaning_steps_of(reference, prepared)
    return TableState(raw, prepared, mends, examine(raw, mends, prepared))


def table_state(reference: DatasetReference) -> TableState:
    """Return the state of a dataset after its cleaning steps.

    Raises:
        DataError: if it can't be read.
    """
    prepared = preparation_of(reference)
    return cached(
        f"examined {reference.model_dump_json()} {prepared.model_dump_json()}",
        lambda: _make_table_state(reference, prepared),
        lambda found: [found.raw.frame, found.diagnosis.cleaned_frame],
        "Examining the data…",
    )


# --- The panel ---------------------------------------------------------------------------------------


def show_data_doctor(reference: DatasetReference, state: TableState) -> None:
    """Show the findings with their fixes, and the cleaning steps with their undo buttons."""
    failed = st.session_state.pop(_ERROR, None)
    if failed:
        boundary.show_error(failed)
    if state.problems:
        with st.container(border=True):
            _show_header(reference, state)
            for number, finding in enumerate(state.problems):
                _show_finding(reference, state, finding, f"{number}.{finding.key}")
            _show_steps(reference, state)
        _show_notes(reference, state)
    else:
        _show_all_clear(reference, state)


def why_not_ready(state: TableState) -> str | None:
    """Return why this can't be trained on yet; None where it can."""
    if state.diagnosis.table_is_ready:
        return None
    if any(finding.severity == "must" and finding.fixes for finding in state.problems):
        return "Fix what is marked “Must” first."
    return "This table can't be used for training. Upload another one."


def _show_header(reference: DatasetReference, state: TableState) -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        st.markdown(f"**The data doctor found {count(len(state.problems), 'problem')}**", width="stretch")
        if any(finding.fixes and finding.choice != "open" for finding in state.problems):
            st.button(
                "Fix all",
                key="data.mend_all",
                type="primary",
                icon=":material/healing:",
                help="Applies the first fix offered for each problem. You can undo every one. "
                "Problems that need your decision stay open.",
                on_click=_fix_all,
                args=(reference,),
            )


def _show_finding(reference: DatasetReference, state: TableState, finding: Finding, key: str) -> None:
    if finding.severity == "must" and not finding.fixes:
        st.error(escape(finding.sentence), icon=":material/report:")
    else:
        st.markdown(f"{_BADGES[finding.severity]} {escape(finding.sentence)}")
    if finding.key == _NUMBERED:
        _choose_times(reference, state)
    if finding.key == width.KEY:
        _choose_columns(reference, state)
    if not finding.fixes and not finding.rows:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for number, offer in enumerate(finding.fixes):
            st.button(
                escape(offer.label),
                key=f"data.mend.{key}.{number}",
                on_click=_add_step,
                args=(reference, offer.cleaning_step),
            )
        if finding.rows:
            shown = st.popover("Show the rows", type="tertiary", on_change="rerun", key=f"data.rows.{key}")
            if shown.open:
                rows = _finding_rows(state, finding)
                shown.dataframe(rows, column_config=index_column_config(rows.index), alt=finding.sentence)
                if len(finding.rows) > _MAX_ROWS:
                    shown.caption(f"The first {_MAX_ROWS} rows.")


def _choose_times(reference: DatasetReference, state: TableState) -> None:
    """Let a person say when the first row was, and how far apart the rows are."""
    chosen = st.popover("Set the times by hand", icon=":material/schedule:", key="data.times")
    with chosen:
        start = st.datetime_input(
            "First row",
            datetime(2000, 1, 1),
            min_value=datetime(1, 1, 1),
            max_value=datetime(9999, 12, 31, 23, 59),
            step=60,
            key="data.times.start",
        )
        with st.container(horizontal=True, wrap=False):
            number = st.number_input("One row every", 1, 10_000, 1, key="data.times.count")
            unit = st.selectbox(
                "Unit of time",
                get_args(TimeUnit),
                index=get_args(TimeUnit).index("day"),
                format_func=lambda unit: unit.replace("_", " "),
                key="data.times.unit",
            )
        step = SetRegularTimes(start=start, count=number, unit=unit)
        try:
            rows = len(state.diagnosis.cleaned_frame)
            last = last_regular_time(step.start, rows, step.count, step.unit)
        except DataError as error:
            boundary.show_error(error)
            return
        st.caption(f"The last row is then at {format_time(last)}.")
        st.button("Set the times", key="data.times.set", on_click=_set_times, args=(reference, step))


def _choose_columns(reference: DatasetReference, state: TableState) -> None:
    """Let a person choose which columns of a very wide table are kept."""
    names = [str(column) for column in state.diagnosis.cleaned_frame.columns]
    with st.popover("Choose the columns", icon=":material/view_column:", key="data.columns"):
        chosen = st.multiselect(
            "Columns to keep",
            names,
            max_selections=MOST_COLUMNS,
            placeholder=f"Up to {MOST_COLUMNS} of {len(names):,}",
            key="data.columns.kept",
        )
        st.button(
            f"Keep {count(len(chosen), 'column')}" if chosen else "Keep these columns",
            key="data.columns.keep",
            disabled=not chosen,
            on_click=_add_step,
            args=(reference, KeepColumns(columns=tuple(chosen) or ("",))),
        )


def _finding_rows(state: TableState, finding: Finding) -> pd.DataFrame:
    frame = state.diagnosis.cleaned_frame
    rows = list(finding.rows[:_MAX_ROWS])
    meant = [column for column in finding.columns if column in frame.columns]
    shown = [*meant, *frame.columns.difference(meant, sort=False)][:MOST_COLUMNS]
    some = frame.iloc[rows][shown]
    if isinstance(frame.index, pd.DatetimeIndex) or len(frame) != len(state.raw.frame):
        return some
    return some.set_axis([state.raw.record_name(row) for row in rows], axis=0)


def _show_steps(reference: DatasetReference, state: TableState) -> None:
    """Show the cleaning steps, each with its undo button."""
    if not state.steps:
        return
    steps = st.expander(
        count(len(state.steps), "cleaning step"),
        icon=":material/healing:",
        expanded=state.preparation.has_chosen_steps,
    )
    with steps:
        if not state.preparation.has_chosen_steps:
            st.caption("Applied automatically. Undo what you don't want.")
        with st.container(gap=None):
            _show_step_list(reference, state)


def _show_step_list(reference: DatasetReference, state: TableState) -> None:
    for number, step in enumerate(state.steps):
        show_step(reference, number, f":green[:material/check:] {escape(describe_step(step))}", "data.undo")


def show_step(reference: DatasetReference, number: int, words: str, key: str) -> None:
    """Draw a cleaning step with its Undo.

    Args:
        reference: of the dataset.
        number: of the step, from 0.
        words: what it does, as Markdown.
        key: of the list that it stands in; each button has a name of its own on the page.
    """
    with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
        st.markdown(words, width="stretch")
        st.button(
            "Undo",
            key=f"{key}.{number}",
            type="tertiary",
            icon=":material/undo:",
            on_click=undo_step,
            args=(reference, number),
        )


def _show_notes(reference: DatasetReference, state: TableState) -> None:
    if not state.notes:
        return
    with st.expander(f"Notes ({len(state.notes)})", icon=":material/lightbulb:"):
        for number, finding in enumerate(state.notes):
            _show_finding(reference, state, finding, f"note.{number}.{finding.key}")


def _show_all_clear(reference: DatasetReference, state: TableState) -> None:
    st.caption(":green[:material/check_circle:] The data doctor found no problems.")
    _show_steps(reference, state)
    _show_notes(reference, state)


# --- Actions of the buttons ---------------------------------------------------------------------------------


def _add_step(reference: DatasetReference, step: CleaningStep) -> None:
    found, prepared = table_state(reference), preparation_of(reference)
    mends = (*found.steps, step)
    try:
        _check_step_limit(found.steps)
        if prepared.unasked:  # what follows from it and nobody would question is made at once
            mends = settle(found.raw, prepared, mends)
        else:
            clean_with_row_numbers(found.raw.frame, mends, prepared)
    except DataError as error:
        st.session_state[_ERROR] = error
    else:
        update_preparation(reference, mends=mends)


def _set_times(reference: DatasetReference, step: SetRegularTimes) -> None:
    """Give the rows times before any are left out, where the steps that were made allow it."""
    found, prepared = table_state(reference), preparation_of(reference)
    mends = (step, *found.steps)
    try:
        _check_step_limit(found.steps)
        clean_with_row_numbers(found.raw.frame, mends, prepared)
    except DataError:
        _add_step(reference, step)
    else:
        update_preparation(reference, mends=mends)


def _fix_all(reference: DatasetReference) -> None:
    found = table_state(reference)
    try:
        _check_step_limit(found.steps)
        update_preparation(reference, mends=propose(found.raw, preparation_of(reference), found.steps))
    except DataError as error:
        st.session_state[_ERROR] = error


def undo_step(reference: DatasetReference, number: int) -> None:
    """Undo a step. If it would be made again at once, automatic steps are turned off."""
    found, prepared = table_state(reference), preparation_of(reference)
    undone = found.steps[number]
    left = found.steps[:number] + found.steps[number + 1 :]
    try:
        clean_with_row_numbers(found.raw.frame, left, prepared)
    except DataError as error:
        st.session_state[_ERROR] = DataError(
            f"A later step depends on this one: “{describe_step(_first_dependent_step(found, number))}”.",
            where=error.where,
            remedy="Undo that one first.",
        )
        return
    again = prepared.unasked and undone in settle(found.raw, prepared, left)[len(left) :]
    update_preparation(reference, mends=left, unasked=prepared.unasked and not again)


def _first_dependent_step(state: TableState, number: int) -> CleaningStep:
    """Return the first cleaning step that can't be made without an earlier one."""
    left = state.steps[:number] + state.steps[number + 1 :]
    for end in range(number, len(left)):
        try:
            clean_with_row_numbers(state.raw.frame, left[: end + 1], state.preparation)
        except DataError:
            return left[end]
    return left[-1]


def _check_step_limit(mends: Sequence[CleaningStep]) -> None:
    if len(mends) >= MOST_CLEANING_STEPS:
        raise DataError(
            f"A recipe can have at most {MOST_CLEANING_STEPS} cleaning steps.",
            where="cleaning steps",
            remedy="Undo one of them.",
        )
