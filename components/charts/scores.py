"""Errors of the model and its baselines."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from components.charts.bars import bars
from components.charts.chart import Chart, axis_title, number, with_unit
from components.tasks.forecasting.result import Score, yardstick
from components.tasks.metrics import Metric


def error_bars(every: Sequence[Score], unit: str = "") -> Chart:
    """Draw as bars the errors that forecasters are ranked by, the best on top.

    Args:
        every: the model's score, then those of at least one baseline.
    """
    metric = yardstick(every)
    ranked = sorted(every, key=metric.value, reverse=True)
    drawn = bars(
        metric.name.capitalize(),
        axis_title(metric.direction, unit),
        [score.label for score in ranked],
        [metric.value(score) for score in ranked],
        ranked.index(every[0]),
        number,
    )
    rows = {score.label: metric.value(score) for score in reversed(ranked)}
    return Chart(drawn, _sentence(ranked[::-1], every[0], metric, unit), pd.DataFrame({metric.name: rows}))


def _sentence(ranked: Sequence[Score], model: Score, metric: Metric[Any], unit: str) -> str:
    own = f"with a {metric.name} of {with_unit(metric.value(model), unit)}"
    if ranked[0] is model:
        second = f"next is “{ranked[1].label}” with {number(metric.value(ranked[1]))}"
        return f"The model ranks first of {len(ranked)}, {own}; {second}."
    first = f"“{ranked[0].label}” is best with {number(metric.value(ranked[0]))}"
    place = ranked.index(model) + 1
    return f"The model ranks {place} of {len(ranked)}, {own}; {first}."
