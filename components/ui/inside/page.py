"""Inside a run: where its model looks, what its units remember, how far back it reaches."""

import streamlit as st

from components.engine.engine import engine
from components.runs.store import Run
from components.ui.boundary import fragment
from components.ui.inside.attention import show_attention
from components.ui.inside.memory import show_memory
from components.ui.inside.moment import choose_moment
from components.ui.inside.reach import show_reach
from components.ui.places import Place, button
from components.ui.runs import run_of_address
from components.ui.words import escape

_SECTIONS = {
    "attention": ("Attention", show_attention),
    "memory": ("Gates and memory", show_memory),
    "reach": ("How far back", show_reach),
}


def show_inside() -> None:
    """Look into the run that the address names, or offer a way to one."""
    run = run_of_address(
        Place.INSIDE,
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
        button(Place.TRAIN, "See how it learned", ":material/model_training:", run=run.id)
    if not engine().store.checkpoints(run.id):
        st.info(
            "Its first weights are kept a moment after it begins.",
            title="Nothing to look into yet",
            icon=":material/hourglass_empty:",
        )
        button(Place.TRAIN, "Go to the run", ":material/model_training:", primary=True, run=run.id)
        return
    _look_inside(run)


@fragment
def _look_inside(run: Run) -> None:
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
    moment = choose_moment(run)
    _SECTIONS[section or "attention"][1](run, moment)
