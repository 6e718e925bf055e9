"""Pretraining is seeded, goes on where it stopped, and writes what it came to."""

import json

import numpy as np
import pytest

from components.training import pretraining
from components.training.pretraining import Pretraining, draw_batch


@pytest.fixture
def short(monkeypatch, tmp_path):
    """Only yearly series, few at a time, of one length; states in a folder of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pretraining, "BATCH", 8)
    monkeypatch.setattr(pretraining, "_VALIDATION_BATCHES", 1)
    monkeypatch.setattr(pretraining, "_SEASONS", {1: pretraining._Season(1.0, (10, 15), (6,))})
    return tmp_path / "weights"


def test_what_was_interrupted_comes_to_the_same_numbers(short, tmp_path):
    unbroken = Pretraining("stack", steps=4, seed=7)
    unbroken.train(minutes=1, folder=short)
    assert unbroken.step == 4

    (tmp_path / ".pretraining" / "stack-7.npz").unlink()
    first = Pretraining("stack", steps=4, seed=7)
    first._advance()
    first._advance()
    first.save(short)
    second = Pretraining("stack", steps=4, seed=7)
    second.resume(short)
    assert second.step == 2
    second.train(minutes=1, folder=short)

    for name, weight in unbroken.weights().items():
        np.testing.assert_array_equal(weight, second.weights()[name])
    with np.load(short / "stack.npz", allow_pickle=False) as file:
        assert set(file.files) == set(unbroken.weights())
    came_to = json.loads((short / "stack.json").read_text())
    assert came_to["seed"] == 7 and came_to["reports"][-1]["step"] == 4
    assert came_to["reports"][-1]["series"] == 4 * 8


def test_where_the_state_is_gone_it_goes_on_from_the_weights_that_it_left(short, tmp_path):
    first = Pretraining("pure", steps=3, seed=7)
    first.train(minutes=1, folder=short)
    (tmp_path / ".pretraining" / "pure-7.npz").unlink()
    second = Pretraining("pure", steps=6, seed=7)
    second.resume(short)
    assert second.step == 3 and second.reports == first.reports
    for name, weight in first.weights().items():
        np.testing.assert_array_equal(weight, second.weights()[name])
    second.train(minutes=1, folder=short)
    assert second.reports[-1].series == 6 * 8
    another = Pretraining("pure", steps=6, seed=8)  # which they aren't of
    another.resume(short)
    assert another.step == 0


@pytest.mark.parametrize("number", range(6))
def test_batches_are_of_one_season_and_have_their_truth(number):
    batch = draw_batch("stack", np.random.default_rng(number), 12)
    assert batch.truth.shape == batch.features.candidates.shape[:2]
    assert len(batch.truth) == 12 and np.isfinite(batch.truth).all()
