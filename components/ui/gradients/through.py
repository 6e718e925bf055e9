"""Through time: how much each time step and each layer weighs in the loss, over a whole training."""

import streamlit as st

from components.engine.engine import engine
from components.ui.live import inside_charts
from components.ui.places import Place, button, link
from components.ui.runs import own_runs
from components.ui.words import ago, escape

NAME = "Through time"
ICON = ":material/gradient:"
ABOUT = (
    "Learning goes backwards: from the loss at the end to what stood at the beginning. Here is how much of "
    "it arrives at each time step, after every look into the model, and at each layer, in every update. Dark "
    "means that nothing arrives."
)

_RUN = "run"
_CHOSEN = "through.run"
_MOST_RUNS = 30


def show() -> None:
    """Draw the run that the address names, and let a person choose another of theirs."""
    named = st.query_params.get(_RUN)
    own = own_runs(_MOST_RUNS)
    titles = {run.id: f"{run.title} · {ago(run.created)}" for run in own}
    if named is not None and named not in titles:
        run = engine().store.run(named)
        titles = {run.id: run.title, **titles}
    if not titles:
        st.info("Train something, and see here how its gradient reaches back.", icon=":material/info:")
        button(Place.HOME, "Pick an experiment", ":material/grid_view:", primary=True)
        return
    st.session_state[_CHOSEN] = named if named in titles else next(iter(titles))
    chosen = st.selectbox(
        "Run", tuple(titles), key=_CHOSEN, format_func=lambda one: titles.get(one, one), on_change=_turn
    )
    run = engine().store.run(chosen)
    inside_charts(run, key=f"inside-{run.id}")
    st.caption(
        "What is measured is the norm of the gradient of the loss, on sixteen examples of the validation "
        "part that stay the same, by the state after each time step or by what goes in. Sequences of "
        "unequal length are set so that all end together."
    )
    with st.container(horizontal=True):
        link(Place.TRAIN, f"Watch {escape(run.title)}", ":material/show_chart:", run=run.id)


def _turn() -> None:
    st.query_params[_RUN] = st.session_state[_CHOSEN]
