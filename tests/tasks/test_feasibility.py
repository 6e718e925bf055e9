import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import data
from components.recipe import (
    Forecast,
    Generated,
    Recipe,
    Recurrent,
    RegressSequences,
    Training,
    Transformer,
)
from components.tasks import recipe_issues
from components.tasks.cost_model import CostModel, TimedRun
from components.tasks.feasibility import estimate, issues
from components.training.limits import Limits
from components.ui.experiments import CARDS

LIMITS = Limits(seconds=3600, memory=4 * 2**30, pause_seconds=60)
ENDLESS = Limits(seconds=1e12, memory=2**60, pause_seconds=60)


def forecast(window=48, batch=32, epochs=10, patience=None, model=None, length=100_000):
    return Recipe(
        dataset=Generated(name="sine", length=length),
        task=Forecast(target="value", window=window, horizon=12),
        model=model or Recurrent(),
        training=Training(batch=batch, epochs=epochs, patience=patience),
    )


TOO_LARGE = {
    "memory": forecast(window=1000, batch=1024, model=Recurrent(units=256), epochs=1, length=8000),
    "time": forecast(epochs=5000),
    "a transformer's memory": forecast(
        window=1000, batch=64, model=Transformer(units=64), epochs=1, length=6000
    ),
    "everything": forecast(window=5000, batch=4096, model=Recurrent(units=1024, layers=4)),
    "a classifier's memory": Recipe(
        dataset=Generated(name="adding", length=2000, parameters={"steps": 500.0}),
        task=RegressSequences(longest=500),
        model=Recurrent(units=1024),
        training=Training(batch=512, epochs=1),
    ),
}


def load(recipe):
    return data.load(recipe.dataset, recipe.preparation)


@pytest.mark.parametrize("name", TOO_LARGE)
def test_what_cannot_end_within_its_limits_is_refused_with_values_that_would_fit(name):
    recipe = TOO_LARGE[name]
    dataset = load(recipe)
    assert not recipe_issues(recipe, dataset), "nothing else is wrong with it"
    assert not issues(recipe, dataset, ENDLESS)
    (issue,) = issues(recipe, dataset, LIMITS)
    assert "would fit" in issue.message
    section, field = issue.field.split(".")
    assert field in dict(getattr(recipe, section))


def test_the_value_that_a_refusal_names_is_accepted():
    recipe = TOO_LARGE["memory"]
    dataset = load(recipe)
    (issue,) = issues(recipe, dataset, LIMITS)
    named = int(re.search(r"\. (?:A \D+)?([\d,]+)", issue.message)[1].replace(",", ""))
    tree = recipe.model_dump()
    section, field = issue.field.split(".")
    assert tree[section][field] / 8 < named < tree[section][field]
    tree[section][field] = named
    assert not issues(Recipe.model_validate(tree), dataset, LIMITS)
    tree[section][field] = named * 5 // 4
    assert issues(Recipe.model_validate(tree), dataset, LIMITS), "it isn't far less than what fits"


def test_of_the_impossible_all_settings_are_named_that_fit_together():
    recipe = TOO_LARGE["everything"]
    (issue,) = issues(recipe, load(recipe), LIMITS)
    assert "GB of memory" in issue.message and "days" in issue.message
    assert "would fit together" in issue.message


def test_early_stopping_may_end_a_long_training_in_time():
    dataset = load(forecast())
    assert issues(forecast(epochs=10_000), dataset, LIMITS)
    assert not issues(forecast(epochs=10_000, patience=2), dataset, LIMITS)
    patient = estimate(forecast(epochs=10_000, patience=2), dataset)
    once = patient.cost.once
    assert patient.fewest_seconds - once == pytest.approx((patient.seconds - once) * 3 / 10_000)


def test_a_slow_server_refuses_what_a_quick_one_takes():
    recipe, dataset = forecast(epochs=40), load(forecast())
    assert not issues(recipe, dataset, LIMITS)
    slow = CostModel(
        [TimedRun(recipe.to_json(), steps_per_second=0.5, steps_per_epoch=9, epochs=1, steps=9)] * 5
    )
    assert issues(recipe, dataset, LIMITS, slow)
    assert estimate(recipe, dataset, slow).seconds > 50 * estimate(recipe, dataset).seconds


def test_what_is_no_update_is_told_apart():
    recipe, dataset = forecast(epochs=40), load(forecast())
    expected = estimate(recipe, dataset)
    assert expected.training_seconds + expected.overhead == pytest.approx(expected.seconds)
    assert expected.overhead >= expected.cost.once > 0


@given(st.integers(1, 5000), st.integers(1, 4096), st.integers(1, 1024), st.integers(1, 4))
def test_a_larger_recipe_never_needs_less(window, batch, units, layers):
    dataset = load(forecast())
    asked = forecast(window=window, batch=batch, model=Recurrent(units=units, layers=layers))
    less = forecast(window=max(1, window // 2), batch=batch, model=Recurrent(units=units, layers=layers))
    assert estimate(asked, dataset).memory >= estimate(less, dataset).memory
    assert estimate(asked, dataset).seconds > 0


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.title)
def test_every_experiment_of_the_gallery_fits_the_smallest_server(card):
    dataset = load(card.recipe)
    assert not issues(card.recipe, dataset, Limits(seconds=3600, memory=1_500_000_000, pause_seconds=60))
