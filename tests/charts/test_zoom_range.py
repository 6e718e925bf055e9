"""A stretch of a long series holds every point of a few, and keeps the shape of many."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts.series import downsampled_rows
from components.charts.zoom_range import MOST_POINTS, can_zoom, zoom_range

ROWS = 100_000
NOISE = np.random.default_rng(0).normal(size=ROWS)
NUMBERED = pd.DataFrame({"value": NOISE, "other": -NOISE})


def timed(unit: str) -> pd.DataFrame:
    index = pd.date_range("1969-12-01", periods=ROWS, freq="min", unit=unit)
    return NUMBERED.set_index(index)


def milliseconds(time: str) -> float:
    return pd.Timestamp(time).timestamp() * 1000


def test_a_short_stretch_is_exact_and_reaches_beyond_its_edges() -> None:
    made = zoom_range(NUMBERED, ["value", "other"], 500.5, 1000)
    (x, y), (_, other) = made.lines
    assert made.exact and made.rows == 502
    assert list(x) == list(range(500, 1002))
    np.testing.assert_array_equal(y, NOISE[500:1002])
    np.testing.assert_array_equal(other, -NOISE[500:1002])


def test_a_long_stretch_is_thinned_and_keeps_its_ends_its_lowest_and_its_highest() -> None:
    made = zoom_range(NUMBERED, ["value"], 10_000, 90_000)
    ((x, y),) = made.lines
    within = NOISE[9_999:90_002]
    assert not made.exact and made.rows == len(within)
    assert len(x) <= MOST_POINTS
    assert (x[0], x[-1]) == (9_999, 90_001)
    assert (y.min(), y.max()) == (within.min(), within.max())
    np.testing.assert_array_equal(y, NOISE[x])


@given(st.integers(1, 400), st.integers(5, 50), st.integers(0, 2**32 - 1))
def test_thinning_keeps_order_and_extremes(rows: int, most: int, seed: int) -> None:
    values = np.random.default_rng(seed).standard_cauchy(rows)
    kept = downsampled_rows(values, most)
    assert len(kept) <= most
    assert (np.diff(kept) > 0).all()
    assert (values[kept].min(), values[kept].max()) == (values.min(), values.max())
    if rows <= most:
        assert len(kept) == rows


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_are_counted_in_milliseconds_whatever_the_index_counts(unit: str) -> None:
    start, end = milliseconds("1969-12-31 23:58"), milliseconds("1970-01-01 00:02:30")
    ((x, _),) = zoom_range(timed(unit), ["value"], start, end).lines
    assert [f"{time:%H:%M}" for time in x] == ["23:57", "23:58", "23:59", "00:00", "00:01", "00:02", "00:03"]


@pytest.mark.parametrize("table", [NUMBERED, timed("s"), timed("ns")])
@pytest.mark.parametrize(
    ("start", "end", "rows"),
    [
        (-999_999_999_999_999, 999_999_999_999_999, ROWS),
        (-999_999_999_999_999, -999_999_999_999_998, 2),
        (999_999_999_999_998, 999_999_999_999_999, 2),
    ],
)
def test_what_lies_beyond_the_table_is_left_out(
    table: pd.DataFrame, start: float, end: float, rows: int
) -> None:
    assert zoom_range(table, ["value"], start, end).rows == rows


def test_rows_that_are_numbered_otherwise_are_found() -> None:
    table = NUMBERED.set_index(pd.RangeIndex(1000, 1000 + 10 * ROWS, 10))
    ((x, y),) = zoom_range(table, ["value"], 1019, 1041).lines
    assert list(x) == [1010, 1020, 1030, 1040, 1050]
    np.testing.assert_array_equal(y, NOISE[1:6])


def test_a_gap_stays_a_gap() -> None:
    values = NOISE.copy()
    values[100:200] = np.nan
    values[300] = np.nan
    table = pd.DataFrame({"value": values})
    ((x, y),) = zoom_range(table, ["value"], 50, 400).lines
    assert list(x[np.isnan(y)]) == [100, 300]
    assert len(x) == 353 - 101 + 2
    inside = zoom_range(table, ["value"], 120, 180)
    assert inside.exact and np.isnan(inside.lines[0][1]).all()
    ((x, y),) = zoom_range(table, ["value"], 50, ROWS).lines
    assert list(x[np.isnan(y)]) == [100, 300]


@pytest.mark.parametrize(
    ("index", "fit"),
    [
        (pd.RangeIndex(2), True),
        (pd.to_datetime(["2020", "2021"]), True),
        (pd.RangeIndex(2, 0, -1), False),
        (pd.to_datetime(["2021", "2020"]), False),
        (pd.to_datetime(["2020", None]), False),
        (pd.to_datetime(["2020", "2021"]).tz_localize("UTC"), False),
        (pd.Index(["a", "b"]), False),
    ],
)
def test_only_rows_in_order_have_stretches(index: pd.Index, fit: bool) -> None:
    assert can_zoom(pd.DataFrame({"value": [1.0, 2.0]}, index=index)) is fit
