"""What curves show, as plain numbers."""

import numpy as np
import pytest

from components.insight.doctor.curve_stats import (
    falling_share,
    finite_median,
    halfway_share,
    median_loss,
    relative_jitter,
)

LINE = np.linspace(1, 0, 101)


def test_only_what_is_finite_counts():
    assert finite_median(np.array([1.0, np.inf, 3.0, np.nan])) == 2
    assert np.isnan(finite_median(np.array([np.inf])))


@pytest.mark.parametrize(("start", "end", "middle"), [(0, 1, 0.5), (0.9, 1, 0.05), (0, 0.001, 1)])
def test_the_middle_of_a_stretch(start, end, middle):
    assert median_loss(LINE, start, end) == pytest.approx(middle, abs=0.006)


def test_how_much_of_a_fall_was_done_by_half_of_the_steps():
    assert halfway_share(LINE, 1.0) == pytest.approx(0.5, abs=0.05)
    assert halfway_share(np.where(np.arange(100) < 10, 1.0, 0.2), 1.0) == 1
    assert np.isnan(halfway_share(np.ones(100), 1.0))


def test_how_often_a_loss_fell():
    assert falling_share(np.array([4.0, 3, 2, 2.5, 1])) == 0.75
    assert np.isnan(falling_share(np.array([1.0])))


def test_jitter_is_what_is_left_of_the_changes_without_their_direction():
    falling = np.exp(-np.arange(20) / 5)
    jumps = np.exp(np.resize([0, 1, 0, 1, 0, 0, 1, 0, 1, 0], 20))
    assert relative_jitter(falling) == pytest.approx(0)
    assert relative_jitter(jumps) == pytest.approx(1)
    assert relative_jitter(jumps * falling) == pytest.approx(1)
    assert np.isnan(relative_jitter(np.ones(6)))
