"""What the last change of a setting made of the model that is drawn on the page Train."""

import streamlit as st

from components.models.summary import ModelSummary

_HELD = "train.model"


def model_before(model: ModelSummary, subject: str) -> ModelSummary | None:
    """Return the model as it was before the last change of it; None where there was none.

    Args:
        model: as it is now.
        subject: what it is for, its data and task: a model of something else is no change of this one.
    """
    held_subject, before, held = st.session_state.get(_HELD, ("", None, None))
    if held_subject != subject:
        before = None
    elif held != model:
        before = held
    st.session_state[_HELD] = (subject, before, model)
    return before
