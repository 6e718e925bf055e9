"""Forecasts beside the truth and beyond it, and what they missed."""

from dataclasses import replace

import numpy as np
import pytest

from components.charts import residuals
from components.charts.chart import Chart
from components.charts.coverage_by_step import coverage_by_step
from components.charts.forecast import forecast_on_test_set, future_forecast, stitch_forecasts
from components.charts.scores import error_bars
from tests.charts.forecast_result import HORIZON, ROWS, TEST_START, band, result, score


def line(chart: Chart, name: str):
    return next(trace for trace in chart.figure.data if trace.name == name)


@pytest.mark.parametrize("origin", [0, 1, 7, 25])
def test_stitched_forecasts_cover_each_row_once_and_the_chosen_one_is_among_them(origin: int) -> None:
    finished = result()
    rows, values = stitch_forecasts(finished.origins, finished.forecasts, origin)
    assert np.array_equal(np.diff(rows), np.ones(len(rows) - 1))
    first = finished.origins[origin] + 1
    assert np.array_equal(values[rows >= first][:HORIZON], finished.forecasts[origin])


def test_the_model_stands_beside_the_best_baseline_from_the_first_look_on() -> None:
    chart = forecast_on_test_set(result())
    assert line(chart, "model").visible is None
    assert line(chart, "Last value").visible is None
    assert line(chart, "Drift").visible == "legendonly"


def test_the_chosen_origin_stands_out_and_is_judged() -> None:
    finished = result(model_error=0.5)
    chart = forecast_on_test_set(finished, origin=3)
    shown = line(chart, "selected forecast")
    assert list(shown.y) == list(finished.forecasts[3])
    assert list(shown.x) == list(finished.times[TEST_START + 3 : TEST_START + 3 + HORIZON])
    assert chart.sentence == (
        "Over the 5 steps from 2 April 2020 on, the model's mean absolute error is 0.5 m; "
        "that of the best baseline here, “Last value”, is 3 m."
    )


def test_the_table_holds_truth_model_and_every_baseline() -> None:
    table = forecast_on_test_set(result()).table
    assert list(table.columns) == ["truth", "model", "Last value", "Drift"]
    assert np.allclose(table["truth"] - table["model"], 0.5)


def test_beyond_the_data_the_forecast_goes_on_where_the_truth_ends() -> None:
    chart = future_forecast(result())
    truth, forecast = chart.figure.data
    assert (truth.x[-1], truth.y[-1]) == (forecast.x[0], forecast.y[0])
    assert list(chart.table["forecast"]) == [ROWS + ahead - 0.5 for ahead in range(HORIZON)]
    assert "its mean absolute error on the test set is 0.5 m" in chart.sentence


@pytest.mark.parametrize("origin", [0, 3])
def test_the_fan_lies_round_the_same_rows_as_the_forecast(origin: int) -> None:
    chart = forecast_on_test_set(result(), origin, band())
    wide, half = line(chart, "80% interval"), line(chart, "50% interval")
    assert wide.fill == half.fill == "tonexty"
    assert list(wide.x) == list(line(chart, "model").x)
    lower = line(chart, "80% interval, lower bound")
    assert np.allclose(np.array(wide.y) - lower.y, 4)
    assert np.allclose(chart.table["80% interval, upper"] - chart.table["truth"], 2)
    assert np.allclose(chart.table["50% interval, lower"] - chart.table["truth"], -1)


def test_beyond_the_data_the_fan_opens_where_the_truth_ends() -> None:
    chart = future_forecast(result(), band=band())
    wide = line(chart, "80% interval")
    assert wide.y[0] == result().truth[-1]
    assert (
        "The 80% prediction interval then ranges from 122 m to 126 m; its coverage on the test set is 76%."
        in chart.sentence
    )
    assert list(chart.table["80% interval, lower"]) == [ROWS + ahead - 2 for ahead in range(HORIZON)]


def test_a_band_that_shall_hold_half_is_drawn_once() -> None:
    chart = future_forecast(result(), band=band(level=0.5))
    assert [trace.name for trace in chart.figure.data if trace.fill] == ["50% interval"]
    assert [name for name in chart.table if "interval" in name] == [
        "50% interval, lower",
        "50% interval, upper",
    ]


def test_what_a_band_held_is_drawn_by_step_beside_what_it_shall_hold() -> None:
    uneven = replace(band(), by_step=np.array([0.9, 0.8, 0.7, 0.8, 0.8]))
    chart = coverage_by_step((uneven, band("dropout")))
    assert chart.sentence == (
        "The conformal interval covers fewest values, 70%, 3 steps ahead, and most, 90%, 1 step ahead; "
        "the target is 80%."
    )
    assert list(line(chart, "Conformal").y) == [0.9, 0.8, 0.7, 0.8, 0.8]
    assert list(chart.table["Dropout"]) == [0.76] * HORIZON
    assert coverage_by_step((band(),)).sentence.startswith(
        "The conformal interval covers 76% of the values at every step"
    )


def test_residuals_say_which_way_the_model_leans() -> None:
    assert residuals.residuals_over_time(result(0.5)).sentence.endswith(
        "on average, the forecast is 0.5 m too low."
    )
    assert residuals.residuals_over_time(result(-0.5)).sentence.endswith(
        "on average, the forecast is 0.5 m too high."
    )


def test_the_histogram_counts_every_forecast_once() -> None:
    finished = result()
    noise = np.random.default_rng(0).normal(size=finished.forecasts.shape)
    finished.forecasts[:] += noise
    chart = residuals.residual_histogram(finished)
    assert chart.table["forecasts"].sum() == finished.forecasts.size
    half = float(np.median(np.abs(noise - 0.5)))
    assert f"an error below {half:.3g} m" in chart.sentence


def test_the_best_score_is_on_top_and_the_model_is_told_its_place() -> None:
    ranked = error_bars(
        [score("model", "Your model", 2.0), score("a", "Drift", 1.0), score("b", "Last value", 3.0)]
    )
    assert list(ranked.figure.layout.yaxis.ticktext)[-1] == "Drift"
    assert list(ranked.table.index) == ["Drift", "Your model", "Last value"]
    assert "The model ranks 2 of 3" in ranked.sentence
    assert ranked.figure.layout.xaxis.range is None


def test_a_hopeless_baseline_doesnt_make_the_other_bars_too_short_to_compare() -> None:
    ranked = error_bars(
        [score("model", "Your model", 1.0), score("a", "Drift", 2.0), score("b", "Mean", 30.0)]
    ).figure
    assert 2 < ranked.layout.xaxis.range[1] < 3
    assert list(ranked.data[0].text) == ["30 (beyond the axis)", "2", "1"]
    assert list(ranked.data[0].x) == [30, 2, 1], "each bar keeps its length"
