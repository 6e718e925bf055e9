"""Lists of runs."""

import streamlit as st

from components.engine.engine import engine
from components.runs.store import Run, RunStatus
from components.ui.places import Place, link
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
