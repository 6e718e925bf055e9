"""Curves as CSV: a row a step, and the losses of an epoch in the row in which it ends."""

import io

import pandas as pd

from components.export.curves import curves_csv
from tests.runs.sample_events import epoch_end


def test_curves_are_one_row_a_step():
    steps = pd.DataFrame({"loss": [3.0, 2.0]}, index=pd.RangeIndex(9, 11, name="step"))
    content = curves_csv(iter([("A", steps, [epoch_end(1)]), ("=B()", steps, [])]))
    table = pd.read_csv(io.BytesIO(content))
    assert list(table["run"]) == ["A", "A", "'=B()", "'=B()"]
    assert list(table["step"]) == [9, 10, 9, 10]
    assert table["validation_loss"].tolist()[1] == 0.5 and table["epoch"].count() == 1
