"""Scores of bands and quantiles are those of the literature, by numbers from elsewhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from components.tasks.forecasting.interval_scores import coverage, crps, pinball, winkler

RNG = np.random.default_rng(0)
TRUTH = RNG.normal(size=(6, 4))


@given(st.floats(0.01, 0.99))
def test_the_pinball_loss_is_scikit_learns(share):
    said = TRUTH[::-1]
    assert pinball(TRUTH, said, share) == pytest.approx(mean_pinball_loss(TRUTH, said, alpha=share))


def test_the_interval_score_is_that_of_both_ends_pinball_losses():
    lower, upper, level = TRUTH[::-1] - 0.5, TRUTH[::-1] + 0.7, 0.8
    ends = mean_pinball_loss(TRUTH, lower, alpha=0.1) + mean_pinball_loss(TRUTH, upper, alpha=0.9)
    # Bracher et al. (2021): IS = 2 / α times the sum of the pinball losses of its ends
    assert winkler(TRUTH, lower, upper, level) == pytest.approx(2 / (1 - level) * ends)


def test_the_crps_comes_to_that_of_a_normal_law():
    mean, spread = 0.3, 1.7
    at = (np.arange(2000) + 0.5) / 2000
    quantiles = np.broadcast_to(stats.norm(mean, spread).ppf(at)[:, None, None], (2000, *TRUTH.shape))
    z = (TRUTH - mean) / spread  # Gneiting and Raftery (2007), equation 21
    exact = spread * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    assert crps(TRUTH, quantiles, at) == pytest.approx(exact.mean(), rel=1e-3)


def test_the_crps_comes_to_that_of_an_ensemble():
    members = RNG.normal(size=50)
    at = (np.arange(5000) + 0.5) / 5000
    quantiles = np.quantile(members, at, method="inverted_cdf")[:, None, None] * np.ones((1, *TRUTH.shape))
    between = np.abs(members[:, None] - members).mean() / 2
    exact = np.abs(members[:, None, None] - TRUTH).mean() - between  # E|X − y| − E|X − X′| / 2
    assert crps(TRUTH, quantiles, at) == pytest.approx(exact, rel=1e-2)


def test_a_truth_on_the_edge_is_held():
    truth = np.array([[0.0, 1.0, 2.0, 3.0]])
    assert coverage(truth, np.zeros((1, 4)), np.full((1, 4), 2.0)) == 0.75
