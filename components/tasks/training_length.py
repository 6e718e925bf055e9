"""How long a first recipe trains: for as many updates as such a model needs, whatever the dataset's size."""

import math
from dataclasses import dataclass

from components.recipe import Training

_SMALLEST_BATCH = 8
_FEW_BATCHES = 8  # that an epoch has at least, as long as batches can get smaller


@dataclass(frozen=True)
class TrainingLength:
    """What a model needs to learn its task.

    Attributes:
        updates: of its weights, about.
        fewest, most: epochs, however large or small the dataset is.
        batch: examples that an update is made by, of all but small datasets.
        patience: epochs without a better validation loss after which it stops early.
        patient_updates: that it makes at least before it stops early: of a few examples an epoch is a handful
            of updates, after which nobody could tell whether it learns.
    """

    updates: int
    fewest: int
    most: int
    batch: int
    patience: int = 10
    patient_updates: int = 0

    def training(self, examples: int) -> Training:
        """Return how long to train on so many examples, and in what portions."""
        batch = self.batch
        while batch > _SMALLEST_BATCH and self.patient_updates and examples < _FEW_BATCHES * batch:
            batch //= 2
        per_epoch = max(1, math.ceil(examples / batch))
        return Training(
            batch=batch,
            epochs=max(self.fewest, min(self.most, int(self.updates / per_epoch))),
            patience=max(self.patience, min(self.most, int(self.patient_updates / per_epoch))),
        )
