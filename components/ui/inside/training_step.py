"""Which weights of a run are looked into: a slider through its training."""

from dataclasses import dataclass

import streamlit as st

from components.engine.engine import engine
from components.engine.inspect_run import Inspection
from components.insight.requests import InspectionRequest
from components.runs.event_writer import ACTIVE
from components.runs.store import Run
from components.ui.inside.example import drop_invalid_choice
from components.ui.inside.inspection import inspect_model

_FINAL_WEIGHTS = -1  # stands for the weights that the run keeps


@dataclass(frozen=True)
class TrainingStep:
    """A moment of a run's training.

    Attributes:
        run: the run.
        step: of the training; None: the weights that the run keeps, or would keep now.
        steps: of all moments whose weights can be looked into.
    """

    run: Run
    step: int | None
    steps: tuple[int, ...]

    def inspect(self, view: InspectionRequest) -> Inspection:
        """Return what a worker sees in the model as it was then."""
        return inspect_model(self.run, self.step, self.steps[-1], view)


def choose_training_step(run: Run) -> TrainingStep:
    """Draw the slider through the moments whose weights were kept."""
    kept = engine().store.checkpoints(run.id)
    steps = tuple(checkpoint.step for checkpoint in kept)
    epochs = {checkpoint.step: checkpoint.epoch for checkpoint in kept}
    best = run.recipe.training.weights == "best"
    newest = "best so far" if run.status in ACTIVE else "best epoch"

    def step_label(step: int) -> str:
        if step == _FINAL_WEIGHTS:
            return newest if best else "latest"
        return "before training" if step == 0 else f"epoch {epochs[step]}, step {step:,}"

    key = f"inside-moment-{run.id}"
    options = [*steps, _FINAL_WEIGHTS]
    drop_invalid_choice(key, options)
    chosen = st.select_slider(
        "Training step",
        options,
        value=_FINAL_WEIGHTS,
        format_func=step_label,
        key=key,
        help="Slide through the training to see how the picture takes shape.",
    )
    return TrainingStep(run, None if chosen == _FINAL_WEIGHTS else chosen, steps)
