"""A first recipe trains for as many updates as its model needs, however large the dataset is."""

import pytest

from components.recipe import Preparation
from components.tasks.training_length import TrainingLength

HALF = Preparation(validation=0.25, test=0.25)
LENGTH = TrainingLength(updates=1000, fewest=5, most=100)


@pytest.mark.parametrize(
    ("size", "epochs"),
    [
        (2000, 20),  # 1,000 training examples are 50 batches of 20: 20 epochs make 1,000 updates
        (1_000_000, 5),
        (10, 100),
        (0, 100),
    ],
)
def test_epochs_make_up_the_updates_within_bounds(size, epochs):
    assert LENGTH.epochs(size, HALF, 20) == epochs
