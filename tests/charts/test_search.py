"""A search, drawn: what is best, what mattered, and where good settings lie."""

import numpy as np
import pytest

from components.charts.search import (
    SettingAxis,
    history_chart,
    importance_chart,
    parallel_chart,
    slice_chart,
)
from components.studies import Trial

TRIALS = [
    Trial(0, None, {}, "complete", 1.0),
    Trial(1, None, {}, "pruned", None, {1: 0.9, 2: 0.7}),
    Trial(2, None, {}, "complete", 0.6),
    Trial(3, None, {}, "complete", 0.8),
]
RATE = SettingAxis("Learning rate", (0.1, 0.03, 0.01, 0.02), is_logarithmic=True)
KIND = SettingAxis("Model", (0.0, 1.0, 0.0, 0.0), ("LSTM", "GRU"))


def test_what_was_given_up_is_never_the_best() -> None:
    chart = history_chart(TRIALS)
    ended, given_up, best = chart.figure.data
    assert list(ended.x) == [1, 3, 4] and list(given_up.y) == [0.7]
    assert list(best.y) == [1.0, 1.0, 0.6, 0.6]
    assert chart.sentence == (
        "Trial 3 has the lowest validation loss, 0.6, 40% below the recipe's 1; 1 of 4 were pruned."
    )
    assert history_chart(TRIALS[1:2]).sentence == "No trial has finished yet."


def test_what_matters_most_is_on_top() -> None:
    chart = importance_chart({"Units": 0.7, "Dropout": 0.3}, epoch=1)
    assert list(chart.figure.data[0].y) == ["Dropout", "Units"]
    assert chart.sentence.startswith("Units matters most for the validation loss after 1 epoch: 70%")


def test_each_trial_is_a_line_across_its_settings() -> None:
    chart = parallel_chart(TRIALS, [RATE, KIND])
    rate, kind, loss = chart.figure.data[0].dimensions
    np.testing.assert_allclose(rate["values"], np.log10(RATE.values))
    assert list(kind.ticktext) == ["LSTM", "GRU"] and loss["values"].min() == 0.6
    assert "learning rate 0.01 to 0.1" in chart.sentence and "model LSTM or GRU" in chart.sentence
    assert list(chart.table["Model"]) == ["LSTM", "GRU", "LSTM", "LSTM"]


@pytest.mark.parametrize("count", [1, 2, 5])
def test_each_setting_has_a_chart_of_its_own(count) -> None:
    chart = slice_chart(TRIALS, [RATE, KIND, RATE, KIND, RATE][:count])
    assert len(chart.figure.data) == 2 * count
    assert chart.figure.layout.xaxis.type == "log"
    assert chart.sentence == "The loss rises most clearly with learning rate: their rank correlation is 0.80."


def test_choices_alone_rise_with_nothing() -> None:
    assert "None of these settings" in slice_chart(TRIALS, [KIND]).sentence


def test_a_loss_far_above_the_others_does_not_press_them_together() -> None:
    far = Trial(4, None, {}, "complete", 50.0)
    assert history_chart([*TRIALS, far]).figure.layout.yaxis.type == "log"
    assert history_chart(TRIALS).figure.layout.yaxis.type is None
