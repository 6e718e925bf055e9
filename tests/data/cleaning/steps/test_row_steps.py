"""Steps that say which rows there are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.cleaning.steps import row_steps
from components.errors import DataError
from components.recipe import (
    AddMissingTimes,
    DropRepeats,
    DropUntimed,
    Resample,
    RoundTimes,
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


# --- Each step alone -------------------------------------------------------------------------------

DAYS = ["2020-01-01", "2020-01-02", "2020-01-03"]


def test_only_rows_without_a_time_are_left_out():
    frame = timed_frame(["2020-01-01", "soon", "2020-01-03"], x=[1, 2, 3])
    assert row_steps.drop_untimed(frame, DropUntimed())["x"].tolist() == [1, 3]
    whole = timed_frame(DAYS, x=[1, 2, 3])
    assert row_steps.drop_untimed(whole, DropUntimed()) is whole


def test_rows_in_order_stay_as_they_are():
    frame = timed_frame(["2020-01-01", "2020-01-01", "2020-01-03"], x=[1, 2, 3])
    assert row_steps.sort_rows(frame, SortRows()) is frame


@pytest.mark.parametrize("how", ["first", "last", "mean", "sum"])
def test_rows_of_times_of_their_own_are_never_made_one(how):
    frame = timed_frame(DAYS, x=[1, 2, 3])
    assert row_steps.drop_repeats(frame, DropRepeats(how=how))["x"].tolist() == [1, 2, 3]


@pytest.mark.parametrize("how", ["mean", "sum"])
def test_rows_out_of_order_are_not_averaged(how):
    frame = timed_frame(DAYS[::-1], x=[1, 2, 3])
    with pytest.raises(DataError) as caught:
        row_steps.drop_repeats(frame, DropRepeats(how=how))
    assert caught.value.where == "time"


@pytest.mark.parametrize(
    ("step", "rounded"),
    [
        (RoundTimes(unit="minute"), "10:07"),
        (RoundTimes(unit="minute", count=5), "10:05"),
        (RoundTimes(unit="minute", count=15), "10:00"),
        (RoundTimes(unit="hour"), "10:00"),
    ],
)
def test_times_move_to_the_nearest_round_one(step, rounded):
    frame = timed_frame(["2020-01-01 10:07:20"], x=[1])
    assert row_steps.round_times(frame, step).index[0] == pd.Timestamp(f"2020-01-01 {rounded}")


def test_a_time_halfway_between_two_moves_to_the_even_one():
    frame = timed_frame(["2020-01-01 10:30", "2020-01-01 11:30"], x=[1, 2])
    assert row_steps.round_times(frame, RoundTimes(unit="hour")).index.hour.tolist() == [10, 12]


def test_a_row_beside_the_rhythm_stays():
    frame = timed_frame(["2020-01-01", "2020-01-01 12:00", "2020-01-03"], x=[1, 2, 3])
    added = row_steps.add_missing_times(frame, AddMissingTimes(unit="day"))
    np.testing.assert_array_equal(added["x"], [1, 2, NAN, 3])
    even = timed_frame(DAYS, x=[1, 2, 3])
    assert row_steps.add_missing_times(even, AddMissingTimes(unit="day")) is even


@pytest.mark.parametrize(
    ("how", "values"),
    [
        ("mean", [2, NAN, 5]),
        ("sum", [4, NAN, 5]),
        ("first", [1, NAN, 5]),
        ("last", [3, NAN, 5]),
        ("min", [1, NAN, 5]),
        ("max", [3, NAN, 5]),
    ],
)
def test_a_stretch_without_rows_is_missing_in_every_way_to_aggregate(how, values):
    times = ["2020-01-01 01:00", "2020-01-01 02:00", "2020-01-01 03:00", "2020-01-03 04:00"]
    frame = timed_frame(times, x=[1, NAN, 3, 5])
    resampled = row_steps.resample(frame, Resample(unit="day", how=how))
    np.testing.assert_array_equal(resampled["x"], values)


def test_a_table_of_no_rows_stays_one():
    frame = timed_frame(DAYS, x=[1, 2, 3])[:0]
    assert len(row_steps.resample(frame, Resample(unit="day"))) == 0
    assert len(row_steps.add_missing_times(frame, AddMissingTimes(unit="day"))) == 0


@pytest.mark.parametrize(
    ("unit", "same", "following"),
    [
        ("day", "2020-01-03 23:59", "2020-01-04"),
        ("week", "2020-01-05 23:59", "2020-01-06"),
        ("business_day", "2020-01-05 12:00", "2020-01-06"),
        ("month", "2020-01-31", "2020-02-01"),
        ("year", "2020-12-31", "2021-01-01"),
    ],
)
def test_where_a_unit_of_time_ends(unit, same, following):
    """Counted from a Friday."""
    times = np.array(["2020-01-03", same, following], "datetime64[us]")
    start, end, after = row_steps.count_units(times, unit)
    assert (end - start, after - start) == (0, 1)


@pytest.mark.parametrize("how", ["sum", "mean", "first", "last", "min", "max"])
def test_what_is_missing_is_passed_over_and_so_is_infinity(how):
    hours = ["2020-01-01 00:00", "2020-01-01 00:20", "2020-01-01 00:40", "2020-01-01 01:00"]
    frame = timed_frame(hours, x=[np.inf, 4, NAN, NAN], y=[1, 2, 3, 4])
    table = clean(frame, Resample(unit="hour", how=how))
    np.testing.assert_array_equal(table["x"], [4, NAN])
    assert table["y"].iloc[1] == 4 and frame["x"].iloc[0] == np.inf
