"""Values outside of their band are found, scored, and held against those that are marked."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score

from components.charts.anomalies import anomalies as chart
from components.tasks.forecasting.anomalies import anomalies, detection_score, is_marker

TRUTH = np.array([0.0, 0, 0, 5, 1, -9, 2, 2])
RESULT = SimpleNamespace(truth=TRUTH, origins=np.array([2, 3, 4, 5]), horizon=2)


def band(low, high):
    return SimpleNamespace(tested=SimpleNamespace(lower=np.full((4, 2), low), upper=np.full((4, 2), high)))


def test_a_value_is_held_against_the_band_that_was_forecast_so_many_steps_before():
    first, second = (anomalies(RESULT, band(-2.0, 4.0), step) for step in (1, 2))
    assert first.rows.tolist() == [3, 4, 5, 6] and second.rows.tolist() == [4, 5, 6, 7]
    assert first.is_outside.tolist() == [True, False, True, False]
    np.testing.assert_allclose(first.scores, [4 / 3, 0, 10 / 3, 1 / 3])


def test_a_band_without_width_holds_only_what_it_says():
    none = anomalies(RESULT, band(2.0, 2.0))
    assert none.is_outside.tolist() == [True, True, True, False]
    assert none.scores.tolist() == [np.inf, np.inf, np.inf, 0]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_precision_and_recall_are_those_of_scikit_learn(pairs):
    outside, marks = np.array(pairs).T
    held = detection_score(outside, marks)
    if outside.any():
        assert held.precision == pytest.approx(precision_score(marks, outside))
    else:
        assert held.precision is None
    if marks.any():
        assert held.recall == pytest.approx(recall_score(marks, outside, zero_division=0))
    else:
        assert held.recall is None


@pytest.mark.parametrize(
    ("values", "may"),
    [([0, 0, 1, 0], True), ([0, 0, 0], False), ([1, 1, 0], False), ([0, 2, 0, 0], False)],
)
def test_marks_are_rare_ones_among_zeros(values, may):
    assert is_marker(np.array(values, float)) is may


def test_the_chart_says_how_many_and_which_is_farthest_out():
    times = pd.date_range("2020-01-01", periods=8)
    drawn = chart(anomalies(RESULT, band(-2.0, 4.0)), times, "y", "", 0.8, TRUTH[3:7] == 5)
    assert drawn.sentence.startswith(
        "2 values lie outside the interval; by chance, a 80% prediction interval would leave out 1 of 4"
    )
    assert "6 January 2020, 3.33 times" in drawn.sentence
    assert drawn.table.index[0] == times[5]
    assert [trace.name for trace in drawn.figure.data[-2:]] == ["marked in the data", "outside the band"]
    calm = chart(anomalies(RESULT, band(-99.0, 99.0)), times, "y", "", 0.8)
    assert calm.sentence.startswith("No value is outside the band")
