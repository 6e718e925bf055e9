"""A sweep in one chart: points, means and bands, and a sentence that doubts as it should."""

import pytest

from components.charts.sweep import SweepResult, SweptValue, sweep_chart


def made(*measures, own=None, larger=False):
    values = tuple(SweptValue(str(8 * 2**at), tuple(seeds)) for at, seeds in enumerate(measures))
    return SweepResult("Units", "mean absolute error", larger, values, own, ("Naive", 2.5))


def test_every_seed_is_a_point_and_the_band_holds_them() -> None:
    chart = sweep_chart(made((3, 5), (1, 2), ()))
    band, means, points, rule = chart.figure.data
    assert list(means.y) == [4, 1.5] and list(points.y) == [3, 5, 1, 2]
    assert list(band.y) == [5, 2, 1, 3] and list(rule.y) == [2.5, 2.5]
    assert list(chart.figure.layout.xaxis.ticktext) == ["8", "16", "32"]
    assert chart.table.loc["8", "mean"] == 4 and "32" not in chart.table.index


def test_one_seed_has_no_band() -> None:
    chart = sweep_chart(made((3,), (1,)))
    assert chart.figure.data[0].name == "mean of the seeds"
    assert chart.sentence.endswith("One seed of each can't show whether that is chance.")


@pytest.mark.parametrize(
    ("measures", "own", "words"),
    [
        (((4, 4.1, 4.2), (1, 1.1, 1.2)), None, "With units 16 the mean absolute error is lowest, 1.1"),
        (((4, 4.1, 4.2), (1, 1.1, 1.2)), 0, "4.1 with 8, the recipe's own value: the seeds alone hardly"),
        (((1, 3, 5), (2, 2.5, 3)), 0, "the seeds alone may well explain that"),
        (((1, 2), (5, 6), (3, 4)), 0, "5.5 with 16, the worst"),
        (((1, 2), ()), None, "nothing else is measured yet"),
    ],
)
def test_the_sentence(measures, own, words) -> None:
    assert words in sweep_chart(made(*measures, own=own)).sentence


def test_more_is_better_where_it_is() -> None:
    assert (
        "With units 16 the mean absolute error is highest"
        in sweep_chart(made((0.1, 0.2), (0.8, 0.9), larger=True)).sentence
    )


def test_the_best_of_many_is_held_to_more() -> None:
    few = sweep_chart(made((1, 1.2, 1.4), (2, 2.2, 2.4))).sentence
    many = sweep_chart(made((1, 1.2, 1.4), (2, 2.2, 2.4), *[(1.9, 2, 2.1)] * 6)).sentence
    assert "hardly explain" in few and "for the best of 2" in few
    assert "for the best of 8" in many
