"""Where a series is divided into what a model learns from, what stops it, and what judges it."""

import pandas as pd

from components.charts.chart import Chart, moment
from components.charts.series import series
from components.data.split import Split


def parts(table: pd.DataFrame, column: str, split: Split, unit: str = "") -> Chart:
    """Draw a column with its validation and its test part shaded."""
    drawn = series(table, (column,), unit=unit, split=split)
    sizes = [len(range(*rows.indices(len(table)))) for rows in (split.train, split.validation, split.test)]
    sentence = (
        f"The model learns from the first {sizes[0]:,} rows, is watched on the next {sizes[1]:,}, from "
        f"{moment(table.index[split.validation.start])} on, and judged on the last {sizes[2]:,}, from "
        f"{moment(table.index[split.test.start])} on."
    )
    return Chart(drawn.figure, sentence, drawn.table)
