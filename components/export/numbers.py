"""Numbers that were told of the test part as a CSV file."""

import pandas as pd

from components.export.sheet import sheet
from components.tasks.numbers.result import NumbersResult


def numbers_csv(result: NumbersResult) -> bytes:
    """Write a row for each sequence of the test part: its number, what was said, and what was missed."""
    return sheet(
        pd.DataFrame(
            {
                "sequence": result.numbers + 1,
                "truth": result.truth,
                "said": result.said,
                "missed": result.missed,
            }
        )
    )
