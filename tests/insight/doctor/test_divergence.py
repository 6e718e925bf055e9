"""Losses that stop being numbers, and gradients that are about to make them so."""

from dataclasses import replace

import numpy as np
import pytest

from components.insight.doctor import examine
from components.insight.doctor.divergence import exploding_gradient, non_finite_loss
from components.recipe import Transformer
from tests.insight.doctor.example_cases import (
    FELL,
    RECIPE,
    SICK,
    UNCLIPPED,
    example_case,
    leapt,
    rate,
    recipe,
    spiked,
)


def test_clipped_gradients_may_leap_as_they_like():
    story = example_case(before=spiked(), after=np.minimum(spiked(), 1.0))
    assert examine(story) is None


def test_a_transformer_never_explodes_through_time():
    told = recipe(**UNCLIPPED).model_copy(update={"model": Transformer()})
    found = examine(example_case(leapt(), recipe=told, before=spiked(), after=spiked()))
    assert found is None or found.key != "exploding"


# --- A loss that is no number ----------------------------------------------------------------------


@pytest.mark.parametrize(("first", "blamed"), [(1.1e6, "the data"), (0.9e6, "the learning rate")])
def test_a_first_loss_beyond_a_million_comes_of_the_data(first, blamed):
    assert non_finite_loss(example_case(np.array([first, np.inf]))).key == f"not finite: {blamed}"


def test_data_is_scaled_if_it_was_not():
    unscaled, scaled = recipe(task={"scaling": "none"}), recipe(task={"scaling": "standard"})
    lost = np.array([np.nan])
    assert non_finite_loss(example_case(lost, recipe=unscaled)).remedy.task.scaling == "standard"
    assert non_finite_loss(example_case(lost, recipe=scaled)).remedy is None


@pytest.mark.parametrize(
    ("calm", "changed", "blamed"),
    [
        (3, recipe(**UNCLIPPED), "the model"),
        (2, recipe(**UNCLIPPED), "the learning rate"),  # it was never calm
        (3, RECIPE, "the learning rate"),  # its gradients were clipped
        (3, rate(0.03, **UNCLIPPED), "the model"),
        (3, rate(0.031, **UNCLIPPED), "the learning rate"),  # more than ten times the usual one
        (3, recipe(**UNCLIPPED).model_copy(update={"model": Transformer()}), "the learning rate"),
    ],
)
def test_the_model_is_blamed_for_what_comes_suddenly_where_nothing_held_it_back(calm, changed, blamed):
    case = example_case(np.append(np.ones(calm), np.inf), recipe=changed)
    assert non_finite_loss(case).key == f"not finite: {blamed}"


def test_what_is_prescribed_against_a_loss_that_is_no_number():
    remedy = non_finite_loss(SICK["not finite: the model"]).remedy
    assert (remedy.clipping.mode, remedy.clipping.threshold) == ("global_norm", 1.0)
    sick = SICK["not finite: the learning rate"]
    assert non_finite_loss(sick).remedy.optimizer.learning_rate < sick.rate
    clipped_run = replace(SICK["not finite: the model"], recipe=remedy)
    assert non_finite_loss(clipped_run).key != "not finite: the model"


def test_every_loss_a_number_is_no_illness():
    assert non_finite_loss(example_case()) is None


# --- Exploding gradients ---------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "explodes"), [(2.6, True), (2.4, False)])
def test_a_gradient_explodes_beyond_five_times_that_of_the_beginning(size, explodes):
    norms = spiked(size=size)
    case = example_case(leapt(), recipe=recipe(**UNCLIPPED), before=norms, after=norms)
    assert (exploding_gradient(case) is not None) is explodes


@pytest.mark.parametrize(("over_start", "explodes"), [(0.01, True), (-0.01, False)])
def test_a_gradient_explodes_only_if_the_loss_leaps_back_to_where_it_began(over_start, explodes):
    losses = FELL.copy()
    losses[51:56] = example_case(FELL).start + over_start
    case = example_case(losses, recipe=recipe(**UNCLIPPED), before=spiked(), after=spiked())
    assert (exploding_gradient(case) is not None) is explodes


@pytest.mark.parametrize(("steps", "explodes"), [(24, True), (23, False)])
def test_how_many_steps_it_takes_to_know_the_usual_gradient(steps, explodes):
    sick = example_case(leapt(10), recipe=recipe(**UNCLIPPED), before=spiked(10), after=spiked(10))
    begun = replace(sick, losses=sick.losses[:steps], before=sick.before[:steps], after=sick.after[:steps])
    assert (exploding_gradient(begun) is not None) is explodes


def test_a_rate_far_beyond_the_usual_is_another_illness():
    sick = SICK["exploding"]
    assert exploding_gradient(replace(sick, rate=0.031)) is None
    assert exploding_gradient(replace(sick, rate=0.03)).key == "exploding"


def test_clipping_is_prescribed_and_ends_it():
    remedy = exploding_gradient(SICK["exploding"]).remedy
    assert (remedy.clipping.mode, remedy.clipping.threshold) == ("global_norm", 1.0)
    assert exploding_gradient(replace(SICK["exploding"], recipe=remedy)) is None
