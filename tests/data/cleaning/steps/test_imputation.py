"""Gaps are filled, with nothing from a later part of the split."""

import numpy as np
import pandas as pd

from components.recipe import (
    FillMissing,
)
from tests.data.cleaning.steps.frames import NAN, clean, raw_frame, timed_frame


def test_gaps_are_filled_in_time_and_not_across_the_split():
    """Of eight rows the last four are validation and test, two and two."""
    x = [NAN, 1, NAN, 3, NAN, 5, 6, NAN, 8]
    table = clean(raw_frame(x=x), FillMissing())
    assert table["x"].tolist() == [1, 2, 3, 3, 5, 6, 6, 8]
    assert isinstance(table.index, pd.RangeIndex)
    uneven = timed_frame(
        ["2020-01-01", "2020-01-02", "2020-01-05", *pd.date_range("2020-01-06", periods=5)],
        x=[1, NAN, 5, *x[-5:]],
    )
    assert clean(uneven, FillMissing())["x"].iloc[1] == 2


def test_a_gap_goes_on_from_a_value_whose_row_is_left_out():
    table = clean(raw_frame(x=[3, NAN, NAN], y=[NAN, 1, 2]), FillMissing())
    assert table[["x", "y"]].to_numpy().tolist() == [[3, 1], [3, 2]]


def test_the_other_ways_to_fill():
    assert clean(raw_frame(x=[1, NAN, 3, 4, 5, 6]), FillMissing(how="forward"))["x"].tolist() == [
        1,
        1,
        3,
        4,
        5,
        6,
    ]
    frame = raw_frame(x=[1, NAN, 3], y=[1, 2, np.inf])
    assert clean(frame, FillMissing(how="drop")).to_numpy().tolist() == [[1, 1]]
    assert clean(frame, FillMissing(columns=("x",), how="drop"))["y"].tolist() == [1, np.inf]


def test_the_end_is_filled_forward():
    assert clean(raw_frame(x=[1, 2, NAN, NAN]), FillMissing())["x"].tolist() == [1, 2, 2, 2]
