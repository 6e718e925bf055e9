"""How far apart rows are is said in plain words, and the future goes on in the same rhythm."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.time_axis import (
    frequency,
    future_index,
    last_regular_time,
    likely_seasons,
    regular_times,
    usual_season,
)
from components.errors import DataError

RHYTHMS = {
    "D": "every day",
    "2D": "every 2 days",
    "B": "every business day",
    "W-WED": "every week",
    "2W-SUN": "every 2 weeks",
    "MS": "every month",
    "ME": "every month",
    "2MS": "every 2 months",
    "6ME": "every 6 months",
    "QS-FEB": "every quarter",
    "QE-DEC": "every quarter",
    "YS-JAN": "every year",
    "YE-JUN": "every year",
    "10YS": "every 10 years",
    "h": "every hour",
    "6h": "every 6 hours",
    "15min": "every 15 minutes",
    "s": "every second",
    "250ms": "every 0.25 seconds",
}


@pytest.mark.parametrize("code", RHYTHMS)
def test_every_rhythm_has_its_words_and_goes_on(code):
    index = pd.date_range("2019-01-31 00:00", periods=60, freq=code, name="when")
    assert frequency(index[:40]) == RHYTHMS[code]
    pd.testing.assert_index_equal(future_index(index[:40], 20), index[40:], check_exact=True)


@given(
    code=st.sampled_from(["D", "W-SUN", "MS", "ME", "QS-OCT", "QE-MAR", "YS-JAN", "YE-DEC", "h", "90min"]),
    start=st.datetimes(pd.Timestamp("1700-01-01"), pd.Timestamp("2100-01-01")),
    rows=st.integers(13, 80),
    n=st.integers(0, 100),
)
def test_the_future_is_what_an_even_index_would_be(code, start, rows, n):
    whole = pd.date_range(pd.Timestamp(start).floor("s").as_unit("us"), periods=rows + n, freq=code)
    pd.testing.assert_index_equal(future_index(whole[:rows], n), whole[rows:], check_exact=True)


def test_days_that_a_month_lacks_fall_on_its_last():
    index = pd.DatetimeIndex(["2021-12-30", "2022-01-30", "2022-02-28", "2022-03-30"])
    assert frequency(index) == "every month"
    assert list(future_index(index[:2], 2)) == list(index[2:])


def test_last_days_of_trade_are_monthly():
    index = pd.date_range("2020-01-31", periods=24, freq="BME")
    assert frequency(index) == "every month"
    assert future_index(index, 1)[0] == pd.Timestamp("2022-01-31")


def test_two_days_at_a_turn_of_months_are_no_months():
    assert frequency(pd.DatetimeIndex(["2021-01-31", "2021-02-01"])) == "every day"


def test_business_days_may_lack_holidays_but_not_more():
    days = pd.date_range("2019-01-01", periods=400, freq="B")
    holidays = days.delete(range(5, 400, 25))
    assert frequency(holidays) == "every business day"
    assert (future_index(holidays, 30).day_of_week < 5).all()
    assert frequency(days.delete(range(5, 400, 3))) == "unevenly"


def test_uneven_times_go_on_by_their_median_step():
    index = pd.DatetimeIndex(["2020-01-01", "2020-01-02", "2020-01-04", "2020-01-06", "2020-02-01"], name="t")
    assert frequency(index) == "unevenly"
    assert list(future_index(index, 2)) == [pd.Timestamp("2020-02-03"), pd.Timestamp("2020-02-05")]
    assert future_index(index, 2).name == "t"


@given(times=st.lists(st.integers(0, 10**12), min_size=1, max_size=30, unique=True), n=st.integers(1, 50))
def test_the_future_of_any_times_rises_beyond_them(times, n):
    index = pd.DatetimeIndex(np.array(sorted(times), dtype="datetime64[ms]"))
    ahead = future_index(index, n)
    assert len(ahead) == n and ahead.unit == index.unit
    assert index.append(ahead).is_monotonic_increasing and index.append(ahead).is_unique
    assert frequency(index)


def test_numbered_rows_go_on_counting():
    assert frequency(pd.RangeIndex(5)) == "numbered"
    pd.testing.assert_index_equal(
        future_index(pd.RangeIndex(5, name="row"), 3), pd.RangeIndex(5, 8, name="row")
    )


@pytest.mark.parametrize(
    ("code", "season"), [("h", 24), ("D", 7), ("B", None), ("W", 52), ("MS", 12), ("QS", 4), ("YS", None)]
)
def test_the_usual_season_is_that_of_the_calendar(code, season):
    assert usual_season(pd.date_range("2020-01-01", periods=30, freq=code)) == season


@pytest.mark.parametrize(
    ("code", "seasons"),
    [
        ("h", (24, 168, 8766)),
        ("15min", (96, 672, 35064)),
        ("D", (7, 365)),
        ("W", (52,)),
        ("B", (5, 261)),
        ("MS", (12,)),
        ("QE", (4,)),
        ("YS", ()),
        ("5D", (73,)),
    ],
)
def test_the_calendar_suggests_seasons(code, seasons):
    assert likely_seasons(pd.date_range("2019-01-31", periods=60, freq=code)) == seasons
    assert likely_seasons(pd.RangeIndex(60)) == ()


@pytest.mark.parametrize(
    ("unit", "count", "wanted"),
    [
        ("millisecond", 250, ["2021-01-31 06:00", "2021-01-31 06:00:00.25", "2021-01-31 06:00:00.5"]),
        ("hour", 1, ["2021-01-31 06:00", "2021-01-31 07:00", "2021-01-31 08:00"]),
        ("day", 2, ["2021-01-31 06:00", "2021-02-02 06:00", "2021-02-04 06:00"]),
        ("week", 1, ["2021-01-31 06:00", "2021-02-07 06:00", "2021-02-14 06:00"]),
        ("month", 1, ["2021-01-31 06:00", "2021-02-28 06:00", "2021-03-31 06:00"]),
        ("year", 1, ["2021-01-31 06:00", "2022-01-31 06:00", "2023-01-31 06:00"]),
    ],
)
def test_times_by_hand_begin_where_they_are_told_to(unit, count, wanted):
    found = regular_times(datetime(2021, 1, 31, 6), 3, count, unit)
    assert list(found) == list(map(pd.Timestamp, wanted))
    assert len(regular_times(datetime(2021, 1, 31), 0, count, unit)) == 0


def test_business_days_by_hand_pass_over_weekends():
    found = regular_times(datetime(2021, 1, 29), 3, 1, "business_day")  # a Friday
    assert list(found) == list(pd.bdate_range("2021-01-29", periods=3))


@pytest.mark.parametrize("unit", ["year", "month", "day"])
def test_times_by_hand_end_with_the_calendar(unit):
    with pytest.raises(DataError, match="beyond the year 9999"):
        regular_times(datetime(9990, 1, 1), 100_000, 10_000, unit)


@pytest.mark.parametrize("unit", ["second", "day", "business_day", "week", "month", "year"])
@pytest.mark.parametrize("rows", [1, 2, 500])
def test_the_last_of_regular_times_is_told_without_the_others(unit, rows):
    start = datetime(2021, 1, 31, 6)
    assert last_regular_time(start, rows, 3, unit) == regular_times(start, rows, 3, unit)[-1]


def test_times_that_no_number_holds_are_refused():
    with pytest.raises(DataError, match="beyond the year 9999"):
        last_regular_time(datetime(2021, 1, 1), 30_000_000, 10_000, "year")
