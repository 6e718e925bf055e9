"""How long training will take, guessed from a model's plan before anything is built."""

from components.models.summary import ModelSummary

# Measured on two cores of a common server with Keras' own layers; `make bench` shows how far the guess is
# off. A server sets it right by its own runs; see `components.tasks.cost_model`.
SECONDS_PER_STEP = 5e-4
SECONDS_PER_SEQUENTIAL_STEP = 7e-5
OPERATIONS_PER_SECOND = 5e10
PASSES_PER_TRAINING_STEP = 3
"""A training step in forward passes: one forward, and one backward for inputs and weights each."""


def seconds_per_step(plan: ModelSummary, batch: int) -> float:
    """Guess the seconds of one training step with `batch` examples."""
    calculating = PASSES_PER_TRAINING_STEP * batch * plan.work / OPERATIONS_PER_SECOND
    return SECONDS_PER_STEP + SECONDS_PER_SEQUENTIAL_STEP * plan.turns + calculating
