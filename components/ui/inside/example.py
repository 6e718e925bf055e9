"""The choice of an example: one of the test set, or one that is typed, recorded or uploaded."""

import random
from collections.abc import Sequence
from typing import Any

import streamlit as st

from components.insight.example import DatasetExample, ExampleChoice, ExampleView, UserSequence, UserText
from components.runs.store import Run
from components.ui import tasks
from components.ui.formatting import escape

_MOST_TYPED = 2000  # characters
_SOURCE_KEY, _NUMBER_KEY, _TEXT_KEY, _CANDIDATE_KEY = (
    "inside-way",
    "inside-place",
    "inside-text",
    "inside-candidate",
)


def choose_example(run: Run) -> ExampleChoice | None:
    """Draw the controls and return the choice; None where nothing is typed or uploaded yet."""
    words = tasks.page_of(run.recipe).inspection
    bring = words.bring(run) if words.bring else None
    ways = {"pick": "Test set"}
    if words.text_prompt:
        ways["type"] = "Type"
    if bring is not None:
        ways["bring"] = "Your own"
    way = "pick"
    if len(ways) > 1:
        drop_invalid_choice(_SOURCE_KEY, list(ways))
        chosen = st.segmented_control(
            "Example",
            list(ways),
            format_func=ways.__getitem__,
            default="pick",
            key=_SOURCE_KEY,
            required=True,
        )
        way = chosen or "pick"
    if way == "pick":
        return _pick_example(run, words.example)
    if way == "type":
        return _type_example(words.text_prompt)
    assert bring is not None
    values = bring()
    return None if values is None else UserSequence.of(values)


def _pick_example(run: Run, label: str) -> DatasetExample:
    many, place = st.session_state.get(_count_key(run)), f"{_NUMBER_KEY}-{run.id}"
    if many and st.session_state.get(place, 1) > many:
        st.session_state[place] = many
    number = st.number_input(label, 1, value=1, max_value=many, key=place, on_change=_reset_candidate)
    st.button(
        "Random example",
        icon=":material/shuffle:",
        key="inside-another",
        width="stretch",
        on_click=_pick_random,
        args=(place, many),
    )
    return DatasetExample(number - 1, _selected_candidate())


def _type_example(label: str) -> UserText | None:
    text = st.text_input(label, key=_TEXT_KEY, max_chars=_MOST_TYPED, on_change=_reset_candidate)
    if text.strip():
        return UserText(text, _selected_candidate())
    st.caption("Your text goes to this run's own model.")
    return None


def show_example(run: Run, example: ExampleView) -> None:
    """Show below the controls what the example is, and offer its other answers."""
    key = _count_key(run)
    if st.session_state.get(key) != example.example_count:
        st.session_state[key] = example.example_count
    if len(example.candidates) > 1:
        numbers = list(range(len(example.candidates)))
        drop_invalid_choice(_CANDIDATE_KEY, numbers)
        st.selectbox(
            "Answer",
            numbers,
            format_func=lambda number: f"{number + 1}. {example.candidates[number]}",
            key=_CANDIDATE_KEY,
            help="Beam search follows several answers at once; the first is the likeliest.",
        )
    st.caption(escape(example.description))


def drop_invalid_choice(key: str, options: Sequence[Any]) -> None:
    """Drop a choice that this example, or this run, doesn't offer."""
    if st.session_state.get(key, options[0]) not in options:
        del st.session_state[key]


def _selected_candidate() -> int:
    return st.session_state.get(_CANDIDATE_KEY, 0)


def _reset_candidate() -> None:
    st.session_state.pop(_CANDIDATE_KEY, None)


def _pick_random(key: str, count: int | None) -> None:
    _reset_candidate()
    st.session_state[key] = random.randint(1, count or 1)


def _count_key(run: Run) -> str:
    return f"inside-many-{run.id}"
