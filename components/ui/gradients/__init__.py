"""The sections of the page Gradients: one module each, with the same names in it.

`NAME`, `ICON` and `ABOUT` are what it is called and says; `show` draws it.
"""

from types import ModuleType

import streamlit as st

from components.ui.gradients import clipping, initialization, over_time, race

_ADDRESS = "view"
_SECTION_KEY = "gradients.view"
# A new section is a module, and a line here.
_SECTIONS: dict[str, ModuleType] = {
    "race": race,
    "twins": clipping,
    "through": over_time,
    "beginning": initialization,
}


def show_gradients() -> None:
    """Draw the section that the address names, and the way to the others."""
    named = st.query_params.get(_ADDRESS, "")
    st.session_state[_SECTION_KEY] = named if named in _SECTIONS else next(iter(_SECTIONS))
    st.segmented_control(
        "What to look at",
        tuple(_SECTIONS),
        key=_SECTION_KEY,
        format_func=lambda key: f"{_SECTIONS[key].ICON} {_SECTIONS[key].NAME}",
        required=True,
        on_change=_update_address,
        label_visibility="collapsed",
        wrap=True,
    )
    section = _SECTIONS[st.session_state[_SECTION_KEY]]
    st.markdown(section.ABOUT)
    section.show()


def _update_address() -> None:
    """Put the section into the address, without what belongs to another."""
    st.query_params.from_dict({_ADDRESS: st.session_state[_SECTION_KEY]})
