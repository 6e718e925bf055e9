"""Where validation and test begin, which no filling looks across."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.steps.split_borders import NO_BORDERS, SplitBorders
from components.errors import DataError
from tests.data.cleaning.steps.frames import HALVES

DAYS = pd.date_range("2020-01-01", periods=8)


def test_every_row_knows_its_part():
    for index in (pd.RangeIndex(8), DAYS):
        borders = SplitBorders.of(index, HALVES)
        assert borders.set_numbers(index, np.arange(8)).tolist() == [0, 0, 0, 0, 1, 1, 2, 2]


def test_borders_stay_at_their_rows_when_others_come_and_go():
    borders = SplitBorders.of(DAYS, HALVES)
    without = DAYS.delete([0, 1])
    assert borders.set_numbers(without, np.arange(6)).tolist() == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(("rows", "labels"), [(2, 0), (3, 2)])
def test_two_rows_are_too_few_to_divide(rows, labels):
    assert len(SplitBorders.of(pd.RangeIndex(rows), HALVES).labels) == labels


def test_without_borders_all_rows_are_of_one_part():
    assert NO_BORDERS.set_numbers(DAYS, np.arange(3)).tolist() == [0, 0, 0]


def test_rows_that_still_get_their_times_have_no_part_yet():
    with pytest.raises(DataError, match="no times yet"):
        SplitBorders.of(DAYS, HALVES).set_numbers(pd.RangeIndex(8), np.arange(8))
