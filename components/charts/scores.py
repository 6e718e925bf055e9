"""Mean absolute errors of the model and its baselines."""

from collections.abc import Sequence

import pandas as pd

from components.charts.bars import bars
from components.charts.chart import Chart, axis_title, number, with_unit
from components.tasks.forecasting.result import Score
from components.tasks.metrics import MAE


def mae_bars(every: Sequence[Score], unit: str = "") -> Chart:
    """Draw the mean absolute errors as bars, the best on top.

    Args:
        every: the model's score, then those of at least one baseline.
    """
    ranked = sorted(every, key=MAE.value, reverse=True)
    drawn = bars(
        MAE.name.capitalize(),
        axis_title(MAE.direction, unit),
        [score.label for score in ranked],
        [MAE.value(score) for score in ranked],
        ranked.index(every[0]),
        number,
    )
    rows = {score.label: MAE.value(score) for score in reversed(ranked)}
    return Chart(drawn, _sentence(ranked[::-1], every[0], unit), pd.DataFrame({MAE.name: rows}))


def _sentence(ranked: Sequence[Score], model: Score, unit: str) -> str:
    own = with_unit(model.mae, unit)
    if ranked[0] is model:
        second = f"next is “{ranked[1].label}” with {number(ranked[1].mae)}"
        return f"The model ranks first of {len(ranked)}, with a mean absolute error of {own}; {second}."
    first = f"“{ranked[0].label}” is best with {number(ranked[0].mae)}"
    place = ranked.index(model) + 1
    return f"The model ranks {place} of {len(ranked)}, with a mean absolute error of {own}; {first}."
