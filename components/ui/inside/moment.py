"""Which weights of a run are looked into: a slider through its training."""

from dataclasses import dataclass

import streamlit as st

from components.engine.engine import engine
from components.engine.inside import Look
from components.insight.views import View
from components.runs.scribe import ACTIVE
from components.runs.store import Run
from components.ui.inside.asking import seen

_KEPT = -1  # stands for the weights that the run keeps


@dataclass(frozen=True)
class Moment:
    """A moment of a run's training.

    Attributes:
        run: the run.
        step: of the training; None: the weights that the run keeps, or would keep now.
        steps: of all moments whose weights can be looked into.
    """

    run: Run
    step: int | None
    steps: tuple[int, ...]

    def look(self, view: View) -> Look:
        """Have a worker look into the model as it was then."""
        return seen(self.run, self.step, self.steps[-1], view)


def choose_moment(run: Run) -> Moment:
    """Draw the slider through the moments whose weights were kept."""
    kept = engine().store.checkpoints(run.id)
    steps = tuple(checkpoint.step for checkpoint in kept)
    epochs = {checkpoint.step: checkpoint.epoch for checkpoint in kept}
    best = run.recipe.training.weights == "best"
    newest = "its best so far" if run.status in ACTIVE else "what it keeps"

    def named(step: int) -> str:
        if step == _KEPT:
            return newest if best else "its newest"
        return "before training" if step == 0 else f"epoch {epochs[step]}, step {step:,}"

    key = f"inside-moment-{run.id}"
    options = [*steps, _KEPT]
    if st.session_state.get(key, _KEPT) not in options:
        del st.session_state[key]
    chosen = st.select_slider(
        "Moment of the training",
        options,
        value=_KEPT,
        format_func=named,
        key=key,
        help="Slide through the training, and see how what is below takes shape.",
    )
    return Moment(run, None if chosen == _KEPT else chosen, steps)
