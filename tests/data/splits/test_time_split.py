"""The parts follow each other, cover every row, and are as large as was asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.splits.time_split import time_split
from components.errors import DataError
from components.recipe import Preparation

SHARES = st.floats(0.05, 0.4)


@given(rows=st.integers(3, 100_000), validation=SHARES, test=SHARES)
def test_parts_follow_each_other_and_cover_every_row(rows, validation, test):
    parts = time_split(rows, Preparation(validation=validation, test=test))
    order = (parts.train, parts.validation, parts.test)
    assert [part.start for part in order] == [0, parts.train.stop, parts.validation.stop]
    assert parts.test.stop == rows
    sizes = [part.stop - part.start for part in order]
    assert min(sizes) >= 1
    assert abs(sizes[1] - rows * validation) <= 1 and abs(sizes[2] - rows * test) <= 1


def test_shares_are_exact_where_they_can_be():
    parts = time_split(100, Preparation(validation=0.29, test=0.07))
    assert (parts.train, parts.validation, parts.test) == (slice(0, 64), slice(64, 93), slice(93, 100))


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_too_few_rows_are_refused(rows):
    with pytest.raises(DataError, match=f"{rows} rows"):
        time_split(rows, Preparation())
