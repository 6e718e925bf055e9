"""Answers to texts as a CSV file."""

import pandas as pd

from components.export.csv_table import to_csv
from components.tasks.seq2seq.result import AnswersResult


def seq2seq_csv(result: AnswersResult) -> bytes:
    """Return a row for each text of the test set that was answered, with the right answer."""
    return to_csv(
        pd.DataFrame(
            {
                "text": result.sources,
                "right answer": result.truths,
                "model's answer": result.answers,
                "exact match": result.right,
            }
        )
    )
