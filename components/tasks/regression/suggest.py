"""A first recipe for regression on sequences."""

from components.data.datasets import Sequences
from components.recipe import Optimizer, Preparation, Recipe, Recurrent, RegressSequences
from components.tasks.split_check import training_size
from components.tasks.training_length import TrainingLength

_MOST_STEPS = 500  # of a sequence that are read
# About what a small model needs to find a rule.
_LENGTH = TrainingLength(updates=3000, fewest=15, most=300, batch=64, patient_updates=400)


def suggest(dataset: Sequences, preparation: Preparation) -> Recipe:
    """Size the model and the training to sequences with numbers."""
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=RegressSequences(longest=min(_MOST_STEPS, int(dataset.lengths.max()))),
        model=Recurrent(kind="gru", units=32),
        optimizer=Optimizer(learning_rate=0.003),
        training=_LENGTH.training(training_size(dataset, preparation)),
    )
