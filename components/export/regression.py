"""Predicted numbers of the test set as a CSV file."""

import pandas as pd

from components.export.csv_table import to_csv
from components.tasks.regression.result import NumbersResult


def regression_csv(result: NumbersResult) -> bytes:
    """Return a row for each sequence of the test set: its number, the prediction and the residual."""
    return to_csv(
        pd.DataFrame(
            {
                "sequence": result.numbers + 1,
                "truth": result.truth,
                "prediction": result.said,
                "residual": result.residuals,
            }
        )
    )
