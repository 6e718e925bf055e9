"""Lists of runs."""

import streamlit as st

from components.engine.engine import engine
from components.errors import UnrollError
from components.runs.store import Run, RunStatus
from components.ui.boundary import show_error
from components.ui.formatting import escape, time_ago
from components.ui.navigation import Page, page_button, page_link
from components.ui.run.shelf_runs import show_example_run, show_other_examples
from components.ui.run.visible_run import visible_run
from components.ui.visitor import visitor

_MAX_RUNS = 8
_BADGES: dict[RunStatus, str] = {
    "waiting": ":gray-badge[:material/hourglass_empty: waiting]",
    "running": ":blue-badge[:material/directions_run: running]",
    "paused": ":orange-badge[:material/pause: paused]",
    "finished": ":green-badge[:material/check: finished]",
    "stopped": ":orange-badge[:material/stop: stopped]",
    "interrupted": ":orange-badge[:material/power_off: interrupted]",
    "failed": ":red-badge[:material/error: failed]",
}


def run_from_address(page: Page, icon: str, title: str, prompt: str, example: str) -> Run | None:
    """Return the run that the address names; else draw a way to one, and return None.

    Args:
        page: the page, which shows one run.
        icon: of the page.
        title: of the page where it shows none.
        prompt: what to say above the visitor's own runs.
        example: key of the experiment whose finished run who has none sees instead.
    """
    run_id = st.query_params.get("run")
    if run_id is not None:
        try:
            return visible_run(run_id)
        except UnrollError as error:
            st.title(title, anchor=False)
            show_error(error)
            page_button(page, "See your runs", icon, primary=True)
            return None
    runs = own_runs()
    if not runs:
        return show_example_run(example)
    st.title(title, anchor=False)
    st.markdown(prompt)
    show_runs(runs, target=None if page is Page.RESULTS else page)
    show_other_examples(page)
    return None


def show_recent_runs() -> None:
    """List the visitor's last runs, where there are any."""
    runs = own_runs()
    if runs:
        st.header("Your runs", anchor=False)
        show_runs(runs)
        page_link(Page.RUNS, "All your runs", ":material/table_rows:")


def own_runs(most: int = _MAX_RUNS) -> tuple[Run, ...]:
    """Return the visitor's last runs, the newest first."""
    return engine().store.runs(visitor(), most)


def show_runs(runs: tuple[Run, ...], target: Page | None = None) -> None:
    """Draw a line for each run: its name, which leads to it, how it is, and when it began.

    Args:
        runs: the newest first.
        target: the page that the names lead to; None: to the results of those that have some, else to the
            run.
    """
    with st.container(gap="xsmall"):
        for run in runs:
            with st.container(horizontal=True, vertical_alignment="center", key=f"run-{run.id}"):
                usual = Page.RESULTS if run.status == "finished" else Page.TRAIN
                page_link(target or usual, escape(run.title), ":material/insights:", run=run.id)
                st.markdown(_BADGES[run.status], width="content")
                st.caption(time_ago(run.created), width="content")
