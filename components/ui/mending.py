"""The data doctor on the Data page: what it finds, the mends it offers, and those that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components.data.doctor import Diagnosis, Finding, cure, examine, settle
from components.data.mends import labelled
from components.data.mends.words import say
from components.data.raw import Raw
from components.errors import DataError
from components.recipe import MOST_MENDS, DatasetReference, FillMissing, Mend, Preparation
from components.ui import boundary
from components.ui.figures import index_config
from components.ui.loading import came, kept, mends_of
from components.ui.words import count, escape

_HELD = "data.preparations"
_FAILED = "data.mend_failed"
_SHOWN_ROWS = 10
_BADGES = {"must": ":red-badge[Must]", "should": ":orange-badge[Should]", "note": ":gray-badge[Note]"}


# --- What is held ------------------------------------------------------------------------------------


def preparation_of(reference: DatasetReference) -> Preparation:
    """Give how a person wants a dataset mended and divided, as far as they said."""
    return _held().get(reference.model_dump_json(), Preparation())


def hold(reference: DatasetReference, preparation: Preparation) -> None:
    """Keep how a dataset is to be mended and divided."""
    _held()[reference.model_dump_json()] = preparation


def _held() -> dict[str, Preparation]:
    return st.session_state.setdefault(_HELD, {})


def carry(reference: DatasetReference, other: DatasetReference) -> None:
    """Take over for one reading of a file what is held of another, as far as it fits and nothing is yet."""
    if other.model_dump_json() in _held():
        return
    prepared = preparation_of(reference)
    try:
        labelled(came(other).frame, prepared.mends, prepared)
    except DataError:
        prepared = prepared.model_copy(update={"mends": ()})
    hold(other, prepared)


def change(reference: DatasetReference, **fields: Any) -> None:
    """Change a part of what is held."""
    hold(reference, preparation_of(reference).model_copy(update=fields))


def address_of(preparation: Preparation) -> str | None:
    """Write a preparation for an address; None where all is as usual."""
    return preparation.model_dump_json() if preparation != Preparation() else None


# --- What was found ----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Examined:
    """A dataset on its way, as the doctor sees it.

    Attributes:
        raw: its table before any mend.
        preparation: how it is to be divided, and the mends that the person chose.
        mends: those that are made, by the person or without asking.
    """

    raw: Raw
    preparation: Preparation
    mends: tuple[Mend, ...]
    diagnosis: Diagnosis

    @property
    def urgent(self) -> tuple[Finding, ...]:
        """What must or should be mended."""
        return tuple(one for one in self.diagnosis.findings if one.severity != "note")

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What is good to know."""
        return tuple(one for one in self.diagnosis.findings if one.severity == "note")

    @cached_property
    def filled(self) -> dict[str, np.ndarray]:
        """Rows of the finished table whose value a mend filled, by column."""
        unfilled = tuple(mend for mend in self.mends if not isinstance(mend, FillMissing))
        if len(unfilled) == len(self.mends):
            return {}
        after = self.diagnosis.frame_after
        try:
            if not isinstance(after.index, pd.DatetimeIndex):  # its rows are numbered anew
                after = labelled(self.raw.frame, self.mends, self.preparation)
            before = labelled(self.raw.frame, unfilled, self.preparation)
        except DataError:  # what follows may have needed the filling
            return {}
        at = before.index.get_indexer(after.index)
        rows = {
            name: np.flatnonzero(before[name].isna().to_numpy()[at] | (at < 0))
            for name in after
            if name in before.columns
        }
        return {str(name): found for name, found in rows.items() if len(found)}


def _examined(reference: DatasetReference, prepared: Preparation) -> Examined:
    raw, mends = came(reference), mends_of(reference, prepared)
    return Examined(raw, prepared, mends, examine(raw.frame, mends, prepared, place=raw.place))


def examined(reference: DatasetReference) -> Examined:
    """Look at a dataset after the mends that are held for it.

    Raises:
        DataError: if it can't be read.
    """
    prepared = preparation_of(reference)
    return kept(
        f"examined {reference.model_dump_json()} {prepared.model_dump_json()}",
        lambda: _examined(reference, prepared),
        lambda found: [found.raw.frame, found.diagnosis.frame_after],
        "Looking at the data…",
    )


# --- The panel ---------------------------------------------------------------------------------------


def doctor(reference: DatasetReference, found: Examined) -> None:
    """Draw what was found with its mends, and the mends that were made with their undoing."""
    failed = st.session_state.pop(_FAILED, None)
    if failed:
        boundary.show(failed)
    if found.urgent:
        with st.container(border=True):
            _head(reference, found)
            for number, finding in enumerate(found.urgent):
                _finding(reference, found, finding, f"{number}.{finding.key}")
            _steps(reference, found)
        _notes(reference, found)
    else:
        _all_well(reference, found)


def reason_not_ready(found: Examined) -> str | None:
    """Say why this can't be trained on yet; None where it can."""
    if found.diagnosis.table_is_ready:
        return None
    if any(finding.severity == "must" and finding.offers for finding in found.urgent):
        return "First mend what is marked “Must”."
    return "This table can't be trained on; bring another one."


def _head(reference: DatasetReference, found: Examined) -> None:
    with st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        st.markdown(f"**The data doctor found {count(len(found.urgent), 'thing')}**", width="stretch")
        if any(finding.offers and finding.choice != "open" for finding in found.urgent):
            st.button(
                "Mend all",
                key="data.mend_all",
                type="primary",
                icon=":material/healing:",
                help="Makes the first mend that is offered for each, one after the other. "
                "You can undo every one. What only you can know stays open.",
                on_click=_mend_all,
                args=(reference,),
            )


def _finding(reference: DatasetReference, found: Examined, finding: Finding, key: str) -> None:
    if finding.severity == "must" and not finding.offers:
        st.error(escape(finding.sentence), icon=":material/report:")
    else:
        st.markdown(f"{_BADGES[finding.severity]} {escape(finding.sentence)}")
    if not finding.offers and not finding.rows:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for number, offer in enumerate(finding.offers):
            st.button(
                escape(offer.label),
                key=f"data.mend.{key}.{number}",
                on_click=_add,
                args=(reference, offer.mend),
            )
        if finding.rows:
            shown = st.popover("Show the rows", type="tertiary", on_change="rerun", key=f"data.rows.{key}")
            if shown.open:
                rows = _rows_of(found, finding)
                shown.dataframe(rows, column_config=index_config(rows.index), alt=finding.sentence)
                if len(finding.rows) > _SHOWN_ROWS:
                    shown.caption(f"The first {_SHOWN_ROWS}.")


def _rows_of(found: Examined, finding: Finding) -> pd.DataFrame:
    frame = found.diagnosis.frame_after
    rows = list(finding.rows[:_SHOWN_ROWS])
    meant = [column for column in finding.columns if column in frame.columns]
    some = frame.iloc[rows][[*meant, *(column for column in frame.columns if column not in meant)]]
    if isinstance(frame.index, pd.DatetimeIndex) or len(frame) != len(found.raw.frame):
        return some
    return some.set_axis([found.raw.place(row) for row in rows], axis=0)


def _steps(reference: DatasetReference, found: Examined) -> None:
    """List the mends that were made, each with its undoing."""
    if not found.mends:
        return
    steps = st.expander(
        f"Mended in {count(len(found.mends), 'step')}",
        icon=":material/healing:",
        expanded=found.preparation.by_hand,
    )
    with steps:
        if not found.preparation.by_hand:
            st.caption("Done without asking, as a table like this needs it. Undo what you don't want.")
        with st.container(gap=None):
            _list_steps(reference, found)


def _list_steps(reference: DatasetReference, found: Examined) -> None:
    for number, mend in enumerate(found.mends):
        with st.container(horizontal=True, wrap=False, vertical_alignment="center", gap="small"):
            st.markdown(f":green[:material/check:] {escape(say(mend))}", width="stretch")
            st.button(
                "Undo",
                key=f"data.undo.{number}",
                type="tertiary",
                icon=":material/undo:",
                on_click=_undo,
                args=(reference, number),
            )


def _notes(reference: DatasetReference, found: Examined) -> None:
    if not found.notes:
        return
    with st.expander(f"Good to know: {count(len(found.notes), 'thing')}", icon=":material/lightbulb:"):
        for number, finding in enumerate(found.notes):
            _finding(reference, found, finding, f"note.{number}.{finding.key}")


def _all_well(reference: DatasetReference, found: Examined) -> None:
    st.caption(":green[:material/check_circle:] Nothing to mend.")
    _steps(reference, found)
    _notes(reference, found)


# --- What buttons do ---------------------------------------------------------------------------------


def _add(reference: DatasetReference, mend: Mend) -> None:
    found, prepared = examined(reference), preparation_of(reference)
    mends = (*found.mends, mend)
    try:
        _check_number(found.mends)
        if prepared.unasked:  # what follows from it and nobody would question is made at once
            mends = settle(found.raw.frame, prepared, mends)
        else:
            labelled(found.raw.frame, mends, prepared)
    except DataError as error:
        st.session_state[_FAILED] = error
    else:
        change(reference, mends=mends)


def _mend_all(reference: DatasetReference) -> None:
    found = examined(reference)
    try:
        _check_number(found.mends)
        change(reference, mends=cure(found.raw.frame, preparation_of(reference), found.mends))
    except DataError as error:
        st.session_state[_FAILED] = error


def _undo(reference: DatasetReference, number: int) -> None:
    """Take a step back. One that would be made again without asking shows that the person wants to decide."""
    found, prepared = examined(reference), preparation_of(reference)
    undone = found.mends[number]
    left = found.mends[:number] + found.mends[number + 1 :]
    try:
        labelled(found.raw.frame, left, prepared)
    except DataError as error:
        st.session_state[_FAILED] = DataError(
            f"A later step needs this one: “{say(_first_in_need(found, number))}”.",
            where=error.where,
            remedy="Undo that one first.",
        )
        return
    again = prepared.unasked and undone in settle(found.raw.frame, prepared, left)[len(left) :]
    change(reference, mends=left, unasked=prepared.unasked and not again)


def _first_in_need(found: Examined, number: int) -> Mend:
    """Find the first mend that can't be made without an earlier one."""
    left = found.mends[:number] + found.mends[number + 1 :]
    for end in range(number, len(left)):
        try:
            labelled(found.raw.frame, left[: end + 1], found.preparation)
        except DataError:
            return left[end]
    return left[-1]


def _check_number(mends: Sequence[Mend]) -> None:
    if len(mends) >= MOST_MENDS:
        raise DataError(f"At most {MOST_MENDS} mends fit.", where="mends", remedy="Undo one of them.")
