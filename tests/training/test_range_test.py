"""The range test: rates rise, the loss falls and rises again, and a rate in between is proposed."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from components.training import range_test
from components.training.events import Steps
from components.training.loop import TrainingProgress
from components.training.range_test import (
    FEWEST_UPDATES,
    HIGHEST,
    LOWEST,
    MOST_UPDATES,
    RangeTest,
    run_range_test,
    smooth,
)
from tests.own_clock import set_clock


class Rate:
    value = 0.0

    def assign(self, value):
        self.value = float(value)


@dataclass
class Bowl:
    """Gradient descent on x², which diverges beyond a rate of 1; an epoch has three updates."""

    x: float = 1.0
    learning_rate: Rate = field(default_factory=Rate)
    progress: TrainingProgress = field(default_factory=TrainingProgress)
    steepness: float = 1.0
    seen: list[float] = field(default_factory=list)

    @property
    def at_epoch_end(self):
        return self.progress.step_in_epoch == 3

    def run(self, most):
        assert most == 1 and not self.at_epoch_end
        loss = self.x**2
        self.seen.append(self.learning_rate.value)
        self.x -= 2 * self.steepness * self.learning_rate.value * self.x
        step = self.progress.step + 1
        self.progress = TrainingProgress(step, self.progress.epoch, self.progress.step_in_epoch + 1)
        one = (loss,)
        return Steps(
            first=step, losses=one, before=one, after=one, layers=(), learning_rate=0.1, seconds=1e-9
        )


def test_the_rates_rise_and_no_epoch_ends_with_a_validation() -> None:
    bowl = Bowl()
    found = run_range_test(bowl, seconds=60)
    assert len(found.rates) == len(bowl.seen) == MOST_UPDATES
    assert found.rates[0] == LOWEST and found.rates[-1] == pytest.approx(HIGHEST)
    assert (np.diff(found.rates) > 0).all() and bowl.progress.epoch >= 50


def test_it_ends_where_the_loss_runs_away() -> None:
    found = run_range_test(Bowl(steepness=100), seconds=60)
    assert len(found.rates) < MOST_UPDATES and np.isfinite(found.losses).all()
    assert found.proposed is not None and found.proposed < 0.02


def test_a_slow_model_makes_fewer_updates(monkeypatch) -> None:
    clock = iter(range(10_000))
    set_clock(monkeypatch, range_test, monotonic=lambda: float(next(clock)))
    assert len(run_range_test(Bowl(), seconds=1).rates) == FEWEST_UPDATES


def test_a_loss_that_never_falls_proposes_nothing() -> None:
    rates = np.geomspace(LOWEST, HIGHEST, 50)
    rising = np.linspace(1, 5, 50)
    assert RangeTest(rates, rising, smooth(rising)).proposed is None


def test_smoothing_leaves_what_is_even_and_lags_behind_nothing() -> None:
    np.testing.assert_allclose(smooth(np.full(7, 3.0)), 3.0)
    step = np.repeat([1.0, 0.0], 50)
    assert abs(int(np.argmin(np.gradient(smooth(step)))) - 49.5) < 2


def test_noise_alone_proposes_nothing() -> None:
    noisy = 1 + np.random.default_rng(0).normal(0, 0.2, 100)
    assert RangeTest(np.geomspace(LOWEST, HIGHEST, 100), noisy, smooth(noisy)).proposed is None
