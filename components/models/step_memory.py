"""How much memory a training will need, guessed from a model's plan before anything is built."""

from components.models.summary import ModelSummary

FLOAT_BYTES = 4
# Measured on Linux with models of every kind; `make bench ARGS=run_memory` shows how far the guess is off.
WORKER_BYTES = 850 * 2**20
"""What the process of a run holds whatever it trains: TensorFlow, most of all, and what it compiles with."""
COPIES_OF_WEIGHTS = 12
"""Weights, gradients and updates, the optimiser's two slots, the best weights, and a state being written."""
COPIES_OF_DATA = 4
"""A dataset as it was read, as numbers, scaled, and as TensorFlow's tensor."""
KEPT_SHARE = 0.65
"""Share of what its layers name that a training step holds at once: some of it is freed for the rest."""
FORWARD_SHARE = 0.3
"""The same of validation, which keeps nothing for a way back."""


def training_bytes(plan: ModelSummary, batch: int, validated: int, data: int) -> float:
    """Guess the most memory, in bytes, that the process of a run will hold.

    Args:
        plan: of the model.
        batch: examples of a training step.
        validated: examples that are validated at once.
        data: bytes that the dataset takes.
    """
    step = max(KEPT_SHARE * batch, FORWARD_SHARE * validated) * plan.kept
    return WORKER_BYTES + FLOAT_BYTES * (COPIES_OF_WEIGHTS * plan.parameters + step) + COPIES_OF_DATA * data
