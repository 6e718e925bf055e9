"""Classes that were told, as CSV: a row each, harmless to a spreadsheet."""

import io

import numpy as np
import pandas as pd

from components.export.classification import classification_csv
from components.tasks.classification.result import Calibration, ClassesResult


def test_every_example_is_a_row_with_its_class_and_how_sure_the_model_was():
    nothing = np.zeros(0)
    result = ClassesResult(
        names=("=good", "bad"),
        scores=(),
        verdict="",
        won=True,
        best_epoch=1,
        notes=(),
        training_accuracy=1.0,
        numbers=np.array([4, 7]),
        truth=np.array([0, 1]),
        probabilities=np.array([[0.25, 0.75], [0.125, 0.875]]),
        roc=(),
        precision_recall=(),
        calibration=Calibration(nothing, nothing, nothing),
    )
    table = pd.read_csv(io.BytesIO(classification_csv(result)))
    assert list(table) == [
        "example",
        "true class",
        "predicted class",
        "probability of =good",
        "probability of bad",
    ]
    assert table.to_numpy().tolist() == [[5, "'=good", "bad", 0.25, 0.75], [8, "bad", "bad", 0.125, 0.875]]
