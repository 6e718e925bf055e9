"""Numbers that were told of the test part as a CSV file."""

import pandas as pd

from components.export.csv_table import to_csv
from components.tasks.regression.result import NumbersResult


def regression_csv(result: NumbersResult) -> bytes:
    """Write a row for each sequence of the test part: its number, what was said, and what was missed."""
    return to_csv(
        pd.DataFrame(
            {
                "sequence": result.numbers + 1,
                "truth": result.truth,
                "said": result.said,
                "missed": result.residuals,
            }
        )
    )
