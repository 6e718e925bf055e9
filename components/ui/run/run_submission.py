"""Starting a run: into the store, and to the engine."""

import streamlit as st

from components.data.datasets import Dataset
from components.engine import admission
from components.engine.engine import engine
from components.errors import UnrollError
from components.recipe import Recipe
from components.ui.recipe_form.labels import MODELS
from components.ui.visitor import visitor

_LAST_SUBMISSION = "run.begun"


def submit_run(recipe: Recipe, dataset: Dataset) -> str:
    """Start a run and return its id; the same recipe submitted twice in a row makes one run.

    Raises:
        RunError: if there is no engine.
    """
    begun, run_id = st.session_state.get(_LAST_SUBMISSION, (None, ""))
    # Who clicks twice wants one run; the second click finds the page still being turned.
    if begun != recipe:
        store, title = engine().store, f"{dataset.title} · {MODELS[recipe.model.kind]}"
        expected = admission.estimate(store, recipe, dataset)
        run = store.add(recipe, visitor(), title, expected.training_seconds, expected.overhead)
        try:
            engine().submit(run, visitor(), dataset=dataset)
        except UnrollError as error:
            store.set_status(run.id, "failed", str(error))
            raise
        run_id = run.id
        st.session_state[_LAST_SUBMISSION] = (recipe, run_id)
    return run_id


def allow_resubmission() -> None:
    """Let the next `submit_run` begin another run, also of the same recipe."""
    st.session_state.pop(_LAST_SUBMISSION, None)
