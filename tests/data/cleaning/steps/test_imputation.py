"""Gaps are filled, with nothing from a later part of the split."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.steps.imputation import fill_missing
from components.data.cleaning.steps.split_borders import NO_BORDERS, SplitBorders
from components.errors import DataError
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


# --- The step alone --------------------------------------------------------------------------------


def test_a_table_that_lacks_nothing_comes_back_as_it_is():
    frame = raw_frame(x=[1.0, 2], y=[NAN, 2])
    assert fill_missing(frame, FillMissing(columns=("x",)), NO_BORDERS) is frame


@pytest.mark.parametrize(
    ("how", "filled"),
    [("interpolate", [1, 2, 3, 4, 4]), ("forward", [1, 1, 3, 4, 4]), ("drop", [1, 3, 4])],
)
def test_each_way_to_fill(how, filled):
    frame = raw_frame(x=[1, NAN, 3, 4, np.inf])
    assert fill_missing(frame, FillMissing(how=how), NO_BORDERS)["x"].tolist() == filled


def test_no_line_is_drawn_across_a_border():
    frame = raw_frame(x=[1, 2, NAN, 6])
    step = FillMissing()
    assert fill_missing(frame, step, NO_BORDERS)["x"].tolist() == [1, 2, 4, 6]
    for border in (2, 3):
        borders = SplitBorders(pd.RangeIndex(border, border + 1))
        assert fill_missing(frame, step, borders)["x"].tolist() == [1, 2, 2, 6]
    before = SplitBorders(pd.RangeIndex(1, 2))
    assert fill_missing(frame, step, before)["x"].tolist() == [1, 2, 4, 6]


def test_series_that_begin_on_their_own_keep_their_beginnings_and_end_together():
    frame = raw_frame(a=[NAN, 1, NAN, 3, 4], b=[5, 6, 7, 8, NAN])
    own = fill_missing(frame, FillMissing(begins="own"), NO_BORDERS)
    np.testing.assert_array_equal(own["a"], [NAN, 1, 2, 3])
    np.testing.assert_array_equal(own["b"], [5, 6, 7, 8])
    together = fill_missing(frame, FillMissing(), NO_BORDERS)
    assert together["a"].tolist() == [1, 2, 3, 4] and together["b"].tolist() == [6, 7, 8, 8]


def test_what_cannot_be_filled_is_said():
    for frame in (raw_frame(x=[NAN, NAN]), raw_frame(x=["a"])):
        with pytest.raises(DataError) as caught:
            fill_missing(frame, FillMissing(columns=("x",)), NO_BORDERS)
        assert caught.value.where == "column “x”"
