"""Windows never straddle a border, and none is missing or doubled."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from components.data.splits.time_split import TimeSplit, time_split
from components.data.splits.windows import window_starts
from components.recipe import Preparation

SHARES = st.floats(0.05, 0.4)


def belongs(start: int, window: int, horizon: int, part: slice, first: int) -> bool:
    """The definition, word by word: what may be seen is there, and all targets lie in the part."""
    seen, targets = range(start, start + window), range(start + window, start + window + horizon)
    return all(row >= first for row in seen) and all(part.start <= row < part.stop for row in targets)


@given(
    rows=st.integers(3, 120),
    validation=SHARES,
    test=SHARES,
    window=st.integers(1, 60),
    horizon=st.integers(1, 40),
    first=st.integers(0, 30),
)
def test_every_possible_window_is_there_once_and_no_other(rows, validation, test, window, horizon, first):
    parts = time_split(rows, Preparation(validation=validation, test=test))
    found = window_starts(parts, window, horizon, first)
    for starts, part in (
        (found.train, parts.train),
        (found.validation, parts.validation),
        (found.test, parts.test),
    ):
        wanted = [start for start in range(rows) if belongs(start, window, horizon, part, first)]
        assert starts.tolist() == wanted
        assert starts.dtype == np.int32


@given(rows=st.integers(3, 300), window=st.integers(1, 60), horizon=st.integers(1, 40))
def test_training_windows_touch_nothing_after_training(rows, window, horizon):
    parts = time_split(rows, Preparation())
    starts = window_starts(parts, window, horizon).train
    assert (starts >= 0).all() and (starts + window + horizon <= parts.train.stop).all()


def test_windows_of_ten_million_rows_are_row_numbers_only():
    parts = TimeSplit(slice(0, 7_000_000), slice(7_000_000, 8_500_000), slice(8_500_000, 10_000_000))
    found = window_starts(parts, 1000, 100)
    assert found.train.nbytes + found.validation.nbytes + found.test.nbytes <= 4 * 10_000_000
