"""Numbers that were told, as CSV: a row each, no digit lost."""

import io

import numpy as np
import pandas as pd

from components.export.regression import regression_csv
from components.tasks.regression.result import NumbersResult


def test_every_sequence_is_a_row_with_its_number_and_what_was_missed():
    result = NumbersResult(
        what="the sum",
        scores=(),
        verdict="",
        won=True,
        best_epoch=1,
        notes=(),
        training_mae=0.0,
        numbers=np.array([4, 7]),
        truth=np.array([0.1, 2.0]),
        said=np.array([0.3, 1.5]),
    )
    table = pd.read_csv(io.BytesIO(regression_csv(result)))
    assert list(table) == ["sequence", "truth", "prediction", "residual"]
    assert table.to_numpy().tolist() == [[5, 0.1, 0.3, 0.1 - 0.3], [8, 2.0, 1.5, 0.5]]
