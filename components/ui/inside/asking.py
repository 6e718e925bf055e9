"""Asking a worker to look into a run's model; what was seen is kept for those who look again."""

import streamlit as st

from components.engine import inside
from components.engine.engine import engine
from components.insight.views import View
from components.runs.store import Run
from components.settings import settings

_SECONDS = 60  # a worker that hasn't the model at hand yet prepares the run's data first
_KEPT = 48  # looks; each is a megabyte at most


def seen(run: Run, step: int | None, newest: int, view: View) -> inside.Look:
    """Have a worker look, or give what it saw before.

    Args:
        run: whose model.
        step: of its training; None: the weights that it keeps.
        newest: step of its newest kept state, on which those depend.
        view: what is to be seen.

    Raises:
        UnrollError: if there is nothing to see, or no answer in time.
    """
    return _seen(run.id, step, newest, repr(view), run.recipe.to_json(), view)


@st.cache_resource(max_entries=_KEPT, show_spinner="Looking inside…")
def _seen(run_id: str, step: int | None, newest: int, asked: str, _recipe: str, _view: View) -> inside.Look:
    return engine().ask(inside.look, run_id, _recipe, settings().artifacts, step, _view, timeout=_SECONDS)
