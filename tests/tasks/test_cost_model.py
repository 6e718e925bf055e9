"""What trainings take is learnt from those that there were, the more the more they are alike."""

import numpy as np
import pytest

from components.insight.doctor.remedies import modified_recipe
from components.recipe import ClassifySequences, Forecast, Generated, Recipe, Sample
from components.tasks.cost_model import UNFITTED, CostModel, TimedRun

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="sunspots", window=22, horizon=11))
OTHER = Recipe(dataset=Generated(name="control_charts", length=600), task=ClassifySequences(longest=60))
STEPS = 10  # an epoch


def timed(recipe, step=0.02, once=8.0, epoch=0.1, epochs=20, noise=0.0) -> TimedRun:
    """A run that took so long: a step, once, after an epoch."""
    steps = STEPS * epochs
    seconds = (once + epochs * (STEPS * step + epoch)) * (1 + noise)
    return TimedRun(recipe.to_json(), 1 / step, STEPS, epochs, steps, seconds)


def test_without_runs_the_guess_by_calculations_remains_with_a_wide_error() -> None:
    cost = UNFITTED.cost(RECIPE, guess=0.01)
    assert cost.step == pytest.approx(0.01) and cost.similar == 0
    assert cost.step_error == pytest.approx(0.5)
    assert cost.seconds(STEPS, 10) > cost.once + 10 * STEPS * 0.01


def test_runs_that_are_alike_are_foretold() -> None:
    chance = np.random.default_rng(0)
    runs = [
        timed(
            modified_recipe(RECIPE, training={"epochs": epochs}), epochs=epochs, noise=chance.normal(0, 0.03)
        )
        for epochs in (5, 10, 20, 40, 80, 120)
    ]
    cost = CostModel(runs).cost(RECIPE)
    for epochs in (8, 30, 100):
        real = 8 + epochs * (STEPS * 0.02 + 0.1)
        assert cost.seconds(STEPS, epochs) == pytest.approx(real, rel=0.1)
        assert cost.error(STEPS, epochs) < 0.3 * real
    assert cost.similar > 3


def test_the_error_shrinks_with_what_is_known() -> None:
    errors = [CostModel([timed(RECIPE)] * count).cost(RECIPE).step_error for count in (0, 1, 4, 16)]
    assert errors == sorted(errors, reverse=True) and errors[-1] < 0.1


def test_what_is_alike_counts_more() -> None:
    model = CostModel([timed(RECIPE, step=0.02)] * 4 + [timed(OTHER, step=0.5)] * 4)
    assert model.cost(RECIPE).step == pytest.approx(0.02, rel=0.35)
    assert model.cost(OTHER).step == pytest.approx(0.5, rel=0.35)


def test_another_kind_of_run_still_tells_how_quick_the_machine_is() -> None:
    slow = CostModel([timed(OTHER, step=5.0)] * 5)
    assert slow.cost(RECIPE).step > 10 * UNFITTED.cost(RECIPE).step


def test_runs_that_were_stopped_tell_their_pace_only() -> None:
    stopped = TimedRun(RECIPE.to_json(), 50.0, STEPS, 3, 30, None)
    cost = CostModel([stopped] * 3).cost(RECIPE)
    assert cost.step == pytest.approx(0.02, rel=0.3) and cost.once == UNFITTED.cost(RECIPE).once


def test_no_part_of_a_cost_is_below_nothing() -> None:
    odd = [timed(RECIPE, once=0.1, epoch=0.0, epochs=epochs, noise=-0.5) for epochs in (1, 50)]
    cost = CostModel(odd * 5).cost(RECIPE)
    assert min(cost.once, cost.epoch, cost.validation) >= 0 < cost.step
