"""Models of other kinds are as large as the one they are held against, as far as a width allows."""

import pytest

from components.data import load
from components.recipe import Generated, Recipe, Recurrent, Transformer, Translate
from components.tasks import plan
from components.tasks.parameter_matching import MOST_UNITS, TRANSFORMERS_RATE, match_parameters, other_family

DATES = Recipe(
    dataset=Generated(name="dates", length=200),
    task=Translate(level="character"),
    model=Recurrent(kind="lstm", units=48, bidirectional=True),
)


def size(recipe: Recipe) -> int:
    return plan(recipe, load(recipe.dataset)).parameters


def with_model(model) -> Recipe:
    return DATES.model_copy(update={"model": model})


@pytest.mark.parametrize("model", [Recurrent(kind="gru"), Recurrent(kind="simple_rnn"), Transformer(heads=4)])
def test_no_other_width_is_nearer(model):
    found = match_parameters(DATES, model, load(DATES.dataset))
    step = getattr(model, "heads", 1)
    misses = [
        abs(size(with_model(found.model.model_copy(update={"units": units}))) - size(DATES))
        for units in (found.model.units - step, found.model.units, found.model.units + step)
    ]
    assert min(misses) == misses[1]


def test_what_is_too_large_is_matched_by_the_widest():
    huge = with_model(Recurrent(kind="lstm", units=512, layers=4))
    assert match_parameters(huge, Recurrent(kind="simple_rnn"), load(DATES.dataset)).model.units == MOST_UNITS


@pytest.mark.parametrize("model", [Recurrent(units=48, bidirectional=True), Transformer(units=32, heads=4)])
def test_a_model_of_the_other_family_is_about_as_large(model):
    wanted = with_model(model)
    other = other_family(wanted, load(wanted.dataset))
    assert (other.model.kind == "transformer") != (model.kind == "transformer")
    assert size(other) == pytest.approx(size(wanted), rel=0.15)
    if other.model.kind == "transformer":
        assert other.optimizer.learning_rate <= TRANSFORMERS_RATE
