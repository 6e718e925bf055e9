"""The range test, drawn: where the loss falls fastest, and where the recipe stands."""

import numpy as np

from components.charts.range_test import range_test_chart
from components.training.range_test import RangeTest, smooth


def made(losses):
    losses = np.array(losses, dtype=float)
    return RangeTest(np.geomspace(1e-5, 1, len(losses)), losses, smooth(losses))


def test_the_proposed_rate_is_drawn_beside_the_recipes_own() -> None:
    x = np.linspace(-5, 0, 100)
    found = made(1 / (1 + np.exp(4 * (x + 2.5))) + 0.1 + np.maximum(0, x + 1) ** 2)
    chart = range_test_chart(found, 1e-4)
    names = [trace.name for trace in chart.figure.data]
    assert names == ["each update", "smoothed", "the recipe's own", "proposed"]
    assert chart.figure.data[3].x == (found.proposed, found.proposed)
    assert "times smaller." in chart.sentence
    assert "about right" in range_test_chart(found, found.proposed).sentence
    assert len(chart.table) == 100


def test_where_nothing_is_proposed_nothing_is_drawn() -> None:
    chart = range_test_chart(made(np.linspace(1, 2, 50)), 1e-3)
    assert "proposed" not in [trace.name for trace in chart.figure.data]
    assert chart.sentence.endswith("none is proposed.")
