"""Who came closest: the model and what costs nothing."""

from collections.abc import Sequence

import pandas as pd

from components.charts.bars import bars
from components.charts.chart import Chart, axis_title, number, with_unit
from components.tasks.forecasting.result import Score


def mae_bars(every: Sequence[Score], unit: str = "") -> Chart:
    """Draw the mean absolute errors as bars, the best on top.

    Args:
        every: the model's score, then those of at least one baseline.
    """
    ranked = sorted(every, key=lambda score: score.mae, reverse=True)
    drawn = bars(
        "Mean absolute error",
        axis_title("shorter is better", unit),
        [score.label for score in ranked],
        [score.mae for score in ranked],
        ranked.index(every[0]),
        number,
    )
    rows = {score.label: score.mae for score in reversed(ranked)}
    return Chart(drawn, _sentence(ranked[::-1], every[0], unit), pd.DataFrame({"mean absolute error": rows}))


def _sentence(ranked: Sequence[Score], model: Score, unit: str) -> str:
    own = with_unit(model.mae, unit)
    if ranked[0] is model:
        second = f"next is “{ranked[1].label}” with {number(ranked[1].mae)}"
        return f"Of {len(ranked)} forecasters the model comes closest, off by {own} on average; {second}."
    first = f"“{ranked[0].label}” comes closest with {number(ranked[0].mae)}"
    place = ranked.index(model) + 1
    return f"Of {len(ranked)} forecasters the model is number {place}, off by {own} on average; {first}."
