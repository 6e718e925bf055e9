"""Through time: how much each time step and each layer weighs in the loss, over a whole training."""

import streamlit as st

from components.engine.engine import engine
from components.ui.formatting import escape, time_ago
from components.ui.gradients.lesson import Lesson
from components.ui.navigation import Page, page_button, page_link
from components.ui.run.live import show_gradient_charts
from components.ui.run.run_list import own_runs

_RUN = "run"
_RUN_KEY = "through.run"
_MOST_RUNS = 30


def _show() -> None:
    """Draw the run that the address names, and let a person choose another of theirs."""
    named = st.query_params.get(_RUN)
    own = own_runs(_MOST_RUNS)
    titles = {run.id: f"{run.title} · {time_ago(run.created)}" for run in own}
    if named is not None and named not in titles:
        run = engine().store.run(named)
        titles = {run.id: run.title, **titles}
    if not titles:
        st.info("Train something, and see here how its gradient reaches back.", icon=":material/info:")
        page_button(Page.HOME, "Pick an experiment", ":material/grid_view:", primary=True)
        return
    st.session_state[_RUN_KEY] = named if named in titles else next(iter(titles))
    chosen = st.selectbox(
        "Run",
        tuple(titles),
        key=_RUN_KEY,
        format_func=lambda one: titles.get(one, one),
        on_change=_update_address,
    )
    run = engine().store.run(chosen)
    show_gradient_charts(run, key=f"inside-{run.id}")
    st.caption(
        "What is measured is the norm of the gradient of the loss, on sixteen examples of the validation "
        "part that stay the same, by the state after each time step or by what goes in. Sequences of "
        "unequal length are set so that all end together."
    )
    with st.container(horizontal=True):
        page_link(Page.TRAIN, f"Watch {escape(run.title)}", ":material/show_chart:", run=run.id)


def _update_address() -> None:
    st.query_params[_RUN] = st.session_state[_RUN_KEY]


LESSON = Lesson(
    title="Through time",
    icon=":material/gradient:",
    description=(
        "Learning goes backwards: from the loss at the end to what stood at the beginning. Here is how much "
        "of "
        "it arrives at each time step, after every look into the model, and at each layer, in every update. "
        "Dark means that nothing arrives."
    ),
    show=_show,
)
