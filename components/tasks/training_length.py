"""How long a first recipe trains: for as many updates as such a model needs, whatever the dataset's size."""

from dataclasses import dataclass

from components.recipe import Preparation


@dataclass(frozen=True)
class TrainingLength:
    """What a model needs to learn its task.

    Attributes:
        updates: of its weights, about.
        fewest, most: epochs, however large or small the dataset is.
    """

    updates: int
    fewest: int
    most: int

    def epochs(self, size: int, preparation: Preparation, batch: int) -> int:
        """Return the epochs for a dataset of so many examples."""
        training = max(1.0, size * (1 - preparation.validation - preparation.test))
        return max(self.fewest, min(self.most, int(self.updates * batch / training)))
