"""Changes to runs that a visitor can take back, for ten seconds each."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from components.errors import UnrollError
from components.runs.catalog import UNDO_SECONDS
from components.ui.boundary import show_error
from components.ui.formatting import escape

_CHANGES, _ERROR = "runs.changes", "runs.refused"


@dataclass(frozen=True)
class Change:
    """What was done, in words, and what takes it back."""

    words: str
    undo: Callable[[], None]
    moment: float = field(default_factory=time.monotonic)


def make_change(words: str, do: Callable[[], None], undo: Callable[[], None]) -> None:
    """Change something, and remember how to take it back; a refusal is shown with the next drawing."""
    if _try(do):
        st.session_state.setdefault(_CHANGES, []).append(Change(words, undo))


def recent_changes() -> list[Change]:
    """Return the changes that can still be taken back, the newest last."""
    kept = [
        change
        for change in st.session_state.get(_CHANGES, [])
        if time.monotonic() - change.moment < UNDO_SECONDS
    ]
    st.session_state[_CHANGES] = kept
    return kept


def show_changes() -> None:
    """Draw what was refused, and a line with a button for each change that can be taken back."""
    if refused := st.session_state.pop(_ERROR, None):
        show_error(refused)
    for change in recent_changes():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/check: {escape(change.words)}", width="content")
            st.button(
                "Undo", icon=":material/undo:", key=f"undo-{change.moment}", on_click=_undo, args=(change,)
            )


def _undo(change: Change) -> None:
    st.session_state[_CHANGES].remove(change)
    _try(change.undo)


def _try(function: Callable[[], None]) -> bool:
    try:
        function()
    except UnrollError as error:
        st.session_state[_ERROR] = error
        return False
    return True
