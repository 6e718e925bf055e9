"""Looking into a run's own model, at any of its kept states: in a worker, which keeps it at hand.

The app names `look` to `Engine.ask`, so this module is light; what the work takes is imported in the worker.
"""

from dataclasses import dataclass
from typing import Any

from components.engine.trial import AtHand, brought_up
from components.insight.views import SeeAttention, SeeMemory, SeeReach, SeeStretches, View


@dataclass(frozen=True)
class Look:
    """What was seen, and the epoch whose weights were looked at; 0 where none was over yet."""

    seen: Any
    epoch: int


def look(run_id: str, recipe: str, artifacts: str, step: int | None, view: View) -> Look:
    """Look into a run's model.

    Args:
        run_id: the run.
        recipe: the run's, as JSON.
        artifacts: URL of the folder with a folder for each run.
        step: of the training, one whose state was kept; None: the weights that the run would keep now.
        view: what is asked to see.

    Raises:
        RunError: if there is no such state.
        UnrollError: if the example can't be read.
    """
    with brought_up(run_id, recipe, artifacts, step) as held:
        epoch = held.epoch
        return Look(_seen(held, step, view), epoch)


def _seen(held: AtHand, step: int | None, view: View) -> Any:
    from components.insight import attention, memory, reach  # noqa: PLC0415 - bring in TensorFlow

    window = held.window
    match view:
        case SeeAttention():
            return attention.attention(window, view)
        case SeeMemory():
            return memory.memory(window, view)
        case SeeStretches():
            return memory.stretches(window, view)
        case SeeReach():
            return reach.reach(window, view, lambda then: held.turn_to(step if then is None else then))
