"""Inside a run: where its model looks, what its units remember, how far back it reaches."""

import streamlit as st

from components.engine.engine import engine
from components.runs.store import Run
from components.ui.boundary import fragment
from components.ui.formatting import escape
from components.ui.inside.attention import show_attention
from components.ui.inside.gates import show_gates
from components.ui.inside.influence import show_influence
from components.ui.inside.training_step import choose_training_step
from components.ui.navigation import Page, page_button
from components.ui.run.run_list import run_from_address

_SECTIONS = {
    "attention": ("Attention", show_attention),
    "memory": ("Gates and memory", show_gates),
    "reach": ("How far back", show_influence),
}


def show_inside() -> None:
    """Look into the run that the address names, or offer a way to one."""
    run = run_from_address(
        Page.INSIDE,
        ":material/troubleshoot:",
        "Inside",
        "See what a model that you trained looks at and remembers. Choose one of your runs.",
        (
            "No model to look into yet",
            "Train a model first. Then you can see here what it looks at, and what it remembers.",
        ),
    )
    if run is None:
        return
    st.title(escape(run.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("What this run’s own model does inside, measured in the model itself.", width="stretch")
        page_button(Page.TRAIN, "See how it learned", ":material/model_training:", run=run.id)
    if not engine().store.checkpoints(run.id):
        st.info(
            "Its first weights are kept a moment after it begins.",
            title="Nothing to look into yet",
            icon=":material/hourglass_empty:",
        )
        page_button(Page.TRAIN, "Go to the run", ":material/model_training:", primary=True, run=run.id)
        return
    _show_sections(run)


@fragment
def _show_sections(run: Run) -> None:
    """Draw the section that is open; only that one is worked out."""
    section = st.segmented_control(
        "What to look at",
        list(_SECTIONS),
        format_func=lambda key: _SECTIONS[key][0],
        default="attention",
        key="inside-section",
        required=True,
        label_visibility="collapsed",
    )
    moment = choose_training_step(run)
    _SECTIONS[section or "attention"][1](run, moment)
