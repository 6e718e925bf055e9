"""A difference is told from chance as the textbooks do it, and a test set from another one."""

import numpy as np
import pytest
from scipy import stats

from components.tasks.example_errors import ExampleErrors, fingerprint
from components.tasks.paired_test import paired_test, seed_test

RANDOM = np.random.default_rng(0)


def wrong(*values):
    return ExampleErrors(np.array(values, float), is_wrong=True)


def test_answers_are_tested_after_mcnemar_exactly():
    one, two = wrong(*[0] * 12, *[1] * 2, *[0] * 86), wrong(*[1] * 12, *[0] * 2, *[0] * 86)
    found = paired_test(one, two)
    assert (found.only_first, found.only_second, found.examples) == (12, 2, 100)
    assert found.p == pytest.approx(stats.binomtest(2, 14, 0.5).pvalue)
    assert found.difference == pytest.approx(0.1) and found.lower < 0.1 < found.upper
    assert found.lower > 0 and found.is_clear
    assert paired_test(one, one) is None


def test_numbers_are_tested_like_pairs():
    first, second = RANDOM.random(50), RANDOM.random(50) + 0.2
    found = paired_test(ExampleErrors(first), ExampleErrors(second))
    expected = stats.ttest_rel(second, first)
    assert found.p == pytest.approx(expected.pvalue)
    interval = expected.confidence_interval()
    assert (found.lower, found.upper) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert found.name == "paired t-test"


def test_forecasts_that_share_steps_are_tested_after_diebold_and_mariano():
    first, second = RANDOM.random(50), RANDOM.random(50)
    found = paired_test(ExampleErrors(first, horizon=6), ExampleErrors(second, horizon=6))
    assert found.name == "Diebold–Mariano test" and found.lower < found.difference < found.upper
    assert paired_test(ExampleErrors(first[:11], horizon=6), ExampleErrors(second[:11], horizon=6)) is None


def test_seeds_are_tested_after_welch():
    first, second = RANDOM.random(4), RANDOM.random(6) + 1
    found = seed_test(first, second)
    expected = stats.ttest_ind(second, first, equal_var=False)
    interval = expected.confidence_interval()
    assert found.p == pytest.approx(expected.pvalue) and found.is_clear
    assert (found.lower, found.upper) == (pytest.approx(interval.low), pytest.approx(interval.high))
    assert seed_test(np.ones(3), np.ones(3)) is None


def test_a_fingerprint_is_the_same_for_the_same_test_set_only():
    same = fingerprint("target", np.arange(3.0), 2)
    assert fingerprint("target", np.arange(3.0), 2) == same
    others = [("target", np.arange(4.0), 2), ("t", np.arange(3.0), 2), ("target", np.arange(3.0), 3)]
    assert same not in {fingerprint(*parts) for parts in others}
