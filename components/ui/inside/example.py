"""Which example is looked at: one of the test part, or one that is typed, spoken or brought."""

import random
from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.insight.example import Asked, Brought, Picked, Shown, Typed
from components.runs.store import Run
from components.ui import tasks
from components.ui.words import escape

_MOST_TYPED = 2000  # characters
_WAY, _PLACE, _TEXT, _CANDIDATE = "inside-way", "inside-place", "inside-text", "inside-candidate"


def choose_example(run: Run) -> Asked | None:
    """Draw the controls; None where nothing is typed or brought yet."""
    words = tasks.module_of(run.recipe).INSIDE
    bring = words.bring(run) if words.bring else None
    ways = {"pick": "Pick one"}
    if words.typed:
        ways["type"] = "Type one"
    if bring is not None:
        ways["bring"] = "Bring one"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        way = "pick"
        if len(ways) > 1:
            keep(_WAY, list(ways))
            chosen = st.segmented_control(
                "Example", list(ways), format_func=ways.__getitem__, default="pick", key=_WAY, required=True
            )
            way = chosen or "pick"
        if way == "pick":
            return _picked(run, words.example)
        if way == "type":
            return _typed(words.typed)
    assert bring is not None
    values = bring()
    return None if values is None else Brought.of(values)


def _picked(run: Run, label: str) -> Picked:
    many, place = st.session_state.get(_many(run)), f"{_PLACE}-{run.id}"
    if many and st.session_state.get(place, 1) > many:
        st.session_state[place] = many
    number = st.number_input(
        label, 1, value=1, max_value=many, key=place, width=240, on_change=_best_candidate
    )
    st.button(
        "Another", icon=":material/shuffle:", key="inside-another", on_click=_another, args=(place, many)
    )
    return Picked(number - 1, _candidate())


def _typed(label: str) -> Typed | None:
    text = st.text_input(label, key=_TEXT, max_chars=_MOST_TYPED, on_change=_best_candidate)
    if text.strip():
        return Typed(text, _candidate())
    st.caption("Whatever you write goes to this run’s own model.")
    return None


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
