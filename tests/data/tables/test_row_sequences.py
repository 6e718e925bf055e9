"""Rows that are sequences: what may be read so, and what comes of it."""

import numpy as np
import pandas as pd
import pytest

from components.data.datasets import Provenance
from components.data.tables.row_sequences import follow_along, propose_rows, read_rows, run_along_rows
from components.errors import DataError
from components.recipe import AsRows, Upload

RNG = np.random.default_rng(9)
REFERENCE, HERE = Upload(id="0" * 32, name="rows.csv"), Provenance("here", "none")
STEPS = np.arange(40)


def waves(rows: int = 30) -> pd.DataFrame:
    """Return waves of two speeds, each begun anywhere, with their class before them."""
    kinds = np.arange(rows) % 2
    begins = RNG.uniform(0, 6, size=rows)
    values = np.sin(begins[:, None] + STEPS / (3 + 4 * kinds[:, None]))
    return pd.DataFrame(np.column_stack([kinds.astype(float), values])).set_axis(
        [f"column{n:02d}" for n in range(41)], axis=1
    )


def test_each_row_is_a_sequence_and_its_class():
    frame = waves()
    found = read_rows(frame, AsRows(label="column00"), REFERENCE, HERE)
    assert found.size == 30 and set(found.lengths) == {40}
    np.testing.assert_allclose(found.sequence(3)[:, 0], frame.iloc[3, 1:], rtol=1e-6)
    assert found.answer.names == ("0", "1") and found.answer.codes.tolist() == [0, 1] * 15
    assert found.notes == ("Each row was read as a sequence of 40 steps.",)


def test_empty_cells_at_the_end_shorten_it_and_those_between_are_filled_and_said():
    frame = waves(4)
    frame.iloc[1, 31:] = np.nan
    frame.iloc[2, 5] = np.nan
    frame.iloc[3, 0] = np.nan
    found = read_rows(frame, AsRows(label="column00"), REFERENCE, HERE)
    assert found.lengths.tolist() == [40, 30, 40]
    assert found.sequence(2)[4, 0] == pytest.approx((frame.iloc[2, 4] + frame.iloc[2, 6]) / 2)
    assert "1 of 4 rows were left out" in found.notes[1]
    assert found.notes[2] == "1 missing values are interpolated linearly."


def test_columns_beside_the_steps_are_left_out():
    frame = waves().assign(name="a b", id=np.arange(30.0))
    found = read_rows(frame, AsRows(label="column00", left_out=("id",)), REFERENCE, HERE)
    assert set(found.lengths) == {40}
    assert read_rows(waves(), AsRows(), REFERENCE, HERE).answer is None


@pytest.mark.parametrize(
    ("frame", "shape", "said"),
    [
        (waves(), AsRows(label="kind"), "no column “kind”"),
        (pd.DataFrame({"a": ["x", "y"]}, dtype="str"), AsRows(), "No column holds numbers"),
        (waves().assign(column00=np.nan), AsRows(label="column00"), "No row is whole"),
    ],
)
def test_what_cannot_be_read_so_is_said(frame, shape, said):
    with pytest.raises(DataError, match=said):
        read_rows(frame, shape, REFERENCE, HERE)


def test_the_class_stands_first_or_last():
    frame = waves()
    assert propose_rows(frame) == AsRows(label="column00")
    turned = frame[[*frame.columns[1:], "column00"]]
    assert propose_rows(turned) == AsRows(label="column00")
    worded = frame.assign(column00=pd.Series(["fast", "slow"] * 15, dtype="str"))
    assert propose_rows(worded) == AsRows(label="column00")
    assert propose_rows(frame.iloc[:, :6]) is None


def test_values_follow_each_other_along_rows_or_down_columns():
    frame = waves()
    assert run_along_rows(frame, AsRows(label="column00"))
    assert not run_along_rows(frame.iloc[:, 1:].T.set_axis(range(30), axis=1), AsRows())
    assert not follow_along([]) and not follow_along([np.ones(1)])
