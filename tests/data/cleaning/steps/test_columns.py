"""Columns are looked up, and a step that needs others than there are says so."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.steps import columns
from components.errors import DataError
from tests.data.cleaning.steps.frames import raw_frame

FRAME = raw_frame(x=[1.0, 2.0], word=["a", "b"])


def timed(*times: str) -> pd.DataFrame:
    return pd.DataFrame({"x": np.ones(len(times))}, index=pd.DatetimeIndex(times))


def test_numbers_are_told_from_words():
    assert columns.numeric_columns(FRAME) == ["x"]
    columns.check_numbers(FRAME, ["x"])
    with pytest.raises(DataError) as caught:
        columns.check_numbers(FRAME, ["x", "word"])
    assert caught.value.where == "column “word”"


def test_the_first_column_that_is_not_there_is_named():
    columns.check_exist(FRAME, ["x", "word"])
    with pytest.raises(DataError) as caught:
        columns.check_exist(FRAME, ["x", "gone", "lost"])
    assert caught.value.where == "column “gone”"


@pytest.mark.parametrize(
    ("frame", "asked"),
    [
        (FRAME, {}),
        (timed("2020-01-02", "2020-01-01"), {"in_order": True}),
        (timed("2020-01-01", "NaT"), {"in_order": True}),
        (timed("2020-01-01", "2020-01-01"), {"in_order": True, "once": True}),
    ],
)
def test_times_that_are_not_as_a_step_needs_them(frame, asked):
    with pytest.raises(DataError) as caught:
        columns.row_times(frame, **asked)
    assert caught.value.where == "time"


def test_times_are_given_as_far_as_nothing_is_asked_of_them():
    for times in (["2020-01-02", "2020-01-01"], ["2020-01-01", "NaT"], ["2020-01-01", "2020-01-01"]):
        assert len(columns.row_times(timed(*times))) == 2
    assert len(columns.row_times(timed("2020-01-01", "2020-01-01"), in_order=True)) == 2


def test_columns_are_replaced_and_the_others_stay():
    changed = columns.replace_columns(FRAME, {"x": np.array([3.0, 4.0])})
    assert changed["x"].tolist() == [3, 4] and changed["word"].tolist() == ["a", "b"]
    assert FRAME["x"].tolist() == [1, 2]
