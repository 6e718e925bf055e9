"""Runs side by side: their differences in words and as a table, their curves, and their results."""

import re
import string
from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import urlencode, urljoin

import pandas as pd
import streamlit as st

from components.errors import RunError
from components.export.csv_table import to_csv
from components.runs.shelf import SHELF_OWNER
from components.runs.store import Run
from components.ui.address import change_address
from components.ui.boundary import fragment
from components.ui.compare.address import chosen, control, whole_number
from components.ui.compare.curves import comparison_csv, show_curves
from components.ui.compare.differences import Difference, differences
from components.ui.compare.effect import ComparedRun
from components.ui.compare.results import show_results_beside
from components.ui.compare.seed_groups import seed_groups
from components.ui.compare.words import show_words
from components.ui.formatting import duration, escape, number, time_ago
from components.ui.navigation import Page, page_button, page_link
from components.ui.results.results_page import result_of
from components.ui.routes import MOST_COMPARED
from components.ui.run.run_list import own_runs
from components.ui.run.shelf_runs import shelf_runs
from components.ui.run.visible_run import visible_run

_ADDRESS, _CHOSEN = "runs", "compare.chosen"
_IDS = re.compile(r"[0-9a-f]{32}(,[0-9a-f]{32})*")
_OFFERED = 100  # of the visitor's runs, to be added


def show_comparison_page() -> None:
    """Show the runs that the address names beside each other, or a way to choose some."""
    st.title("Compare", anchor=False)
    runs = _runs_from_address()
    if len(runs) < 2:
        st.info(
            f"Choose 2 to {MOST_COMPARED} runs here, or tick them on the Runs page and press Compare.",
            icon=":material/compare_arrows:",
        )
        _show_chooser(runs)
        if own_runs(1):
            page_button(Page.RUNS, "Choose runs", ":material/table_rows:", primary=True)
        return
    compared = [
        ComparedRun(letter, run.title, run.recipe, result_of(run))
        for letter, run in zip(string.ascii_uppercase, runs, strict=False)
    ]
    groups = seed_groups(compared)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = _choose_base(compared)
        with st.popover("Add or remove runs", icon=":material/playlist_add:"):
            _show_chooser(runs)
    found = differences([run.recipe for run in compared])
    show_words(compared, groups, found, base)
    table = _table(runs, compared, found)
    st.header("What differs", anchor=False)
    st.dataframe(
        table,
        column_config={"_index": st.column_config.TextColumn("", width="medium")},
        alt="The settings that differ, and the results, one column a run",
    )
    st.header("Training", anchor=False)
    show_curves(runs, compared, groups, base)
    show_results_beside(runs, compared, base)
    _show_downloads(runs, compared, table)


def _runs_from_address() -> tuple[Run, ...]:
    """Return the runs that the address names.

    Raises:
        RunError: if it names none, or too many, or one that isn't known.
    """
    named = st.query_params.get(_ADDRESS)
    if named is None:
        return ()
    ids = tuple(dict.fromkeys(named.split(",")))
    if not _IDS.fullmatch(named) or len(ids) > MOST_COMPARED:
        raise RunError(
            f"This link doesn't name 2 to {MOST_COMPARED} runs.", remedy="Copy the whole link again."
        )
    return tuple(visible_run(run_id) for run_id in ids)


def _choose_base(compared: Sequence[ComparedRun]) -> int:
    """Let a person choose the run that the others are held against → which it is. The address keeps it."""
    base = chosen("base", 0, whole_number(0, len(compared) - 1))
    st.selectbox(
        "Compared with",
        range(len(compared)),
        format_func=lambda at: compared[at].name,
        width=420,
        **control("base", 0),
    )
    return base


def _show_chooser(runs: Sequence[Run]) -> None:
    """Let a person choose which runs are compared: those that are, their own last ones, and Unroll's."""
    known = {run.id: run for run in (*runs, *own_runs(_OFFERED), *shelf_runs())}
    before = [run.id for run in runs]
    st.session_state[_CHOSEN] = before
    st.multiselect(
        "Runs",
        list(known),
        format_func=lambda run_id: f"{known[run_id].title}, {_origin(known[run_id])}",
        placeholder="Choose runs",
        max_selections=MOST_COMPARED,
        key=_CHOSEN,
        on_change=_choose,
        args=(before,),
    )


def _origin(run: Run) -> str:
    return "comes with Unroll" if run.owner == SHELF_OWNER else time_ago(run.created)


def _choose(before: Sequence[str]) -> None:
    """Bring the runs that were chosen into the address; the others are still held against the same one."""
    after = st.session_state[_CHOSEN]
    said = whole_number(0, len(before) - 1)(st.query_params.get("base", "0"))
    base = before[said or 0] if before else ""
    place = str(after.index(base)) if base in after[1:] else None
    change_address({"base": place, _ADDRESS: ",".join(after) or None})


# --- As a table --------------------------------------------------------------------------------------


def _table(runs: Sequence[Run], compared: Sequence[ComparedRun], found: Sequence[Difference]) -> pd.DataFrame:
    """Return the settings that differ and what the runs came to, one column a run."""
    rows = {one.label: list(one.values) for one in found}
    outcomes = [None if run.result is None else run.result.outcome for run in compared]
    # Each test set has rows of its own: what isn't to be ranked doesn't stand side by side.
    measured = [
        None if run.result is None else (run.result.test_set, run.result.outcome.measure) for run in compared
    ]
    different = [*dict.fromkeys(one for one in measured if one)]
    for place, one in enumerate(different, 1):
        title = f"Test set {place}" if len({test_set for test_set, _ in different}) > 1 else "Test set"
        rows[f"{title}: {one[1]}"] = [
            number(outcome.model) if outcome and own == one else "–"
            for outcome, own in zip(outcomes, measured, strict=True)
        ]
    rows["Best baseline"] = [
        f"{number(outcome.rule)} ({outcome.rule_name})" if outcome else "–" for outcome in outcomes
    ]
    rows["Status"] = [run.status.capitalize() for run in runs]
    rows["Parameters"] = [f"{run.parameters:,}" if run.parameters else "–" for run in runs]
    rows["Epochs trained"] = [f"{run.epoch:,}" for run in runs]
    rows["Duration"] = [
        duration((run.ended - run.started).total_seconds()) if run.started and run.ended else "–"
        for run in runs
    ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[run.name for run in compared])


# --- To take away ------------------------------------------------------------------------------------


def _show_downloads(runs: Sequence[Run], compared: Sequence[ComparedRun], table: pd.DataFrame) -> None:
    st.header("Share and download", anchor=False)
    with st.container(horizontal=True):
        _download(
            "Table (CSV)",
            partial(to_csv, table.rename_axis("setting").reset_index()),
            "unroll-comparison.csv",
        )
        _download("Curves (CSV)", partial(comparison_csv, runs, compared), "unroll-curves.csv")
        _show_link()  # last, for a fragment takes all the room that is left
    st.caption("The runs one by one:")
    with st.container(horizontal=True):
        for run, one in zip(runs, compared, strict=True):
            page = Page.RESULTS if one.result is not None else Page.TRAIN
            page_link(page, escape(one.name), ":material/insights:", run=run.id)


@fragment
def _show_link() -> None:
    """Draw the link of the comparison as its controls have it when a person looks."""
    with st.popover("Share", icon=":material/share:", on_change="rerun"):
        st.caption("Anyone with this link sees this comparison, but only what each run's own link shows.")
        query = urlencode(dict(st.query_params), safe=",")
        st.code(urljoin(st.context.url or "", f"compare?{query}"), language=None, wrap_lines=True)


def _download(label: str, make: Callable[[], bytes], name: str) -> None:
    st.download_button(
        label, make, file_name=name, mime="text/csv", icon=":material/table:", on_click="ignore"
    )
