"""When a loss stops being a number, the update at which it began is found, and the weight, and the batch."""

import numpy as np
import pytest

from components.errors import RunError
from components.recipe import Clipping, Optimizer
from components.storage import Folder
from components.training.control import CommandQueue
from components.training.events import Divergence
from components.training.limits import Budget, Limits
from components.training.post_mortem import GradientHistory
from components.training.session import Session
from tests.training import toy_problem


def test_the_first_leap_of_those_that_went_on_is_blamed():
    memory = GradientHistory(["kernel", "bias"])
    norms = np.full((20, 2), [2.0, 1.0])
    norms[5] = [90, 1]  # a leap from which it came back
    norms[15:] = [[3, 40], [50, 400], [500, 4e6], [np.inf, 4e30], [np.nan, np.nan]]
    memory.record(101, norms)
    assert memory.blame(120) == (116, "bias", 40.0, 1.0)


def test_what_was_taken_back_is_forgotten():
    memory = GradientHistory(["kernel"])
    memory.record(1, np.array([[1.0], [1.0], [500.0], [np.nan]]))
    memory.discard_after(2)
    memory.record(3, np.array([[2.0], [700.0]]))
    assert memory.blame(4) == (4, "kernel", 700.0, 1.0)


def test_a_run_that_blows_up_says_what_of(tmp_path):
    wild = toy_problem.recipe(
        epochs=100,
        optimizer=Optimizer(kind="sgd", learning_rate=10, momentum=0.9),
        clipping=Clipping(mode="none"),
    )
    loop, said = toy_problem.loop(wild, toy_problem.MeanOfSix(scale=1e6), dropout=0), []
    session = Session(loop, said.append, CommandQueue(), Folder(str(tmp_path)), Budget(Limits(60, 2**40, 60)))
    with pytest.raises(RunError, match="diverged"):
        session.train()
    (died,) = [message for message in said if isinstance(message, Divergence)]
    assert 1 <= died.blamed <= died.step
    assert died.weight in {variable.path for variable in loop.model.trainable_variables}
    order = np.random.default_rng([wild.seed, died.epoch - 1]).permutation(loop.problem.train)
    assert list(died.examples) == order[16 * (died.batch - 1) : 16 * died.batch].tolist()
