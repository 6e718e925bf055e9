"""Further trainings of a run on its Results page: their start, how they stand, and what they left."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from components.engine import extra_trainings
from components.engine.engine import engine
from components.runs.store import Run
from components.settings import settings
from components.ui.boundary import boundary
from components.ui.formatting import escape
from components.ui.navigation import Page, page_link
from components.ui.visitor import visitor

Job = tuple[Callable[..., None], tuple[Any, ...]]

_EVERY = 2.0  # seconds between two looks at what goes on


@st.cache_resource(max_entries=256, show_spinner=False)
def _cached_result(run_id: str, artifacts: str, file: str, _kind: type[Any]) -> Any:
    """Read what a training left; raises where it isn't there, so that this isn't remembered."""
    made = extra_trainings.read_result(run_id, artifacts, file, _kind)
    if made is None:
        raise FileNotFoundError(file)
    return made


def results(run: Run, files: Sequence[str], kind: type[Any]) -> list[Any]:
    """Return what each training left; None in the place of those that haven't."""
    made = []
    for file in files:
        try:
            made.append(_cached_result(run.id, settings().artifacts, file, kind))
        except FileNotFoundError:
            made.append(None)
    return made


def is_own(run: Run) -> bool:
    """Return whether the visitor may train further for a run."""
    return run.owner == visitor()


def show_way_to_own(run: Run, what: str) -> None:
    """Say to who only looks at a run what they can't do with it, and where they can.

    Args:
        run: somebody else's.
        what: only its owner can do.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"Only the person who trained this model can {what}.", width="content")
        page_link(Page.TRAIN, "Train it yourself", ":material/play_arrow:", recipe=run.recipe.to_url())


def start(run_id: str, name: str, jobs: Sequence[Job]) -> None:
    """Put further trainings of a run in line."""
    with boundary():
        engine().submit_extra_trainings(run_id, name, jobs, visitor())


def is_running(run_id: str, name: str) -> bool:
    """Return whether some of it goes on."""
    standing = engine().extra_training_status(run_id, name)
    return standing is not None and standing.pending > 0


def show_progress(run: Run, name: str, done: Callable[[], int], many: int, what: str, key: str) -> None:
    """Draw how far it has come, until it is over; then the whole page is drawn anew.

    Args:
        run: that it belongs to; only its owner can stop it.
        name: of the work, as it was begun.
        done: tells how many of it are there.
        many: how many there will be.
        what: they are, in the plural.
        key: of the button that stops it.
    """

    def look() -> None:
        if not is_running(run.id, name):
            st.rerun()
        there = done()
        st.progress(
            there / many, f"{there} of {many} {what} are finished; the others are training or waiting."
        )
        if is_own(run):
            st.button("Stop", icon=":material/stop:", key=key, on_click=_cancel, args=(run.id, name))

    st.fragment(look, run_every=_EVERY)()


def _cancel(run_id: str, name: str) -> None:
    with boundary():
        engine().cancel_extra_trainings(run_id, name, visitor())


def show_failures(run_id: str, name: str) -> None:
    """Say what went wrong, each reason once."""
    standing = engine().extra_training_status(run_id, name)
    for reason in dict.fromkeys(standing.failed if standing else ()):
        st.error(escape(reason), icon=":material/report:")
