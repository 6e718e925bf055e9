"""The test of Diebold and Mariano: its formula, and how often it cries wolf."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from components.tasks.forecasting.result import Score
from components.tasks.forecasting.significance import compare, diebold_mariano
from components.tasks.forecasting.verdict import verdict


@given(st.lists(st.floats(-100, 100), min_size=10, max_size=40).filter(lambda x: np.std(x) > 1e-3))
def test_one_step_ahead_it_is_students_test_with_another_factor(values):
    """Without autocovariances the correction makes Diebold and Mariano's statistic Student's own."""
    statistic, p = diebold_mariano(np.array(values), 1)
    wanted = stats.ttest_1samp(values, 0)
    assert statistic == pytest.approx(wanted.statistic, rel=1e-6, abs=1e-9)
    assert p == pytest.approx(wanted.pvalue, rel=1e-6, abs=1e-9)


def test_it_is_its_formula_two_steps_ahead():
    d = np.array([1.0, 2.0, 4.0, 3.0, -1.0, 0.5, 2.5, 1.5, 3.5, 2.0])
    n, c = 10, d - d.mean()
    variance = (c @ c + 2 * c[1:] @ c[:-1]) / n / n
    wanted = d.mean() / np.sqrt(variance) * np.sqrt((n + 1 - 4 + 2 / n) / n)
    assert diebold_mariano(d, 2)[0] == pytest.approx(wanted)


def test_among_equals_it_seldom_finds_a_difference():
    chance = np.random.default_rng(0)
    horizon, found = 4, 0
    for _ in range(400):
        noise = chance.normal(size=120 + horizon)
        overlapping = np.convolve(noise, np.ones(horizon), "valid")[:120]
        found += diebold_mariano(overlapping, horizon)[1] < 0.05
    assert found / 400 < 0.1


def test_a_difference_that_never_varies_has_no_statistic():
    assert diebold_mariano(np.full(20, 0.3), 3) == (None, None)


def scores(model: float, best: float, name: str = "drift") -> tuple[Score, Score]:
    return tuple(
        Score(key, label, mae**2, mae, mae, None, None, None)
        for key, label, mae in (("model", "Your model", model), (name, name.title(), best))
    )


def told(model_errors: np.ndarray, rival_errors: np.ndarray, name: str = "drift") -> str:
    truth = np.zeros_like(model_errors)
    forecasts = {"model": ("Your model", model_errors), name: (name.title(), rival_errors)}
    both = scores(float(np.abs(model_errors).mean()), float(np.abs(rival_errors).mean()), name)
    return verdict(both[0], both[1:], "m", compare(truth, forecasts, both))


def test_the_verdict_says_whether_it_is_chance():
    chance = np.random.default_rng(0)
    rival, better = chance.uniform(1, 3, (60, 3)), chance.uniform(0, 1, (60, 3))
    assert told(better, rival).startswith("The model beats the naive forecasts.")
    assert "unlikely to be chance (Diebold–Mariano test, p < 0.001)" in told(better, rival)
    worse = told(rival, better)
    assert (
        worse.startswith("The model doesn't beat the naive forecasts.") and "unlikely to be chance" in worse
    )
    wild = chance.normal(0, 50, (60, 3))
    unclear = told(wild, chance.normal(0, 55, (60, 3)))
    assert unclear.startswith("The model is ahead, but not significantly.")
    assert "may well be chance" in unclear


def test_the_verdict_says_when_there_are_too_few_forecasts_to_tell():
    said = told(np.full((5, 3), 1.0), np.full((5, 3), 2.0))
    assert "gives 5 forecasts, too few to test whether the difference is significant: that takes 10" in said


def test_the_verdict_names_a_classical_method_that_is_better():
    model, ets = scores(2.0, 1.0, "ets")
    last = Score("last_value", "Last value", 9, 3, 3, None, None, None)
    said = verdict(model, (last, ets), "m")
    assert said.startswith("The model beats the naive forecasts, but not the classical methods.")
    assert "Use" in said
