"""Whether one is better than another is said only where chance alone would hardly have it so."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from components.tasks.classification import curves
from components.tasks.classification.evaluate import score_classes
from components.tasks.classification.problem import class_probabilities, confusion_matrix
from components.tasks.classification.verdict import gain_interval, verdict

CODES = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=40)


@given(CODES)
def test_counts_are_scikit_learns_confusion_matrix(pairs):
    truth, said = np.array(pairs).T
    np.testing.assert_array_equal(
        confusion_matrix(truth, said, 3), metrics.confusion_matrix(truth, said, labels=[0, 1, 2])
    )


@given(st.lists(st.lists(st.floats(-500, 500), min_size=3, max_size=3), min_size=1, max_size=5))
def test_shares_add_up_to_one_whatever_the_logits(logits):
    found = class_probabilities(np.array(logits, np.float32))
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert np.isfinite(found).all()


def test_one_logit_is_that_of_the_second_class():
    np.testing.assert_allclose(
        class_probabilities(np.array([[0.0], [3.0]]))[:, 1], [0.5, 1 / (1 + np.exp(-3))]
    )


def test_the_spread_is_what_drawing_examples_anew_shows():
    rng = np.random.default_rng(1)
    truth = np.repeat([0, 1], [80, 40])
    one = np.where(rng.random(120) < 0.8, truth, 1 - truth)
    other = np.where(rng.random(120) < 0.6, truth, 1 - truth)
    low, high = gain_interval(truth, one, other)
    gains = []
    for _ in range(1500):
        drawn = np.concatenate(
            [rng.choice(np.flatnonzero(truth == code), (truth == code).sum()) for code in (0, 1)]
        )
        gains.append(
            metrics.balanced_accuracy_score(truth[drawn], one[drawn])
            - metrics.balanced_accuracy_score(truth[drawn], other[drawn])
        )
    np.testing.assert_allclose([low, high], np.quantile(gains, [0.025, 0.975]), atol=0.02)
    assert gain_interval(truth, one, one) == (0, 0)


@pytest.mark.parametrize(
    ("between", "beyond_prior", "words", "won"),
    [
        ((0.1, 0.2), (0.2, 0.4), "The model beats the baselines.", True),
        ((-0.2, -0.1), (0.2, 0.4), "The model doesn't beat the baselines.", False),
        ((-0.03, 0.04), (0.2, 0.4), "−3 to +4 percentage points", False),
        ((0.0, 0.0), (0.2, 0.4), "The model does as well as the best baseline, and no better.", False),
        (
            (-0.03, 0.04),
            (-0.1, 0.4),
            "The model is no better than a constant baseline: nothing that it learnt generalises.",
            False,
        ),
    ],
)
def test_the_verdict_follows_the_numbers(between, beyond_prior, words, won):
    scores = tuple(
        score_classes(name, name, np.array([0, 1]), np.array([0, said]), None)
        for name, said in (("model", 1), ("prior", 0), ("rule", 1))
    )
    said, has_won = verdict(scores, scores[2], between, beyond_prior, training=1.0)
    assert words in said
    assert has_won == won


def test_a_class_that_the_test_part_lacks_has_no_curve():
    truth, sure = np.array([0, 1, 0]), np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1]])
    assert [curve.name for curve in curves.roc(("a", "b", "c"), truth, sure)] == ["a", "b"]
    assert [curve.name for curve in curves.roc(("a", "b"), truth, sure[:, :2])] == ["b"]
