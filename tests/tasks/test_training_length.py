"""A first recipe trains for as many updates as its model needs, however large the dataset is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.tasks.training_length import TrainingLength

LENGTH = TrainingLength(updates=1000, fewest=5, most=100, batch=20)
PATIENT = TrainingLength(updates=2000, fewest=5, most=300, batch=32, patient_updates=400)


@pytest.mark.parametrize(
    ("size", "epochs"),
    [
        (1000, 20),  # 50 batches of 20: 20 epochs make 1,000 updates
        (1_000_000, 5),
        (5, 100),
        (0, 100),
    ],
)
def test_epochs_make_up_the_updates_within_bounds(size, epochs):
    assert LENGTH.training(size).epochs == epochs


@pytest.mark.parametrize(("size", "batch"), [(30, 8), (128, 16), (300, 32), (50_000, 32)])
def test_batches_of_small_datasets_are_small(size, batch):
    assert PATIENT.training(size).batch == batch


@given(st.integers(10, 5000))
def test_nobody_stops_before_enough_updates_were_made(size):
    training = PATIENT.training(size)
    updates = math.ceil(size / training.batch)
    assert training.patience >= 10
    assert training.patience * updates >= 400 * 0.9 or training.patience == training.epochs == 300
