"""Runs that train side by side, on the page: their start, their controls and their link."""

import re
from collections.abc import Sequence

import streamlit as st

from components.engine import admission
from components.engine.engine import engine
from components.errors import RunError, UnrollError
from components.recipe import Recipe
from components.runs.event_writer import ACTIVE
from components.runs.store import Run
from components.training.events import Pause, Resume, Stop
from components.ui.address import replace_address
from components.ui.boundary import fragment, show_error
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import escape
from components.ui.navigation import Page, page_link
from components.ui.run.visible_run import visible_run
from components.ui.visitor import visitor

_ADDRESS = "runs"
_IDS = re.compile(r"[0-9a-f]{32}(,[0-9a-f]{32}){0,5}")
_ERROR = "together.refused"


def start_runs(view: str, entrants: Sequence[tuple[str, Recipe]]) -> None:
    """Start runs in one worker, and turn this page into theirs.

    Args:
        view: the section that shows them.
        entrants: a title and a recipe each.

    Raises:
        DataError: if the data is no longer there.
        RunError: if they need more than a run may have, or there is no engine.
    """
    store = engine().store
    datasets = [dataset_of(recipe.dataset, recipe.preparation) for _, recipe in entrants]
    estimates = [
        admission.estimate(store, recipe, dataset)
        for (_, recipe), dataset in zip(entrants, datasets, strict=True)
    ]
    runs = [
        store.add(recipe, visitor(), title, expected.training_seconds, expected.overhead)
        for (title, recipe), expected in zip(entrants, estimates, strict=True)
    ]
    try:
        engine().submit_group(runs, visitor(), datasets)
    except UnrollError as error:
        for run in runs:
            store.set_status(run.id, "failed", str(error))
        raise
    replace_address({"view": view, _ADDRESS: ",".join(run.id for run in runs)})
    st.rerun()


def runs_from_address() -> tuple[Run, ...]:
    """Return the runs that the address names; none where it names none.

    Raises:
        RunError: if there is one that isn't known.
    """
    named = st.query_params.get(_ADDRESS)
    if named is None:
        return ()
    if not _IDS.fullmatch(named):
        raise RunError("This link doesn't contain any runs.", remedy="Copy the whole link again.")
    return tuple(visible_run(run_id) for run_id in named.split(","))


@fragment
def show_run_controls(ids: Sequence[str], view: str) -> None:
    """Draw the buttons that fit what the runs are doing, each for all of them."""
    runs = [visible_run(run_id) for run_id in ids]
    going = [run for run in runs if run.status in ACTIVE]
    if refused := st.session_state.pop(_ERROR, None):
        show_error(refused)
    with st.container(horizontal=True, vertical_alignment="center"):
        if going and all(run.owner == visitor() for run in runs):
            if any(run.status == "running" for run in going):
                _command_button("Pause all", ":material/pause:", going, Pause())
            if any(run.status == "paused" for run in going):
                _command_button("Resume all", ":material/play_arrow:", going, Resume())
            _command_button("Stop all", ":material/stop:", going, Stop())
        if st.button("New setup", icon=":material/restart_alt:", key="together-again"):
            replace_address({"view": view})
            st.rerun()
        for run in runs:
            page_link(Page.TRAIN, escape(run.title.rpartition(" · ")[2]), ":material/show_chart:", run=run.id)


def _command_button(label: str, icon: str, runs: Sequence[Run], command: Pause | Resume | Stop) -> None:
    key = f"together-{command.kind}"
    st.button(label, icon=icon, key=key, on_click=_send_command, args=([run.id for run in runs], command))


def _send_command(ids: Sequence[str], command: Pause | Resume | Stop) -> None:
    for run_id in ids:
        try:
            engine().control(run_id, command, visitor())
        except UnrollError as error:
            st.session_state[_ERROR] = error
