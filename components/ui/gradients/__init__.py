"""The lessons of the page Gradients."""

import streamlit as st

from components.ui.address import replace_address
from components.ui.gradients import clipping, initialization, over_time, race
from components.ui.gradients.lesson import Lesson

_ADDRESS = "view"
_SECTION_KEY = "gradients.view"
# A new lesson is a module with a `LESSON`, and a line here.
_LESSONS: dict[str, Lesson] = {
    "race": race.LESSON,
    "twins": clipping.LESSON,
    "through": over_time.LESSON,
    "beginning": initialization.LESSON,
}


def show_gradients() -> None:
    """Draw the lesson that the address names, and the way to the others."""
    named = st.query_params.get(_ADDRESS, "")
    st.session_state[_SECTION_KEY] = named if named in _LESSONS else next(iter(_LESSONS))
    st.segmented_control(
        "What to look at",
        tuple(_LESSONS),
        key=_SECTION_KEY,
        format_func=lambda key: f"{_LESSONS[key].icon} {_LESSONS[key].title}",
        required=True,
        on_change=_update_address,
        label_visibility="collapsed",
        wrap=True,
    )
    lesson = _LESSONS[st.session_state[_SECTION_KEY]]
    st.markdown(lesson.description)
    lesson.show()


def _update_address() -> None:
    """Put the lesson into the address, without what belongs to another."""
    replace_address({_ADDRESS: st.session_state[_SECTION_KEY]})
