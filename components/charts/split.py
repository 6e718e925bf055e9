"""The split of a series into training, validation and test set."""

import pandas as pd

from components.charts.chart import Chart, index_label
from components.charts.series import series
from components.data.splits.time_split import TimeSplit


def split_chart(table: pd.DataFrame, column: str, split: TimeSplit, unit: str = "") -> Chart:
    """Draw a column with its validation and its test set shaded."""
    drawn = series(table, (column,), unit=unit, split=split)
    sizes = [len(range(*rows.indices(len(table)))) for rows in (split.train, split.validation, split.test)]
    sentence = (
        f"The first {sizes[0]:,} rows are the training set, the next {sizes[1]:,} the validation set, from "
        f"{index_label(table.index[split.validation.start])} on, and the last {sizes[2]:,} the test set, "
        f"from {index_label(table.index[split.test.start])} on."
    )
    return Chart(drawn.figure, sentence, drawn.table)
