"""A guess of the training time grows with what makes training longer."""

import pytest

from components.models.step_time import seconds_per_step
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
