"""Steps that say which rows there are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import DataError
from components.recipe import (
    AddMissingTimes,
    DropRepeats,
    Resample,
    SortRows,
)
from tests.data.cleaning.steps.frames import NAN, clean, timed_frame


def test_the_newest_first_is_turned_round():
    table = clean(timed_frame(["2020-01-03", "2020-01-02", "2020-01-02"], x=[4, 3, 2]), SortRows())
    assert table["x"].tolist() == [2, 3, 4]


def test_rows_out_of_order_are_sorted_and_those_of_one_time_keep_theirs():
    table = clean(timed_frame(["2020-01-02", "2020-01-01", "2020-01-02"], x=[1, 2, 3]), SortRows())
    assert table["x"].tolist() == [2, 1, 3]


@pytest.mark.parametrize(("how", "value"), [("first", 1), ("last", 4), ("mean", 2.5), ("sum", 5)])
def test_of_several_rows_of_one_time_one_is_made(how, value):
    frame = timed_frame(["2020-01-01", "2020-01-01", "2020-01-01", "2020-01-02"], x=[1, NAN, 4, 9])
    assert clean(frame, DropRepeats(how=how))["x"].tolist() == [value, 9]


def test_missing_times_get_empty_rows():
    frame = timed_frame(["2020-01-31", "2020-02-29", "2020-05-31"], x=[1, 2, 3])
    table = clean(frame, AddMissingTimes(unit="month"))
    assert [str(day.date()) for day in table.index[2:4]] == ["2020-03-31", "2020-04-30"]
    np.testing.assert_array_equal(table["x"], [1, 2, NAN, NAN, 3])
    assert table.index.name == "t"


def test_weekends_are_not_missing_from_business_days():
    days = pd.date_range("2020-01-01", periods=10, freq="B").delete(4)
    table = clean(timed_frame(days, x=np.arange(9.0)), AddMissingTimes(unit="business_day"))
    assert len(table) == 10 and table["x"].isna().sum() == 1


@pytest.mark.parametrize(
    ("count", "unit", "first"),
    [
        (10, "minute", "2020-01-03 10:00"),
        (1, "hour", "2020-01-03 10:00"),
        (6, "hour", "2020-01-03 06:00"),
        (1, "day", "2020-01-03"),
        (1, "week", "2019-12-30"),
        (3, "month", "2020-01-01"),
        (1, "year", "2020-01-01"),
    ],
)
def test_stretches_begin_at_the_round_time(count, unit, first):
    frame = timed_frame(["2020-01-03 10:01", "2020-01-03 10:09", "2020-01-03 10:59"], x=[1, 2, 6])
    table = clean(frame, Resample(count=count, unit=unit, how="sum"))
    assert table.index[0] == pd.Timestamp(first)
    assert table["x"].sum() == 9 and table.index.name == "t"


@given(
    steps=st.lists(st.integers(0, 200), min_size=1, max_size=40),
    unit=st.sampled_from(["minute", "hour", "day", "month"]),
    how=st.sampled_from(["mean", "sum", "first", "last", "min", "max"]),
    data=st.data(),
)
def test_resampling_equals_that_of_pandas(steps, unit, how, data):
    values = st.floats(-1e6, 1e6) | st.just(NAN)
    x = np.array(data.draw(st.lists(values, min_size=len(steps), max_size=len(steps))))
    times = pd.Timestamp("2020-01-30") + pd.to_timedelta(
        np.cumsum(steps), unit="h" if unit in "day month" else "min"
    )
    table = clean(timed_frame(times, x=x), Resample(unit=unit, how=how))
    rule = {"minute": "min", "hour": "h", "day": "D", "month": "MS"}[unit]
    resampler = pd.Series(x, times).resample(rule)
    wanted = resampler.sum(min_count=1) if how == "sum" else getattr(resampler, how)()
    assert list(table.index) == list(wanted.index)
    np.testing.assert_allclose(table["x"], wanted, rtol=1e-9, atol=1e-9)


def test_a_table_that_would_not_fit_is_refused():
    frame = timed_frame(["1900-01-01", "2020-01-01"], x=[1, 2])
    for step in (Resample(unit="second"), AddMissingTimes(unit="second")):
        with pytest.raises(DataError, match="longer step"):
            clean(frame, step)


@pytest.mark.parametrize("how", ["sum", "mean", "first", "last", "min", "max"])
def test_what_is_missing_is_passed_over_and_so_is_infinity(how):
    hours = ["2020-01-01 00:00", "2020-01-01 00:20", "2020-01-01 00:40", "2020-01-01 01:00"]
    frame = timed_frame(hours, x=[np.inf, 4, NAN, NAN], y=[1, 2, 3, 4])
    table = clean(frame, Resample(unit="hour", how=how))
    np.testing.assert_array_equal(table["x"], [4, NAN])
    assert table["y"].iloc[1] == 4 and frame["x"].iloc[0] == np.inf
