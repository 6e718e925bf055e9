"""Gradients over time: how much each time step and each layer contributes, over a whole training."""

import streamlit as st

from components.ui.address import change_address
from components.ui.formatting import escape, time_ago
from components.ui.gradients.lesson import Lesson
from components.ui.navigation import Page, page_link
from components.ui.run.run_list import own_runs
from components.ui.run.shelf_runs import shelf_runs, show_example_run
from components.ui.run.visible_run import visible_run
from components.ui.widgets.live_charts import show_gradient_charts

_RUN = "run"
_RUN_KEY = "through.run"
_MOST_RUNS = 30
_EXAMPLE = "adding"  # whose finished run who has none sees first


def _show() -> None:
    """Draw the run that the address names, and let a person choose another of theirs, or one that comes with
    Unroll."""
    named = st.query_params.get(_RUN)
    own = own_runs(_MOST_RUNS)
    titles = {run.id: f"{run.title} · {time_ago(run.created)}" for run in own}
    titles |= {run.id: f"{run.title} · comes with Unroll" for run in shelf_runs()}
    first = next(iter(titles), None)
    if named is None and not own:
        example = show_example_run(_EXAMPLE)
        if example is None:
            return
        first = example.id
    elif named is not None and named not in titles:
        run = visible_run(named)
        titles = {run.id: run.title, **titles}
    st.session_state[_RUN_KEY] = named if named in titles else first
    chosen = st.selectbox(
        "Run",
        tuple(titles),
        key=_RUN_KEY,
        format_func=lambda one: titles.get(one, one),
        on_change=_update_address,
    )
    run = visible_run(chosen)
    show_gradient_charts(run, key=f"inside-{run.id}")
    st.caption(
        "The charts show the norm of the gradient of the loss with respect to the state after each time "
        "step, or to the input. It is always measured on the same sixteen examples of the validation set. "
        "Sequences of different lengths are aligned at their end."
    )
    with st.container(horizontal=True):
        page_link(Page.TRAIN, f"Watch {escape(run.title)}", ":material/show_chart:", run=run.id)


def _update_address() -> None:
    change_address({_RUN: st.session_state[_RUN_KEY]})


LESSON = Lesson(
    title="Through time",
    icon=":material/gradient:",
    description=(
        "Backpropagation carries the gradient from the loss back to the first time step. These charts show "
        "how much of it reaches each time step, measured about once a second, and each layer, at every "
        "update. Dark means that nothing arrives."
    ),
    show=_show,
)
