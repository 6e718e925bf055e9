"""The sections of the page Gradients: one module each, with the same names in it.

`NAME`, `ICON` and `ABOUT` are what it is called and says; `show` draws it.
"""

from types import ModuleType

import streamlit as st

from components.ui.gradients import beginning, race, through, twins

_ADDRESS = "view"
_CHOSEN = "gradients.view"
# A new section is a module, and a line here.
_SECTIONS: dict[str, ModuleType] = {"race": race, "twins": twins, "through": through, "beginning": beginning}


def show_gradients() -> None:
    """Draw the section that the address names, and the way to the others."""
    named = st.query_params.get(_ADDRESS, "")
    st.session_state[_CHOSEN] = named if named in _SECTIONS else next(iter(_SECTIONS))
    st.segmented_control(
        "What to look at",
        tuple(_SECTIONS),
        key=_CHOSEN,
        format_func=lambda key: f"{_SECTIONS[key].ICON} {_SECTIONS[key].NAME}",
        required=True,
        on_change=_turn,
        label_visibility="collapsed",
        wrap=True,
    )
    section = _SECTIONS[st.session_state[_CHOSEN]]
    st.markdown(section.ABOUT)
    section.show()


def _turn() -> None:
    """Put the section into the address, without what belongs to another."""
    st.query_params.from_dict({_ADDRESS: st.session_state[_CHOSEN]})
