"""Transcripts of the test set as a CSV file."""

import pandas as pd

from components.export.csv_table import to_csv
from components.tasks.transcription.result import TranscriptsResult


def transcription_csv(result: TranscriptsResult) -> bytes:
    """Return a row for each recording of the test set: what was said, what was heard, and the wrong words."""
    return to_csv(
        pd.DataFrame(
            {
                "recording": result.numbers + 1,
                "said": result.said,
                "heard": result.heard,
                "words": result.said_words,
                "wrong words": result.wrong_words,
            }
        )
    )
