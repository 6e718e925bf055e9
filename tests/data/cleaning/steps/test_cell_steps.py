"""Steps that say what cells mean."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.steps import cell_steps
from components.errors import DataError
from components.recipe import (
    DropColumns,
    DropUntimed,
    KeepColumns,
    ReadNumbers,
    SetRegularTimes,
    SetTime,
    SortRows,
    StandardTime,
    TreatAsMissing,
)
from tests.data.cleaning.steps.frames import NAN, clean, raw_frame, timed_frame


@pytest.mark.parametrize(
    ("columns", "parts", "first"),
    [
        ({"t": ["31.01.2020 10:30"]}, ("date",), "2020-01-31 10:30"),
        ({"t": [pd.Timestamp("2020-01-31 10:30")]}, ("date",), "2020-01-31 10:30"),
        ({"t": [pd.Timestamp("2020-01-31 10:30+02:00")]}, ("date",), "2020-01-31 08:30"),
        ({"d": ["31.01.2020"], "c": ["18.30.00"]}, ("date", "time"), "2020-01-31 18:30"),
        ({"d": [pd.Timestamp("2020-01-31")], "c": [0.75]}, ("date", "time"), "2020-01-31 18:00"),
        ({"d": ["2020-01-31"], "h": [24]}, ("date", "hour"), "2020-02-01"),
        ({"y": [2020], "m": [2], "d": [29]}, ("year", "month", "day"), "2020-02-29"),
        ({"y": [2020], "m": ["März"]}, ("year", "month"), "2020-03-01"),
        ({"y": ["2020"], "m": ["03"]}, ("year", "month"), "2020-03-01"),
        ({"y": [2020], "q": [3]}, ("year", "quarter"), "2020-07-01"),
        ({"y": [2020], "q": ["Q3"]}, ("year", "quarter"), "2020-07-01"),
        ({"y": [2020], "h": ["H2"]}, ("year", "half"), "2020-07-01"),
        ({"y": [2020], "w": [53]}, ("year", "week"), "2020-12-28"),
        ({"y": [2020], "j": [366]}, ("year", "day_of_year"), "2020-12-31"),
        ({"t": [202053]}, ("year_week",), "2020-12-28"),
        ({"t": [2020366]}, ("year_day",), "2020-12-31"),
        ({"t": [2020.1]}, ("year_dot_month",), "2020-10-01"),
        ({"t": [10.202]}, ("month_dot_year",), "2020-10-01"),
        ({"d": ["2020-01-31"], "h": [24]}, ("date", "counted_hour"), "2020-01-31 23:00"),
        ({"d": ["2020-01-31"], "h": [3]}, ("date", "counted_half_hour"), "2020-01-31 01:00"),
        (
            {"y": [2020], "h": [7], "min": [30], "s": [5]},
            ("year", "hour", "minute", "second"),
            "2020-01-01 07:30:05",
        ),
        ({"t": [20200131]}, ("digits",), "2020-01-31"),
        ({"t": [202001]}, ("digits",), "2020-01-01"),
        ({"t": [202001311530]}, ("digits",), "2020-01-31 15:30"),
        ({"t": [20200131153059]}, ("digits",), "2020-01-31 15:30:59"),
        ({"t": [2020.5]}, ("decimal_year",), "2020-07-02"),
        ({"t": [1949.083]}, ("decimal_month",), "1949-02-01"),
        ({"t": [1974.0417]}, ("decimal_month",), "1974-01-01"),
        ({"t": [1.6e9]}, ("unix_seconds",), "2020-09-13 12:26:40"),
        ({"t": [1.6e12]}, ("unix_milliseconds",), "2020-09-13 12:26:40"),
        ({"t": [1.6e18]}, ("unix_nanoseconds",), "2020-09-13 12:26:40"),
        ({"t": [43831.75]}, ("serial_days",), "2020-01-01 18:00"),
    ],
)
def test_the_time_is_put_together_from_whatever_holds_it(columns, parts, first):
    table = clean(raw_frame(**columns, x=[1.0]), SetTime(columns=tuple(columns), parts=parts))
    assert table.index[0] == pd.Timestamp(first)
    assert list(table.columns) == ["x"]


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"t": ["soon"]}, ("date",)),
        ({"t": [NAN]}, ("digits",)),
        ({"t": [1e300]}, ("unix_seconds",)),
        ({"t": [-5.0]}, ("decimal_year",)),
        ({"y": [2021], "m": [2], "d": [29]}, ("year", "month", "day")),
        ({"y": [2021], "h": [25]}, ("year", "hour")),
        ({"d": ["2020-01-01"], "c": ["late"]}, ("date", "time")),
    ],
)
def test_what_is_no_time_is_missing(columns, parts):
    table = clean(raw_frame(**columns, x=[1.0]), SetTime(columns=tuple(columns), parts=parts))
    assert table.index.isna().all()
    assert len(clean(table, DropUntimed())) == 0


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney"])
@pytest.mark.parametrize("turned", [False, True])
def test_daylight_saving_leaves_no_gap_and_no_repeat(zone, turned):
    clock = pd.date_range("2020-01-01", "2021-01-01", freq="30min", tz=zone).tz_localize(None)
    frame = raw_frame(t=clock, x=np.arange(len(clock), dtype=float))
    if turned:
        frame = frame.iloc[::-1].reset_index(drop=True)
    table = clean(frame, SetTime(columns=("t",)), StandardTime(zone=zone), SortRows())
    assert (np.diff(table.index) == np.timedelta64(30, "m")).all()
    assert table["x"].is_monotonic_increasing
    winter = "2020-01-15 12:00" if zone != "Australia/Sydney" else "2020-07-15 12:00"
    assert table.loc[winter, "x"] == frame.set_index("t").loc[winter, "x"]  # the clock is right in winter


def test_numbers_are_read_and_what_is_none_is_missing():
    table = clean(
        raw_frame(a=["1.234,5 €", "n/a", "oops"], b=["7", None, "1,5"], c=[1.0, 2.0, 3.0]),
        ReadNumbers(columns=("a", "b", "c"), decimal=",", thousands=".", units=("€",)),
    )
    wanted = pd.DataFrame({"a": [1234.5, NAN, NAN], "b": [7, NAN, 1.5], "c": [1.0, 2, 3]})
    pd.testing.assert_frame_equal(table, wanted)


def test_sentinels_become_missing_in_their_columns_only():
    table = clean(
        raw_frame(a=[1.0, -200.0, 9999.0], b=[-200.0, 0.0, 1.0]),
        TreatAsMissing(columns=("a",), values=(-200, 9999)),
    )
    pd.testing.assert_frame_equal(table, pd.DataFrame({"a": [1.0, NAN, NAN], "b": [-200.0, 0, 1]}))


def test_columns_are_left_out():
    assert list(clean(raw_frame(a=[1.0], b=["x"]), DropColumns(columns=("b",))).columns) == ["a"]


# --- Each step alone -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "hour"),
    [(SetTime(columns=("t",)), 8), (SetTime(columns=("t",), zone="clock"), 10)],
)
def test_a_time_with_its_zone_is_turned_to_utc_or_left_as_the_clock_showed_it(step, hour):
    frame = raw_frame(t=["2020-01-01T10:00:00+02:00"], x=[1.0])
    assert cell_steps.set_time(frame, step).index.hour.tolist() == [hour]


@pytest.mark.parametrize(
    ("order", "date"),
    [("day_first", "2003-02-01"), ("month_first", "2003-01-02"), ("year_first", "2001-02-03")],
)
def test_the_order_of_day_month_and_year_is_the_steps(order, date):
    frame = raw_frame(t=["01/02/03"], x=[1.0])
    assert cell_steps.set_time(frame, SetTime(columns=("t",), order=order)).index[0] == pd.Timestamp(date)


def test_the_index_is_called_as_the_column_of_the_date_and_time_where_several_make_it_up():
    alone = raw_frame(day=["2020-01-01"], clock=["10:00"], x=[1.0])
    split = raw_frame(year=[2020], month=[2], x=[1.0])
    step = SetTime(columns=("day", "clock"), parts=("date", "time"))
    assert cell_steps.set_time(alone, step).index.name == "day"
    step = SetTime(columns=("year", "month"), parts=("year", "month"))
    assert cell_steps.set_time(split, step).index.name == "time"


def test_a_zone_without_daylight_saving_leaves_the_clock_as_it_is():
    frame = timed_frame(["2020-03-29 02:30", "2020-10-25 02:30"], x=[1.0, 2])
    step = StandardTime(zone="Asia/Tokyo")
    pd.testing.assert_frame_equal(cell_steps.standard_time(frame, step), frame)
    with pytest.raises(DataError, match="no times"):
        cell_steps.standard_time(raw_frame(x=[1.0]), step)


def test_a_column_of_numbers_is_not_read_again_and_others_stay_text():
    frame = raw_frame(a=["1,5"], b=[2.5], c=["1,5"])
    read = cell_steps.read_numbers(frame, ReadNumbers(columns=("a", "b"), decimal=","))
    assert read["a"].tolist() == [1.5] and read["b"].tolist() == [2.5] and read["c"].tolist() == ["1,5"]


def test_only_the_very_values_become_missing():
    frame = raw_frame(a=[999.0, 999.5, -999.0])
    step = TreatAsMissing(columns=("a",), values=(999.0,))
    np.testing.assert_array_equal(cell_steps.treat_as_missing(frame, step)["a"], [NAN, 999.5, -999])


def test_the_columns_that_stay_keep_their_order():
    frame = raw_frame(c=[1.0], a=[2.0], b=[3.0])
    assert list(cell_steps.drop_columns(frame, DropColumns(columns=("a",)))) == ["c", "b"]
    assert list(cell_steps.keep_columns(frame, KeepColumns(columns=("a", "c")))) == ["c", "a"]


def test_times_by_hand_are_given_to_rows_that_have_none():
    step = SetRegularTimes(start="2021-01-31T06:00", count=2, unit="hour")
    table = cell_steps.set_regular_times(raw_frame(x=[1, 2, 3]), step)
    assert list(table.index) == list(pd.date_range("2021-01-31 06:00", periods=3, freq="2h"))
    with pytest.raises(DataError, match="already set"):
        cell_steps.set_regular_times(table, step)
