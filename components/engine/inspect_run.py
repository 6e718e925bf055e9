"""Looking into a run's own model, at any of its kept states: in a worker, which keeps it at hand.

The app names `inspect` to `Engine.ask`, so this module is light; what the work takes is imported in the
worker.
"""

from dataclasses import dataclass
from typing import Any

from components.engine.model_server import LoadedRun, loaded_run
from components.insight.requests import (
    AttentionRequest,
    GateActivityRequest,
    InfluenceRequest,
    InspectionRequest,
    TopActivationsRequest,
)


@dataclass(frozen=True)
class Inspection:
    """What was seen, and the epoch whose weights were looked at; 0 where none was over yet."""

    view: Any
    epoch: int


def inspect(
    run_id: str, recipe: str, artifacts: str, step: int | None, view: InspectionRequest
) -> Inspection:
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
    with loaded_run(run_id, recipe, artifacts, step) as held:
        epoch = held.epoch
        return Inspection(_inspect(held, step, view), epoch)


def _inspect(held: LoadedRun, step: int | None, view: InspectionRequest) -> Any:
    from components.insight import attention, gate_activity, influence  # noqa: PLC0415 - bring in TensorFlow

    window = held.inspector
    match view:
        case AttentionRequest():
            return attention.attention_view(window, view)
        case GateActivityRequest():
            return gate_activity.gate_activity(window, view)
        case TopActivationsRequest():
            return gate_activity.top_activations(window, view)
        case InfluenceRequest():
            return influence.influence_over_training(
                window, view, lambda then: held.load_weights(step if then is None else then)
            )
