"""Overfitting, underfitting, and a loss that stands still."""

from dataclasses import replace

import numpy as np
import pytest

from components.insight.doctor import examine
from components.insight.doctor.fitting import overfitting, plateau, underfitting
from components.insight.doctor.remedies import (
    recipe_differences,
)
from tests.insight.doctor.example_cases import (
    BY_HEART,
    EPOCHS,
    FAIR,
    FLAT,
    LOST,
    RECIPE,
    SGD,
    STEP,
    example_case,
    recipe,
)


def test_a_little_learning_by_heart_is_forgiven_to_a_recipe_that_guards_against_it():
    guarded = recipe(training={"patience": 20, "weights": "best"})
    little = np.append(np.linspace(1, 0.5, 5), np.linspace(0.5, 0.6, EPOCHS - 5))
    assert examine(example_case(validation=little)).key == "overfitting"
    assert examine(example_case(validation=little, recipe=guarded)) is None
    assert examine(example_case(validation=BY_HEART, recipe=guarded)).key == "overfitting"


def test_overfitting_that_did_no_harm_is_not_mentioned():
    guarded = recipe(training={"patience": 20, "weights": "best"})
    assert examine(example_case(validation=BY_HEART, recipe=guarded, outcome=FAIR)) is None
    assert examine(example_case(validation=BY_HEART, recipe=guarded, outcome=LOST)).key == "overfitting"
    assert examine(example_case(validation=BY_HEART, outcome=FAIR)).key == "overfitting"


def test_learning_by_heart_is_seen_where_the_two_losses_part_and_the_lowest_is_the_last():
    epochs = np.arange(EPOCHS)
    training = 0.9 * np.exp(-epochs / 6)
    stands = np.where(epochs % 2, 0.5, 0.45)
    stands[:3], stands[-1] = (1.0, 0.8, 0.6), 0.4
    parted = {"training": training, "validation": stands}
    found = examine(example_case(**parted))
    assert found.key == "overfitting" and "times as high as the training loss" in found.sentence
    assert found.evidence.place[0] in epochs
    # Whoever stops early and keeps the best weights has nothing to fear of it.
    assert (
        examine(example_case(**parted, recipe=recipe(training={"patience": 20, "weights": "best"}))) is None
    )
    assert (
        examine(example_case(training=np.maximum(training, 0.1), validation=stands)) is None
    )  # it falls no longer
    slowly = 0.9 * np.exp(-epochs / 15)
    assert examine(example_case(training=slowly, validation=5 * slowly)) is None  # the other keeps up
    near_zero = np.append(stands[:3], 0.1 * stands[3:])
    assert examine(example_case(training=0.1 * training, validation=near_zero)) is None


def test_few_units_are_blamed_for_half_of_a_loss_where_a_simple_rule_does_better():
    story = example_case(0.5 + 0.5 * np.exp(-STEP / 25), recipe=recipe(model={"units": 1}))
    assert examine(story) is None
    assert examine(replace(story, outcome=LOST)).key == "underfitting"
    many = replace(story, recipe=RECIPE, outcome=LOST)
    assert examine(many).key == "worse than doing nothing"


def test_dropout_is_blamed_where_the_model_does_better_without():
    losses = FLAT
    story = example_case(losses, recipe=recipe(model={"dropout": 0.8}))
    story = replace(story, validation=0.8 * story.training)
    found = examine(story)
    assert found.key == "underfitting"
    assert recipe_differences(story.recipe, found.remedy) == (("model.dropout", 0.8, 0.1),)


# --- Overfitting -----------------------------------------------------------------------------------

GUARDED = {"training": {"patience": 20, "weights": "best"}}


def parting(rise: float, learnt: float = 0.5, **changed):
    """Return a run whose validation loss is 0.5 at its best, in the middle, and then so much higher.

    Of its training loss so much is left since then.
    """
    half = EPOCHS // 2
    validation = np.append(np.linspace(0.9, 0.5, half), np.full(half, 0.5 * (1 + rise)))
    training = np.append(np.linspace(0.9, 0.5, half), np.full(half, 0.5 * learnt))
    return example_case(validation=validation, training=training, **changed)


@pytest.mark.parametrize(
    ("case", "is_by_heart"),
    [
        (parting(0.11), True),
        (parting(0.09), False),
        (parting(0.26, recipe=recipe(**GUARDED)), True),
        (parting(0.24, recipe=recipe(**GUARDED)), False),
        (parting(0.11, learnt=0.79), True),
        (parting(0.11, learnt=0.81), False),  # it doesn't learn any more either
    ],
)
def test_how_far_the_validation_loss_has_to_rise(case, is_by_heart):
    assert (overfitting(case) is not None) is is_by_heart


@pytest.mark.parametrize(("since", "is_by_heart"), [(3, True), (2, False)])
def test_some_epochs_have_to_follow_the_best(since, is_by_heart):
    case = parting(0.5, recipe=recipe(**GUARDED))
    best = EPOCHS // 2
    begun = {name: getattr(case, name)[: best + since] for name in ("ends", "training", "validation")}
    assert (overfitting(replace(case, **begun)) is not None) is is_by_heart


def test_stopping_early_and_dropout_are_prescribed():
    remedy = overfitting(parting(0.2)).remedy
    assert (remedy.training.patience, remedy.training.weights) == (5, "best")
    assert remedy.model.dropout == pytest.approx(RECIPE.model.dropout + 0.3)
    much = parting(0.2, recipe=recipe(model={"dropout": 0.5}))
    assert overfitting(much).remedy.model.dropout == 0.6
    assert overfitting(parting(0.2, recipe=remedy)) is None


# --- Underfitting ----------------------------------------------------------------------------------


def leftover(share: float, **parts):
    """Return a run at whose end a share of its first loss is left."""
    return example_case(np.where(STEP < 10, 1.0, share), recipe=recipe(**parts))


@pytest.mark.parametrize(
    ("case", "is_small"),
    [
        (leftover(0.61, model={"units": 7}), True),
        (leftover(0.59, model={"units": 7}), False),
        (leftover(0.61, model={"units": 8}), False),
        (replace(leftover(0.61, model={"units": 7}), over=False, ends=np.arange(19)), False),
        (replace(leftover(0.61, model={"units": 7}), validation=np.full(EPOCHS, 0.8)), False),  # by heart
    ],
)
def test_when_a_model_is_too_small(case, is_small):
    assert (underfitting(case) is not None) is is_small


def test_more_units_are_prescribed_and_end_it():
    case = leftover(0.7, model={"units": 2})
    remedy = underfitting(case).remedy
    assert recipe_differences(case.recipe, remedy) == (("model.units", 2, 32),)
    assert underfitting(replace(case, recipe=remedy)) is None


@pytest.mark.parametrize(
    ("dropout", "better_without", "is_found"), [(0.5, True, True), (0.49, True, False), (0.5, False, False)]
)
def test_when_dropout_holds_it_back(dropout, better_without, is_found):
    case = leftover(0.5, model={"dropout": dropout})
    case = replace(case, validation=case.training * (0.9 if better_without else 1.1))
    found = underfitting(case)
    assert (found is not None) is is_found
    if found:
        assert underfitting(replace(case, recipe=found.remedy)) is None


# --- A plateau -------------------------------------------------------------------------------------


def stuck(left: float, since: float):
    """Return plain gradient descent that has so much of its loss left, and lost so much since its half."""
    training = np.append(np.linspace(1, left, EPOCHS // 2), np.full(EPOCHS // 2, left))
    training[-1] = left * (1 - since)
    return replace(leftover(left), recipe=SGD, training=training)


@pytest.mark.parametrize(
    ("case", "is_stuck"),
    [
        (stuck(0.61, 0.07), True),
        (stuck(0.59, 0.07), False),
        (stuck(0.61, 0.09), False),
        (replace(stuck(0.61, 0.07), recipe=RECIPE), False),  # Adam finds its way
        (replace(stuck(0.61, 0.07), over=False, ends=np.arange(19)), False),
    ],
)
def test_when_gradient_descent_is_stuck(case, is_stuck):
    assert (plateau(case) is not None) is is_stuck


def test_adam_is_prescribed_and_ends_it():
    case = stuck(0.7, 0)
    remedy = plateau(case).remedy
    assert (remedy.optimizer.kind, remedy.optimizer.learning_rate) == ("adam", 0.003)
    assert plateau(replace(case, recipe=remedy)) is None


def trembling(unrest: float, left: float = 0.3):
    """Return a run that has fallen at once, and whose validation loss jumps by a share up and down."""
    losses = np.where(STEP < 10, 1.0, left)
    pattern = np.resize([0, 1, 0, 1, 0, 0, 1, 0, 1, 0], EPOCHS)
    validation = left * np.exp(unrest * pattern)
    return replace(example_case(losses), validation=validation)


@pytest.mark.parametrize(
    ("case", "trembles"),
    [
        (trembling(0.31), True),
        (trembling(0.29), False),
        (trembling(0.4, left=0.09), False),  # next to nothing is left
        (replace(trembling(0.4), recipe=recipe(optimizer={"schedule": "cosine"})), False),
        (replace(trembling(0.4), validation=trembling(0.4).validation[:7]), False),
    ],
)
def test_when_a_loss_stands_still_and_trembles(case, trembles):
    assert (plateau(case) is not None) is trembles


def test_a_falling_rate_is_prescribed_and_ends_it():
    case = trembling(0.5)
    remedy = plateau(case).remedy
    assert (remedy.optimizer.schedule, remedy.optimizer.learning_rate) == ("cosine", 0.001)
    assert plateau(replace(case, recipe=remedy)) is None
