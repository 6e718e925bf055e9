"""What a run came to, in a few numbers that JSON can hold."""

from dataclasses import replace

from components.tasks import forecast
from components.tasks.evaluation import evaluation
from tests.charts import forecast_result as made


def test_an_evaluation_holds_what_counts_and_every_measure():
    result = made.result()
    found = evaluation(forecast, result)
    model = result.scores[0]
    assert (found.measure, found.model, found.won) == ("mean absolute error", model.mae, result.won)
    assert found.scores["mae"] == model.mae
    assert set(found.scores) == {metric.field for metric in forecast.metrics}
    assert type(found).model_validate_json(found.model_dump_json()) == found


def test_what_is_no_number_is_left_open():
    result = made.result()
    lost = replace(result, scores=(replace(result.scores[0], mae=float("inf")), *result.scores[1:]))
    found = evaluation(forecast, lost)
    assert found.model is None and found.relative_error is None and found.scores["mae"] is None
    assert type(found).model_validate_json(found.model_dump_json()) == found
