"""Inspection of a run's model by a worker, cached for those who look again."""

import streamlit as st

from components.engine import inspect_run
from components.engine.engine import engine
from components.insight.requests import InspectionRequest
from components.runs.store import Run
from components.settings import settings
from components.ui.visitor import visitor

_TIMEOUT_SECONDS = 60  # a worker that hasn't the model at hand yet prepares the run's data first
_MAX_CACHED = 48  # looks; each is a megabyte at most


def inspect_model(run: Run, step: int | None, newest: int, view: InspectionRequest) -> inspect_run.Inspection:
    """Return what a worker sees in the model, now or when it was asked before.

    Args:
        run: whose model.
        step: of its training; None: the weights that it keeps.
        newest: step of its newest kept state, on which those depend.
        view: what is to be seen.

    Raises:
        UnrollError: if there is nothing to see, or no answer in time.
    """
    return _inspect_cached(run.id, step, newest, repr(view), run.recipe.to_json(), view, visitor())


@st.cache_resource(max_entries=_MAX_CACHED, show_spinner="Inspecting the model…")
def _inspect_cached(
    run_id: str,
    step: int | None,
    newest: int,
    asked: str,
    _recipe: str,
    _view: InspectionRequest,
    _visitor: str,
) -> inspect_run.Inspection:
    return engine().ask(
        inspect_run.inspect,
        run_id,
        _recipe,
        settings().artifacts,
        step,
        _view,
        timeout=_TIMEOUT_SECONDS,
        visitor=_visitor,
    )
