"""Learning curves of runs as CSV: every step and every epoch, one row each."""

from collections.abc import Iterator, Sequence

import pandas as pd

from components.export.csv_table import to_csv
from components.training.events import EpochEnd

Curves = tuple[str, "pd.DataFrame", Sequence[EpochEnd]]


def curves_csv(runs: Iterator[Curves]) -> bytes:
    """Return curves as CSV in UTF-8.

    Args:
        runs: of each its name, its steps (loss and gradient norms by the number of the step), and what was
            said at the end of its epochs.
    """
    return to_csv(pd.concat([_rows(*run) for run in runs]).reset_index())


def _rows(name: str, steps: pd.DataFrame, epochs: Sequence[EpochEnd]) -> pd.DataFrame:
    ends = pd.DataFrame(
        {
            "epoch": [end.epoch for end in epochs],
            "training_loss": [end.training for end in epochs],
            "validation_loss": [end.validation for end in epochs],
        },
        index=pd.Index([end.step for end in epochs], name="step", dtype="int64"),
    )
    rows = steps.join(ends, how="outer")
    rows.insert(0, "run", name)
    return rows
