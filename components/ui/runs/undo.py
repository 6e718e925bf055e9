"""Changes to runs that a visitor can take back, for ten seconds each."""

from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from uuid import uuid4

import streamlit as st

from components.errors import UnrollError
from components.runs.catalog import UNDO_SECONDS
from components.ui.boundary import show_error
from components.ui.formatting import escape

_CHANGES, _ERROR, _UNDONE = "runs.changes", "runs.refused", "runs.undone"


@dataclass
class Change:
    """What was done, and what takes it back.

    Attributes:
        words: what was done.
        undo: takes it back.
        key: tells its button from those of other changes.
        shown: when a page first showed it, on the monotonic clock: from then on its time runs, so that a busy
            server takes nothing of it away; None: not yet.
    """

    words: str
    undo: Callable[[], None]
    key: str = field(default_factory=lambda: uuid4().hex)
    shown: float | None = None

    @property
    def is_recent(self) -> bool:
        """Whether it can still be taken back."""
        return self.shown is None or monotonic() - self.shown < UNDO_SECONDS


def make_change(words: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
    """Change something, and remember how to take it back; a refusal is shown with the next drawing."""
    if _try(do):
        st.session_state.setdefault(_CHANGES, []).append(Change(words, undo))


def recent_changes() -> list[Change]:
    """Return the changes that can still be taken back, the newest last."""
    kept = [change for change in st.session_state.get(_CHANGES, []) if change.is_recent]
    st.session_state[_CHANGES] = kept
    return kept


def undone_count() -> int:
    """Return how many changes the visitor has taken back so far."""
    return st.session_state.get(_UNDONE, 0)


def show_changes() -> None:
    """Draw what was refused, and a line with a button for each change that can be taken back."""
    # Always there, so that what comes after it keeps its place, and with it its state.
    with st.container():
        if refused := st.session_state.pop(_ERROR, None):
            show_error(refused)
    with st.container(key="runs-changes", gap="xsmall"):
        for change in recent_changes():
            _show(change)


def _show(change: Change) -> None:
    change.shown = change.shown or monotonic()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/check: {escape(change.words)}", width="content")
        st.button("Undo", icon=":material/undo:", key=f"undo-{change.key}", on_click=_undo, args=(change,))


def _undo(change: Change) -> None:
    st.session_state[_CHANGES].remove(change)
    st.session_state[_UNDONE] = undone_count() + 1
    _try(change.undo)


def _try(function: Callable[[], None]) -> bool:
    try:
        function()
    except UnrollError as error:
        st.session_state[_ERROR] = error
        return False
    return True
