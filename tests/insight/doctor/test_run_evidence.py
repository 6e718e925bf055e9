"""What the doctor reads off a run before it judges."""

from dataclasses import replace

import numpy as np
import pytest

from components.insight.doctor import Outcome
from tests.insight.doctor.example_cases import example_case


def test_what_chance_can_explain_is_no_loss():
    behind = {"larger_is_better": True, "won": False}
    assert Outcome("accuracy", 0.60, 0.65, "Rule", **behind).is_clearly_worse
    assert not Outcome("accuracy", 0.60, 0.65, "Rule", noise=0.06, **behind).is_clearly_worse
    assert not Outcome("accuracy", 0.63, 0.65, "Rule", **behind).is_clearly_worse
    assert Outcome("MAE", 1.1, 1.0, "Rule", larger_is_better=False, won=False).is_clearly_worse


def test_the_share_of_the_error_that_is_left():
    assert Outcome("MAE", 1.0, 4.0, "Rule", larger_is_better=False, won=True).relative_error == 0.25
    assert Outcome(
        "accuracy", 0.9, 0.6, "Rule", larger_is_better=True, won=True
    ).relative_error == pytest.approx(0.25)
    assert Outcome("accuracy", 1.0, 1.0, "Rule", larger_is_better=True, won=False).relative_error == 0


def test_a_run_begins_where_it_was_last_changed():
    case = replace(example_case(), first=101, epoch=11)
    assert (case.steps[0], case.steps[-1], case.epochs[0], case.epochs[-1]) == (101, 300, 11, 30)


def test_where_a_loss_began_is_the_middle_of_the_first_finite_ones():
    assert example_case(np.array([9.0, 1, 2, 3, *[0] * 12])).start == 2.5
    assert example_case(np.array([np.inf, 4.0, *[0] * 6])).start == 4
    assert np.isnan(example_case(np.array([np.inf])).start)


def test_how_much_is_done():
    case = example_case(over=False)
    assert replace(case, ends=case.ends[:5]).share_done == 0.25
    assert replace(case, ends=case.ends[:5], epoch=6).share_done == 0.5
    assert replace(case, ends=case.ends[:5], over=True).share_done == 1
