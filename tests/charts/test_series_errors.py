"""The series of a panel by their errors: the worst are drawn, all stand in the table."""

from components.charts.series_errors import MOST, series_errors_chart
from components.tasks.forecasting.panel import SeriesError, worst_first


def errors(many: int) -> tuple[SeriesError, ...]:
    return worst_first([SeriesError(f"shop {n}", 0.5 + 0.1 * n, "ETS", 1.0) for n in range(many)])


def test_the_ten_worst_are_drawn_the_worst_on_top() -> None:
    chart = series_errors_chart(errors(12), "MASE")
    model = next(trace for trace in chart.figure.data if trace.name == "model")
    assert len(model.x) == MOST and model.x[-1] == max(model.x)
    assert chart.figure.layout.yaxis.ticktext[-1] == "shop 11"
    assert len(chart.table) == 12 and chart.table.index[0] == "shop 11"
    assert list(chart.table["verdict"])[:2] == ["Behind", "Behind"]
    assert chart.sentence == (
        "On 6 of 12 series the model is behind the best of the other forecasters, most of all on “shop 11”, "
        "with a MASE of 1.6 against 1 of “ETS”."
    )


def test_of_a_model_that_leads_everywhere_it_says_where_it_leads_least() -> None:
    chart = series_errors_chart(errors(3), "MASE")
    assert chart.sentence == (
        "The model is behind on none of the 3 series; where it leads least, on “shop 2”, it has a MASE of "
        "0.7 against 1 of “ETS”."
    )
    assert chart.figure.layout.title.text == "Error by series"
