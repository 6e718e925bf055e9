"""Asking a run's own model what a person typed."""

from typing import Any

from components.engine import model_server
from components.runs.store import Run
from components.settings import settings
from components.ui.run.worker_questions import ask_worker

_SECONDS = 60  # a worker that hasn't the model at hand yet prepares the run's data first


def ask_model(run: Run, question: Any) -> model_server.Prediction:
    """Return a worker's answer by the run's own model.

    Args:
        run: whose model is asked.
        question: what the task's `predict` takes.

    Raises:
        RunError: if there is no model yet, or no answer in time.
    """
    return ask_worker(
        model_server.predict, run.id, run.recipe.to_json(), settings().artifacts, question, timeout=_SECONDS
    )


def weights_used(run: Run, epoch: int) -> str:
    """Return which of the run's weights answered, in a sentence."""
    if not epoch:
        return "Training has only just begun."
    which = "the best so far" if run.recipe.training.weights == "best" else "the newest"
    return f"Answered with the weights of epoch {epoch}, {which}."
