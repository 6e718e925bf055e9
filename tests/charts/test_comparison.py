"""Several runs in one chart: whose forecast is nearest, and what one classifies that another doesn't."""

import numpy as np

from components.charts.comparison import confusion_difference, forecast_overlay
from tests.charts import forecast_result as made


def test_forecasts_of_the_same_window_lie_over_each_other():
    results = [made.result(0.5), made.result(2.0)]
    chart = forecast_overlay(["A", "<b>"], results, 3)
    truth, first, second = chart.figure.data
    assert list(first.x) == list(second.x) == list(truth.x[-made.HORIZON :])
    np.testing.assert_allclose(np.array(second.y) - np.array(first.y), -1.5)
    assert second.name == "&lt;b&gt;"
    assert "A is off by 0.5 on average, the least; <b> by 2, the most." in chart.sentence
    assert list(chart.table) == ["true", "A", "<b>"]


def test_confusion_matrices_are_told_apart_by_their_difference():
    base, other = np.array([[5, 5], [2, 8]]), np.array([[9, 1], [2, 8]])
    chart = confusion_difference(["cat", "dog"], base, other, "A", "B")
    assert chart.sentence == "B classifies 4 more examples correctly than A."
    assert chart.figure.data[0].z.tolist() == [[4, -4], [0, 0]]
    assert (
        "as many examples correctly as A" in confusion_difference(["c", "d"], base, base, "A", "B").sentence
    )
