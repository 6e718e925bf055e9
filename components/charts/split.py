"""Where a series is divided into what a model learns from, what stops it, and what judges it."""

import pandas as pd

from components.charts.chart import Chart, index_label
from components.charts.series import series
from components.data.splits.time_split import TimeSplit


def split_chart(table: pd.DataFrame, column: str, split: TimeSplit, unit: str = "") -> Chart:
    """Draw a column with its validation and its test part shaded."""
    drawn = series(table, (column,), unit=unit, split=split)
    sizes = [len(range(*rows.indices(len(table)))) for rows in (split.train, split.validation, split.test)]
    sentence = (
        f"The model learns from the first {sizes[0]:,} rows, is watched on the next {sizes[1]:,}, from "
        f"{index_label(table.index[split.validation.start])} on, and judged on the last {sizes[2]:,}, from "
        f"{index_label(table.index[split.test.start])} on."
    )
    return Chart(drawn.figure, sentence, drawn.table)
