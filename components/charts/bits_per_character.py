"""Bits per character: the model beside its baselines."""

from collections.abc import Sequence

import pandas as pd

from components.charts.bars import bars
from components.charts.chart import Chart, number
from components.tasks.language_model.metrics import BITS
from components.tasks.language_model.result import Score


def bits_per_character(scores: Sequence[Score]) -> Chart:
    """Draw bits per character as bars, the best on top.

    Args:
        scores: the model's, then those of at least one baseline.
    """
    ranked = sorted(scores, key=BITS.value, reverse=True)
    drawn = bars(
        BITS.title,
        BITS.direction,
        [score.label for score in ranked],
        [BITS.value(score) for score in ranked],
        ranked.index(scores[0]),
        number,
    )
    rows = {score.label: BITS.value(score) for score in reversed(ranked)}
    return Chart(drawn, _sentence(scores), pd.DataFrame({BITS.name: rows}))


def _sentence(scores: Sequence[Score]) -> str:
    model, best = scores[0], BITS.best(scores[1:])
    return (
        f"The model needs {number(model.bits)} bits per character of unseen text; the best baseline, "
        f"“{best.label}”, needs {number(best.bits)}."
    )
