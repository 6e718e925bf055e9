"""Starting a study, once however often its button is pressed."""

import streamlit as st

from components.data.datasets import Dataset
from components.engine.engine import engine
from components.studies import Search, Sweep
from components.ui.navigation import Page, open_page
from components.ui.visitor import visitor

_STARTED = "study.started"


def start_study(plan: Sweep | Search, title: str, dataset: Dataset) -> None:
    """Start a study and turn to its page; what follows isn't run.

    Args:
        plan: what is tried.
        title: what it is called.
        dataset: what it learns from.

    Raises:
        LimitError: if it can't end within the limits, or the visitor has too many.
    """
    # Who clicks twice wants one; the second click finds the page still being turned.
    begun, study_id = st.session_state.get(_STARTED, (None, ""))
    if begun != plan:
        study_id = engine().studies.start(plan, title, visitor(), dataset).id
        st.session_state[_STARTED] = (plan, study_id)
    open_page(Page.TUNE, study=study_id)


def allow_another() -> None:
    """Let the next press start another study, also of the same plan."""
    st.session_state.pop(_STARTED, None)
