"""A guess of the training time grows with what makes training longer."""

import pytest

from components.models.step_time import (
    LEAST_SPREAD,
    UNMEASURED_SPREAD,
    TimeCorrection,
    seconds_per_step,
    time_correction,
)
from components.models.summary import summarize_forecaster
from components.recipe import Recurrent, Transformer


def seconds(batch=32, window=48, **model):
    return seconds_per_step(summarize_forecaster(Recurrent(**model), window, 1, 12), batch)


@pytest.mark.parametrize(
    "larger", [{"batch": 64}, {"window": 96}, {"units": 64}, {"layers": 2}, {"bidirectional": True}]
)
def test_more_to_do_takes_longer(larger):
    assert seconds(**larger) > seconds()


def test_a_transformer_waits_for_no_step():
    assert summarize_forecaster(Transformer(), 48, 1, 12).turns == 0
    assert seconds_per_step(summarize_forecaster(Transformer(layers=2), 48, 1, 12), 32) > seconds_per_step(
        summarize_forecaster(Transformer(layers=1), 48, 1, 12), 32
    )


def test_a_guess_is_set_right_by_the_middle_of_what_was_measured():
    assert time_correction([1.0, 1.0, 2.0], [2.0, 90.0, 6.0]).factor == 3.0
    assert time_correction([], []) == TimeCorrection(1.0, UNMEASURED_SPREAD, 0)


def test_a_guess_is_as_sure_as_the_runs_that_it_is_judged_by_agree():
    alike = time_correction([1.0] * 10, [2.0] * 10)
    assert (alike.factor, alike.spread, alike.runs) == (2.0, LEAST_SPREAD, 10)
    scattered = time_correction([1.0] * 10, [1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 4.0, 50.0])
    assert scattered.spread == 2.0, "the worst of ten is left out"
    assert time_correction([1.0, 1.0], [2.0, 2.0]).spread == UNMEASURED_SPREAD, "two agree by chance"
    assert time_correction([1.0, 1.0, 1.0], [1.0, 1.0, 9.0]).spread == 9.0
