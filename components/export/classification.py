"""Predicted classes of the test set as a CSV file."""

import pandas as pd

from components.export.csv_table import to_csv
from components.tasks.classification.result import ClassesResult


def classification_csv(result: ClassesResult) -> bytes:
    """Return a row for each example of the test set: its class, the predicted class, the probabilities."""
    names = pd.Series(result.names, dtype="str")
    return to_csv(
        pd.DataFrame(
            {
                "example": result.numbers + 1,
                "true class": names.to_numpy()[result.truth],
                "predicted class": names.to_numpy()[result.predicted],
                **{
                    f"probability of {name}": result.probabilities[:, code]
                    for code, name in enumerate(result.names)
                },
            }
        )
    )
