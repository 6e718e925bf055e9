"""Losses are what statistics calls them: the numbers are SciPy's and scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import mean_pinball_loss

from components.models import losses
from components.models.head_spec import MIN_SPREAD
from components.models.window_scaling import count_mean

HIGHEST = stats.norm(0, MIN_SPREAD).logpdf(0)
RNG = np.random.default_rng(0)
TRUTH = RNG.normal(size=(5, 3))


def outputs(*columns: np.ndarray) -> np.ndarray:
    return np.stack(columns, axis=-1).astype("float32")


def test_the_mean_of_a_normal_law_is_its_density():
    mean, spread = RNG.normal(size=(2, 5, 3))
    spread = np.exp(spread)
    ours = losses.gaussian(TRUTH.astype("float32"), outputs(mean, spread))
    np.testing.assert_allclose(ours, HIGHEST - stats.norm(mean, spread).logpdf(TRUTH).mean(), rtol=1e-4)


def test_students_law_is_scipys():
    place, spread, freedom = RNG.normal(size=(3, 5, 3))
    spread, freedom = np.exp(spread), 2 + np.exp(freedom)
    ours = losses.student_t(TRUTH.astype("float32"), outputs(place, spread, freedom))
    np.testing.assert_allclose(
        ours, HIGHEST - stats.t(freedom, place, spread).logpdf(TRUTH).mean(), rtol=1e-4
    )


def test_no_law_is_judged_below_zero():
    truth = TRUTH.astype("float32")
    sure = np.full_like(TRUTH, MIN_SPREAD)
    assert float(losses.gaussian(truth, outputs(TRUTH, sure))) == pytest.approx(0, abs=1e-4)
    assert float(losses.student_t(truth, outputs(TRUTH, sure, np.full_like(TRUTH, 500)))) >= 0


@pytest.mark.parametrize("offset", [0.0, 7.0])
def test_counts_are_as_likely_as_scipy_says_in_whatever_units_they_come(offset):
    counts, scale = RNG.integers(0, 30, (5, 3)), 4.0
    place, alpha = RNG.uniform(0.1, 3, (5, 3)), RNG.uniform(0.05, 2, (5, 3))
    mean = np.asarray(count_mean((place * scale + offset).astype("float32"), scale)).astype(float)
    scaled = ((counts - offset) / scale).astype("float32")
    ours = losses.negative_binomial(scaled, outputs(place, alpha), offset, scale)
    expected = -stats.nbinom(1 / alpha, 1 / (1 + alpha * mean)).logpmf(counts).mean()
    np.testing.assert_allclose(ours, expected, rtol=1e-3)


def test_the_pinball_loss_is_scikit_learns_mean_over_the_quantiles():
    said, shares = RNG.normal(size=(5, 3, 2)), (0.1, 0.75)
    ours = losses.pinball(TRUTH.astype("float32"), said.astype("float32"), shares)
    theirs = [mean_pinball_loss(TRUTH, said[..., n], alpha=share) for n, share in enumerate(shares)]
    np.testing.assert_allclose(ours, np.mean(theirs), rtol=1e-5)


@settings(deadline=None)
@given(st.floats(-5, 5))
def test_hubers_loss_is_a_parabola_that_goes_on_straight(error):
    ours = float(losses.huber(np.zeros((1, 1), "float32"), np.full((1, 1), error, "float32")))
    assert ours == pytest.approx(error**2 / 2 if abs(error) <= 1 else abs(error) - 0.5, abs=1e-5)


def test_the_mean_of_counts_is_the_place_itself_but_never_below_zero():
    ours = np.asarray(count_mean(np.array([-50.0, 0.0, 20.0, 3000.0], "float32"), 10.0))
    assert ours[0] >= 0
    assert 0 < ours[1] < 1
    np.testing.assert_allclose(ours[2:], [20, 3000], rtol=1e-5)
