"""Starting a run: into the store, and to the engine."""

import streamlit as st

from components.data.dataset import Dataset
from components.engine.engine import engine
from components.errors import UnrollError
from components.recipe import Recipe
from components.runs.store import Run
from components.ui.controls import MODELS
from components.ui.visitor import visitor

_BEGUN = "run.begun"


def start(recipe: Recipe, dataset: Dataset) -> str:
    """Start a run and give its id; whoever starts the same recipe twice in a row has one run of it.

    Raises:
        RunError: if there is no engine.
    """
    begun, run_id = st.session_state.get(_BEGUN, (None, ""))
    # Who clicks twice wants one run; the second click finds the page still being turned.
    if begun != recipe:
        run = engine().store.add(recipe, visitor(), f"{dataset.title} · {MODELS[recipe.model.kind]}")
        _submit(run)
        run_id = run.id
        st.session_state[_BEGUN] = (recipe, run_id)
    return run_id


def begin_anew() -> None:
    """Let the next `start` begin another run, also of the same recipe."""
    st.session_state.pop(_BEGUN, None)


def _submit(run: Run) -> None:
    try:
        engine().submit(run)
    except UnrollError as error:
        engine().store.set_status(run.id, "failed", str(error))
        raise
