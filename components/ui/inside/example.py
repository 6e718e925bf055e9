"""Which example is looked at: one of the test part, or one that is typed."""

import random
from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.insight.example import Asked, Picked, Shown, Typed
from components.runs.store import Run
from components.ui import tasks
from components.ui.words import escape

_MOST_TYPED = 2000  # characters
_PLACE, _TEXT, _CANDIDATE = "inside-place", "inside-text", "inside-candidate"


def choose_example(run: Run) -> Asked | None:
    """Draw the controls; None where nothing is typed yet."""
    words = tasks.module_of(run.recipe).INSIDE
    ways = {"pick": "Pick one", "type": "Type one"}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way = "pick"
        if words.typed:
            chosen = st.segmented_control(
                "Example",
                list(ways),
                format_func=lambda way: ways[way],
                default="pick",
                key="inside-way",
                required=True,
            )
            way = chosen or "pick"
        if way == "type":
            text = st.text_input(words.typed, key=_TEXT, max_chars=_MOST_TYPED, on_change=_best_candidate)
            return Typed(text, _candidate()) if text.strip() else None
        many, place = st.session_state.get(_many(run)), f"{_PLACE}-{run.id}"
        if many and st.session_state.get(place, 1) > many:
            st.session_state[place] = many
        number = st.number_input(
            words.example, 1, value=1, max_value=many, key=place, width=240, on_change=_best_candidate
        )
        st.button(
            "Another", icon=":material/shuffle:", key="inside-another", on_click=_another, args=(place, many)
        )
    return Picked(number - 1, _candidate())


def note_example(run: Run, shown: Shown) -> None:
    """Say below the controls what the example is, and offer its other answers."""
    key = _many(run)
    if st.session_state.get(key) != shown.many:
        st.session_state[key] = shown.many
    if len(shown.candidates) > 1:
        numbers = list(range(len(shown.candidates)))
        keep(_CANDIDATE, numbers)
        st.selectbox(
            "Which of its answers",
            numbers,
            format_func=lambda number: f"{number + 1}. {shown.candidates[number]}",
            key=_CANDIDATE,
            width=360,
            help="It follows several answers at the same time; the first is the likeliest.",
        )
    st.caption(escape(shown.said))


def keep(key: str, options: Sequence[Any]) -> None:
    """Let go of a choice that this example, or this run, doesn't offer."""
    if st.session_state.get(key, options[0]) not in options:
        del st.session_state[key]


def _candidate() -> int:
    return st.session_state.get(_CANDIDATE, 0)


def _best_candidate() -> None:
    st.session_state.pop(_CANDIDATE, None)


def _another(place: str, many: int | None) -> None:
    _best_candidate()
    st.session_state[place] = random.randint(1, many or 1)


def _many(run: Run) -> str:
    return f"inside-many-{run.id}"
