"""How a run learned, drawn still: loss, norms, the forecast taking shape, attention."""

import math

import numpy as np
import pandas as pd
import pytest

from components.charts.forecast_attention import forecast_attention
from components.charts.learning_curves import gradient_norms, gradient_norms_by_layer, log_axis, loss_curves
from components.charts.replay import MOST_FRAMES, forecast_replay
from components.training.events import EpochEnd

STEPS = np.arange(1, 201)


def ends(*validation: float) -> list[EpochEnd]:
    best = np.minimum.accumulate(np.nan_to_num(validation, nan=np.inf))
    return [
        EpochEnd(epoch=n, step=50 * n, training=0.5 / n, validation=v, best=bool(v == best[n - 1]))
        for n, v in enumerate(validation, start=1)
    ]


def test_the_best_epoch_is_ringed_and_named() -> None:
    chart = loss_curves(STEPS, 1 / STEPS, ends(0.5, 0.2, 0.3, 0.4))
    ring = chart.figure.data[-1]
    assert (list(ring.x), list(ring.y)) == ([100], [0.2])
    assert (
        chart.sentence
        == "The validation loss was lowest after epoch 2, at 0.2, and it hasn't been as low since."
    )


def test_a_loss_that_blew_up_is_no_best_epoch() -> None:
    assert "epoch 1, at 0.5" in loss_curves(STEPS, 1 / STEPS, ends(0.5, math.nan)).sentence


def test_a_run_without_a_whole_epoch_can_be_drawn() -> None:
    assert loss_curves(STEPS, 1 / STEPS, []).sentence == "No epoch has finished."


@pytest.mark.parametrize("spike", [1e6, 1e30, math.inf, math.nan])
def test_a_spike_doesnt_spoil_a_logarithmic_axis(spike: float) -> None:
    values = np.full(200, 0.1)
    values[0] = spike
    low, high = log_axis(values)["range"]
    assert -2 < low < -1 < high < 0


def test_norms_tell_how_many_were_clipped_and_where_the_threshold_is() -> None:
    before = np.where(STEPS <= 50, 4.0, 0.5)
    chart = gradient_norms(STEPS, before, np.minimum(before, 1.0), threshold=1.0)
    assert chart.sentence == "Half of the gradients have a norm above 0.5; 25% were clipped."
    assert set(chart.figure.data[-1].y) == {1.0}
    assert len(gradient_norms(STEPS, before, before, threshold=None).figure.data) == 2


def test_layers_are_compared() -> None:
    chart = gradient_norms_by_layer(STEPS, {"lstm_1": np.full(200, 2.0), "forecast": np.full(200, 0.5)})
    assert chart.sentence == "Gradients are largest in lstm_1 and 4 times smaller in forecast."


def test_the_replay_has_a_frame_an_epoch_and_opens_on_the_last() -> None:
    times = pd.date_range("2020-01-01", periods=30)
    truth = np.sin(np.arange(30.0))
    forecasts = np.array([truth + 2, truth + 1, truth + 0.5])
    chart = forecast_replay(times, truth, [1, 2, 4], forecasts, target="level", unit="m")
    assert [frame.name for frame in chart.figure.frames] == ["1", "2", "4"]
    assert np.array_equal(chart.figure.data[1].y, forecasts[-1])
    assert np.array_equal(chart.figure.frames[1].data[0].y, forecasts[1])
    assert chart.sentence == (
        "The mean absolute error was 2 after epoch 1 and 0.5 m after epoch 4, the lowest."
    )
    low, high = chart.figure.layout.yaxis.range
    assert low < truth.min() and truth.max() < high


def test_a_long_replay_shows_evenly_chosen_epochs_with_the_first_and_the_last() -> None:
    epochs = list(range(1, 1001))
    chart = forecast_replay(pd.RangeIndex(3), np.zeros(3), epochs, np.zeros((1000, 3)), target="t")
    names = [int(frame.name) for frame in chart.figure.frames]
    assert len(names) == MOST_FRAMES
    assert (names[0], names[-1]) == (1, 1000)
    assert len(chart.table) == 1000


def test_attention_counts_back_from_the_newest_step() -> None:
    weights = np.full((2, 10), 0.02)
    weights[:, 3] = 0.82
    chart = forecast_attention(weights, "step ahead")
    heat = chart.figure.data[0]
    assert list(heat.x) == list(range(10, 0, -1))
    assert list(heat.y) == [1, 2]
    assert "most to 7 steps back, with 82% of its attention" in chart.sentence


def test_even_attention_is_called_even() -> None:
    assert "nearly even" in forecast_attention(np.full((1, 4), 0.25), "head").sentence
