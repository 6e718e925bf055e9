"""The published figures on memory and clipping, read from what the Gradients page itself is told."""

import math

import numpy as np
import pytest

from components.engine.train_job import run_job
from components.errors import RunError
from components.recipe import Recipe, Recurrent
from components.runs.artifacts import RunFiles
from components.storage import Folder
from components.tasks.regression.result import NumbersResult
from components.tasks.result_file import unpack
from components.training.control import CommandQueue
from components.training.events import Divergence, Event, GradientThroughTime, Steps
from components.training.limits import Budget, Limits
from components.ui.experiments import CARDS
from components.ui.gradients.clipping import clipping_recipe as twin

ADDING = next(card.recipe for card in CARDS if card.key == "adding")


def said_by(recipe: Recipe, folder: Folder) -> list[Event]:
    said: list[Event] = []
    run_job(recipe, said.append, CommandQueue(), folder, Budget(Limits(600, 2**40, 600)))
    return said


def ratio(said: list[Event]) -> float:
    """Return the first five time steps over the last five, by what goes in, as the last look has it."""
    look = [message for message in said if isinstance(message, GradientThroughTime)][-1]
    return look.ratios[look.rows.index("input")]


@pytest.mark.acceptance
@pytest.mark.parametrize("kind", ["lstm", "gru", "simple_rnn"])
def test_the_adding_problem_of_a_hundred_steps(kind, tmp_path):
    """Hochreiter and Schmidhuber (1997), in the form of Le, Jaitly and Hinton (2015)."""
    recipe = ADDING.model_copy(update={"model": Recurrent(kind=kind, units=32)})
    folder = Folder(str(tmp_path))
    said = said_by(recipe, folder)
    result = unpack(RunFiles(folder).result(), NumbersResult)
    assert len([loss for message in said if isinstance(message, Steps) for loss in message.losses]) >= 3000
    if kind == "simple_rnn":
        assert result.scores[0].mse > 0.14
        assert ratio(said) < 1e-9
    else:
        assert result.scores[0].mse < 0.01 and result.won
        assert ratio(said) > 0.1


@pytest.mark.acceptance
def test_clipping_saves_a_run_from_leaps_and_does_not_cure_forgetting(tmp_path):
    """Pascanu, Mikolov and Bengio (2013)."""
    wild, calm = twin(0.1, None), twin(0.1, 1.0)
    said: list[Event] = []
    with pytest.raises(RunError, match="diverged"):
        run_job(
            wild, said.append, CommandQueue(), Folder(str(tmp_path / "wild")), Budget(Limits(600, 2**40, 600))
        )
    (died,) = [message for message in said if isinstance(message, Divergence)]
    assert died.step <= 100 and died.norm > 10 * died.usual
    said = said_by(calm, Folder(str(tmp_path / "calm")))
    losses = [loss for message in said if isinstance(message, Steps) for loss in message.losses]
    assert len(losses) >= 400 and np.isfinite(losses).all()
    after = [norm for message in said if isinstance(message, Steps) for norm in message.after]
    assert max(after) <= 1.0001
    assert ratio(said) < 0.01 and not math.isnan(ratio(said))
