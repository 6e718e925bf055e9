"""The error by how far ahead: every forecaster's own, and where the model is closer."""

import numpy as np

from components.charts.error_by_horizon import error_by_horizon
from tests.charts.forecast_result import HORIZON, result


def test_it_is_the_mean_over_the_origins_of_each_step() -> None:
    chart = error_by_horizon(result(model_error=2.5))
    np.testing.assert_allclose(chart.table["model"], 2.5)
    # The series rises by 1 a step, so who repeats the last value misses by as many as it looks ahead.
    np.testing.assert_allclose(chart.table["Last value"], np.arange(1, HORIZON + 1))
    assert chart.sentence == (
        "The model's mean absolute error is 2.5 m one step ahead and 2.5 m 5 steps ahead. It beats "
        "“Last value” "
        "at 3 of 5 steps."
    )


def test_the_strongest_others_are_drawn_from_the_first_look_on() -> None:
    made = result()
    made.baselines.update({f"Rule {number}": made.forecasts + number for number in (1, 2, 20)})
    shown = {trace.name for trace in error_by_horizon(made).figure.data if trace.visible != "legendonly"}
    assert shown == {"model", "Last value", "Rule 1", "Rule 2"}
