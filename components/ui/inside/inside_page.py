"""Inside a run: its model's attention, its gates and states, and the influence of past steps."""

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
    "memory": ("Gates and states", show_gates),
    "reach": ("Influence", show_influence),
}


def show_inside() -> None:
    """Show the inside of the run that the address names, or a way to one."""
    run = run_from_address(
        Page.INSIDE,
        ":material/troubleshoot:",
        "Inside",
        "See what a model that you trained attends to and remembers. Choose one of your runs.",
        (
            "No trained model yet",
            "Train a model first. Then you can see here what it attends to and what it remembers.",
        ),
    )
    if run is None:
        return
    st.title(escape(run.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("All of this is measured in this run’s own model.", width="stretch")
        page_button(Page.TRAIN, "See the training", ":material/model_training:", run=run.id)
    if not engine().store.checkpoints(run.id):
        st.info(
            "The first checkpoint is saved shortly after training starts.",
            title="No weights yet",
            icon=":material/hourglass_empty:",
        )
        page_button(Page.TRAIN, "Go to the run", ":material/model_training:", primary=True, run=run.id)
        return
    _show_sections(run)


@fragment
def _show_sections(run: Run) -> None:
    """Draw the section that is open; only that one is worked out."""
    section = st.segmented_control(
        "Section",
        list(_SECTIONS),
        format_func=lambda key: _SECTIONS[key][0],
        default="attention",
        key="inside-section",
        required=True,
        label_visibility="collapsed",
    )
    moment = choose_training_step(run)
    _SECTIONS[section or "attention"][1](run, moment)
