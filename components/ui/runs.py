"""Lists of runs."""

import streamlit as st

from components.engine.engine import engine
from components.errors import UnrollError
from components.runs.store import Run, RunStatus
from components.ui.boundary import show as show_error
from components.ui.places import Place, button, link
from components.ui.visitor import visitor
from components.ui.words import ago, escape

_MOST = 8
_BADGES: dict[RunStatus, str] = {
    "waiting": ":gray-badge[:material/hourglass_empty: waiting]",
    "running": ":blue-badge[:material/directions_run: running]",
    "paused": ":orange-badge[:material/pause: paused]",
    "finished": ":green-badge[:material/check: finished]",
    "stopped": ":orange-badge[:material/stop: stopped]",
    "interrupted": ":orange-badge[:material/power_off: interrupted]",
    "failed": ":red-badge[:material/error: failed]",
}


def run_of_address(place: Place, icon: str, title: str, choose: str, nothing: tuple[str, str]) -> Run | None:
    """Give the run that the address names; else draw a way to one, and give None.

    Args:
        place: the page, which shows one run.
        icon: of the page.
        title: of the page where it shows none.
        choose: what to say above the visitor's own runs.
        nothing: what to say where there are none: in a few words, and in a sentence.
    """
    run_id = st.query_params.get("run")
    if run_id is not None:
        try:
            return engine().store.run(run_id)
        except UnrollError as error:
            st.title(title, anchor=False)
            show_error(error)
            button(place, "See your own runs", icon, primary=True)
            return None
    st.title(title, anchor=False)
    if runs := own_runs():
        st.markdown(choose)
        list_runs(runs, to=None if place is Place.RESULTS else place)
    else:
        st.info(nothing[1], title=nothing[0], icon=icon)
        button(Place.HOME, "Pick an experiment", ":material/grid_view:", primary=True)
    return None


def recent_runs() -> None:
    """List the visitor's last runs, where there are any."""
    runs = own_runs()
    if runs:
        st.header("Your runs", anchor=False)
        list_runs(runs)


def own_runs(most: int = _MOST) -> tuple[Run, ...]:
    """Give the visitor's last runs, the newest first."""
    return engine().store.runs(visitor(), most)


def list_runs(runs: tuple[Run, ...], to: Place | None = None) -> None:
    """Draw a line for each run: its name, which leads to it, how it is, and when it began.

    Args:
        runs: the newest first.
        to: the page that the names lead to; None: to the results of those that have some, else to the run.
    """
    with st.container(gap="xsmall"):
        for run in runs:
            with st.container(horizontal=True, vertical_alignment="center", key=f"run-{run.id}"):
                usual = Place.RESULTS if run.status == "finished" else Place.TRAIN
                link(to or usual, escape(run.title), ":material/insights:", run=run.id)
                st.markdown(_BADGES[run.status], width="content")
                st.caption(ago(run.created), width="content")
