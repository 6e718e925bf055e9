"""Learning rates that are too high or too low."""

from dataclasses import replace

import numpy as np
import pytest

from components.insight.doctor import examine
from components.insight.doctor.learning_rate import rate_too_high, rate_too_low
from tests.insight.doctor.example_cases import EPOCHS, FELL, SICK, STEP, STEPS, example_case, rate


def test_whoever_is_still_learning_slowly_is_not_judged_before_half_of_the_training():
    story = replace(SICK["rate too low"], over=False)
    few = replace(story, **{name: getattr(story, name)[:8] for name in ("ends", "training", "validation")})
    assert examine(few) is None
    assert examine(story).key == "rate too low"


def test_what_was_changed_by_hand_is_not_blamed_for_what_was_before():
    story = SICK["rate too high"]
    assert examine(replace(story, first=101)) is None


def test_a_leap_that_one_odd_batch_can_make_is_no_sign_where_the_rate_is_a_usual_one():
    leaps = FELL + 1.5 * np.exp(-((STEP - 8) ** 2) / 20)
    assert examine(example_case(leaps, recipe=rate(0.5))).key == "rate too high"
    assert examine(example_case(leaps)) is None


def test_a_rate_far_beyond_the_usual_is_blamed_for_any_rise():
    rises = FELL + np.where(STEP == 3, 0.5, 0.0)
    assert examine(example_case(rises, recipe=rate(0.03))) is None
    found = examine(example_case(rises, recipe=rate(0.3)))
    assert found.key == "rate too high"
    assert "100 times the usual one" in found.sentence
    assert examine(example_case(FELL, recipe=rate(0.3))) is None


# --- Too high --------------------------------------------------------------------------------------


def leap(height: float, steps: int = 10) -> np.ndarray:
    """Return a loss of 1 that leaps to a height for some steps near the beginning."""
    losses = np.ones(STEPS)
    losses[5 : 5 + steps] = height
    return losses


@pytest.mark.parametrize(
    ("times_usual", "height", "is_too_high"),
    [
        (1.9, 4.1, True),
        (1.9, 3.9, False),
        (2.1, 2.2, True),
        (2.1, 2.0, False),
        (29, 2.2, True),
        (29, 2.0, False),
        (31, 1.3, True),
        (31, 1.1, False),
    ],
)
def test_the_further_a_rate_is_above_the_usual_the_less_a_leap_takes(times_usual, height, is_too_high):
    case = example_case(leap(height), recipe=rate(0.003 * times_usual))
    assert (rate_too_high(case) is not None) is is_too_high


@pytest.mark.parametrize(("steps", "is_too_high"), [(2, True), (1, False)])
def test_one_odd_batch_is_no_leap(steps, is_too_high):
    case = example_case(leap(2.5, steps), recipe=rate(0.02))
    assert (rate_too_high(case) is not None) is is_too_high


@pytest.mark.parametrize(("steps", "is_too_high"), [(20, True), (19, False)])
def test_how_many_steps_it_takes_to_see_a_leap(steps, is_too_high):
    case = example_case(leap(5)[:steps], recipe=rate(0.5))
    assert (rate_too_high(case) is not None) is is_too_high


def test_a_lower_rate_is_prescribed():
    found = rate_too_high(SICK["rate too high"])
    assert found.remedy.optimizer.learning_rate == 0.003
    assert "0.003" in found.advice and "0.5" in found.advice
    near = rate_too_high(example_case(leap(5), recipe=rate(0.006)))
    assert near.remedy.optimizer.learning_rate == 0.0012
    assert rate_too_high(example_case(recipe=found.remedy)) is None


# --- Too low ---------------------------------------------------------------------------------------


def creeping(fallen: float) -> np.ndarray:
    return np.linspace(1, 1 - fallen, EPOCHS)


@pytest.mark.parametrize(
    ("learning_rate", "fallen", "is_too_low"),
    [
        (0.0009, 0.09, True),
        (0.0009, 0.11, False),
        (0.0011, 0.09, False),  # less than three times below the usual one
        (0.00009, 0.24, True),  # thirty times below it
        (0.00009, 0.26, False),
        (0.00011, 0.24, False),
        (0.00009, -0.11, False),  # it rises
    ],
)
def test_the_lower_the_rate_the_more_a_loss_may_have_fallen(learning_rate, fallen, is_too_low):
    case = example_case(training=creeping(fallen), recipe=rate(learning_rate))
    assert (rate_too_low(case) is not None) is is_too_low


@pytest.mark.parametrize(("learning_rate", "is_too_low"), [(0.00029, True), (0.00031, False)])
def test_near_the_usual_rate_the_fall_has_to_be_steady(learning_rate, is_too_low):
    flutter = creeping(0.05) + 0.01 * (np.arange(EPOCHS) % 2)
    case = example_case(training=flutter, recipe=rate(learning_rate))
    assert (rate_too_low(case) is not None) is is_too_low


@pytest.mark.parametrize(("epochs", "is_too_low"), [(10, True), (9, False)])
def test_half_of_the_training_has_to_be_over(epochs, is_too_low):
    case = example_case(training=creeping(0.05)[:epochs], recipe=rate(1e-5), over=False)
    assert (rate_too_low(replace(case, ends=case.ends[:epochs])) is not None) is is_too_low


def test_a_higher_rate_is_prescribed():
    remedy = rate_too_low(SICK["rate too low"]).remedy
    assert remedy.optimizer.learning_rate == 0.003
    creeps_still = replace(SICK["rate too low"], recipe=remedy, rate=remedy.optimizer.learning_rate)
    assert rate_too_low(creeps_still) is None  # then it is another illness
