"""Inside a run: its model's attention, its gates and states, and the influence of past steps."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from components.engine.engine import engine
from components.runs.store import Run
from components.ui.boundary import fragment
from components.ui.formatting import escape
from components.ui.inside.attention import show_attention
from components.ui.inside.gates import show_gates
from components.ui.inside.influence import show_influence
from components.ui.inside.layout import Places, make_places
from components.ui.navigation import Page, page_button
from components.ui.run.run_list import run_from_address


@dataclass(frozen=True)
class _View:
    """A view inside a model: what it is called, what it shows in a sentence or two, and what draws it."""

    title: str
    explanation: str
    show: Callable[[Run, Places], None]


_VIEWS = {
    "attention": _View(
        "Attention",
        "Attention shows which steps the model looks at, but not whether they matter. Two checks tell: "
        "remove a step and see how the output changes (occlusion), and measure how a tiny change of a step "
        "would change the output (gradient × input).",
        show_attention,
    ),
    "memory": _View(
        "Gates and states",
        "A recurrent layer reads one step after the other. Its gates decide what it keeps, adds and reveals, "
        "and its states are what it remembers, one number per unit.",
        show_gates,
    ),
    "reach": _View(
        "Influence",
        "How much the output changes when the input a given number of steps back changes a little: the size "
        "of the gradient ∂output/∂x, averaged over examples.",
        show_influence,
    ),
}


def show_inside() -> None:
    """Show the inside of the run that the address names, or a way to one."""
    run = run_from_address(
        Page.INSIDE,
        ":material/troubleshoot:",
        "Inside",
        "See what a model that you trained attends to and remembers. Choose one of your runs.",
        example="dates",
    )
    if run is None:
        return
    st.title(escape(run.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Measured in this run's own model, with the weights of any moment of its training.")
        page_button(Page.TRAIN, "See the training", ":material/model_training:", run=run.id)
    if not engine().store.checkpoints(run.id):
        st.info(
            "The first checkpoint is saved shortly after training starts.",
            title="No weights yet",
            icon=":material/hourglass_empty:",
        )
        page_button(Page.TRAIN, "Go to the run", ":material/model_training:", primary=True, run=run.id)
        return
    _show_views(run)


@fragment
def _show_views(run: Run) -> None:
    """Draw the view that is open; only that one is worked out."""
    first = "attention" if run.recipe.model.has_attention else "memory"
    chosen = st.segmented_control(
        "View",
        list(_VIEWS),
        format_func=lambda key: _VIEWS[key].title,
        default=first,
        key="inside-section",
        required=True,
        label_visibility="collapsed",
    )
    view = _VIEWS[chosen or first]
    view.show(run, make_places(view.explanation))
