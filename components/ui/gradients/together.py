"""Runs that train together, on the page: starting them, steering them, and where their link leads."""

import re
from collections.abc import Sequence

import streamlit as st

from components.engine.engine import engine
from components.errors import RunError, UnrollError
from components.recipe import Recipe
from components.runs.scribe import ACTIVE
from components.runs.store import Run
from components.training.messages import Pause, Resume, Stop
from components.ui.boundary import fragment
from components.ui.boundary import show as show_error
from components.ui.places import Place, link
from components.ui.visitor import visitor

_ADDRESS = "runs"
_IDS = re.compile(r"[0-9a-f]{32}(,[0-9a-f]{32}){0,5}")
_REFUSED = "together.refused"


def begin(view: str, entrants: Sequence[tuple[str, Recipe]]) -> None:
    """Start runs in one worker, and turn this page into theirs.

    Args:
        view: the section that shows them.
        entrants: a title and a recipe each.

    Raises:
        RunError: if there is no engine.
    """
    store = engine().store
    runs = [store.add(recipe, visitor(), title) for title, recipe in entrants]
    try:
        engine().submit_together(runs)
    except UnrollError as error:
        for run in runs:
            store.set_status(run.id, "failed", str(error))
        raise
    st.query_params.from_dict({"view": view, _ADDRESS: ",".join(run.id for run in runs)})
    st.rerun()


def watched() -> tuple[Run, ...]:
    """Give the runs that the address names; none where it names none.

    Raises:
        RunError: if there is one that isn't known.
    """
    named = st.query_params.get(_ADDRESS)
    if named is None:
        return ()
    if not _IDS.fullmatch(named):
        raise RunError("This link doesn't name any runs.", remedy="Copy it again, to its very end.")
    return tuple(engine().store.run(run_id) for run_id in named.split(","))


@fragment
def steer(ids: Sequence[str], view: str) -> None:
    """Draw the buttons that fit what the runs are doing, each for all of them."""
    runs = [engine().store.run(run_id) for run_id in ids]
    going = [run for run in runs if run.status in ACTIVE]
    if refused := st.session_state.pop(_REFUSED, None):
        show_error(refused)
    with st.container(horizontal=True, vertical_alignment="center"):
        if going and all(run.owner == visitor() for run in runs):
            if any(run.status == "running" for run in going):
                _button("Pause all", ":material/pause:", going, Pause())
            if any(run.status == "paused" for run in going):
                _button("Resume all", ":material/play_arrow:", going, Resume())
            _button("Stop all", ":material/stop:", going, Stop())
        if st.button("Set up another", icon=":material/restart_alt:", key="together-again"):
            st.query_params.from_dict({"view": view})
            st.rerun()
        for run in runs:
            link(Place.TRAIN, run.title.rpartition(" · ")[2], ":material/show_chart:", run=run.id)


def _button(label: str, icon: str, runs: Sequence[Run], command: Pause | Resume | Stop) -> None:
    key = f"together-{command.kind}"
    st.button(label, icon=icon, key=key, on_click=_send, args=([run.id for run in runs], command))


def _send(ids: Sequence[str], command: Pause | Resume | Stop) -> None:
    for run_id in ids:
        try:
            engine().control(run_id, command)
        except UnrollError as error:
            st.session_state[_REFUSED] = error
