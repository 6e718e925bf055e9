"""Dates as people write them are read, all of a column at once; what is none is left open."""

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.parsing import date_parsing
from components.data.parsing.date_parsing import DateColumn


def texts(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


def read(cell: str, **how) -> str | None:
    (time,) = DateColumn.of(texts(cell)).times(**how)
    return None if np.isnat(time) else str(time).removesuffix(".000000").removesuffix("T00:00:00")


@pytest.mark.parametrize(
    ("cell", "time"),
    [
        ("2020-01-31", "2020-01-31"),
        (" 2020/1/3 ", "2020-01-03"),
        ("2020-01", "2020-01-01"),
        ("2020", "2020-01-01"),
        ("20200131", "2020-01-31"),
        ("202001", "2020-01-01"),
        ("20200131T101500Z", "2020-01-31T10:15:00"),
        ("2020-01-31T10:00:00.25", "2020-01-31T10:00:00.250000"),
        ("2020-01-31T10:00:00+02:00", "2020-01-31T08:00:00"),
        ("2020-01-31 10:00:00 -0530", "2020-01-31T15:30:00"),
        ("2020-01-31 10:00 CET", "2020-01-31T09:00:00"),
        ("2020-01-31 10:00 UTC+3", "2020-01-31T07:00:00"),
        ("31.12.2020 24:00", "2021-01-01"),
        ("31/12/99 9:05 pm", "1999-12-31T21:05:00"),
        ("31-12-68 12:00 AM", "2068-12-31"),
        ("10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36"),
        ("Fri, 31 Jan 2020 10:00:00 GMT", "2020-01-31T10:00:00"),
        ("Tuesday 14 July 2020", "2020-07-14"),
        ("July 4th, 2020", "2020-07-04"),
        ("Jan-1-1995", "1995-01-01"),
        ("Jan 2020", "2020-01-01"),
        ("Jan-20", "2020-01-01"),
        ("31-JAN-2020 10.30", "2020-01-31T10:30:00"),
        ("2020 Jan 5", "2020-01-05"),
        ("31 de enero de 2020", "2020-01-31"),
        ("1. März 2020", "2020-03-01"),
        ("1er février 2020", "2020-02-01"),
        ("14 августа 2020", "2020-08-14"),
        ("2020年1月31日", "2020-01-31"),
        ("2020. 1. 31.", "2020-01-31"),
        ("Q3 2020", "2020-07-01"),
        ("2020-Q4", "2020-10-01"),
        ("2020M02", "2020-02-01"),
        ("2020-W53-5", "2021-01-01"),
        ("02/2020", "2020-02-01"),
    ],
)
def test_every_notation_is_read(cell, time):
    assert read(cell) == time


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "",
            "abc",
            "2020-13-01",
            "2021-02-29",
            "31.04.2020",
            "12:30",
            "202",
            "0000-01-01",
            "1 Nonsense 2020",
        ),
        *("2020-01-31 25:00", "2020-01-31 10:60", "2020-01-31 24:01", "2020-01-31 13:00 pm", "2020-01 12 x"),
        *("2020-01-31 10:00 XYZ", "2020-W60", "3.14", "-5", "2020-Q5"),
    ],
)
def test_what_is_no_date_stays_open(cell):
    assert read(cell) is None


def test_an_hour_alone_is_no_time_of_day():
    assert read("2020-01 12") == "2020-01-12"
    assert read("2020-01-31 12") is None


def test_the_clock_can_be_kept_as_it_was():
    assert read("2020-01-31T10:00:00+02:00", zone="clock") == "2020-01-31T10:00:00"


FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %B %Y", "%B %d, %Y", "%d-%b-%y", "%Y%m%d"]
CLOCKS = ["", " %H:%M:%S", "T%H:%M:%S", " %I:%M:%S %p", ", %H:%M:%S"]


@given(
    days=st.lists(
        st.datetimes(pd.Timestamp("1970-01-01"), pd.Timestamp("2060-12-31")), min_size=1, max_size=12
    ),
    date=st.sampled_from(FORMATS),
    clock=st.sampled_from(CLOCKS),
)
def test_dates_in_common_formats_come_back_equal(days, date, clock):
    days = [
        day.replace(microsecond=0) if clock else day.replace(hour=0, minute=0, second=0, microsecond=0)
        for day in days
    ]
    found = DateColumn.of(texts(*[day.strftime(date + clock) for day in days]))
    wanted = np.array(days, dtype="datetime64[us]")
    orders = found.orders()
    assert any(np.array_equal(found.times(order), wanted) for order in orders)
    if len(orders) > 1:  # only where both are possible
        assert all(day.day <= 12 for day in days)


# --- Day first or month first ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["01/02/2020", "13/02/2020"], ("day_first",)),
        (["01/02/2020", "02/13/2020"], ("month_first",)),
        (["01/02/2020"] * 500 + ["02/13/2020"], ("month_first",)),
        (["01/01/2020", "02/02/2020"], ("day_first",)),  # it makes no difference
        (["01.02.2020", "02.02.2020"], ("day_first",)),  # between dots the day stands first
        (["2020-01-02", "2020-02-02"], ("day_first",)),  # nothing to decide
        (["20-01-30", "20-01-31", "20-02-01", "20-02-02"], ("year_first",)),
        (["99/01/30", "99/02/28"], ("year_first",)),
    ],
)
def test_all_rows_decide_the_order(cells, orders):
    assert DateColumn.of(texts(*cells)).orders() == orders


def test_where_nothing_tells_both_orders_are_given_the_even_one_first():
    found = DateColumn.of(texts("01/02/2020", "01/03/2020", "01/01/2021"))
    assert set(found.orders()) == {"day_first", "month_first"}
    assert DateColumn.of(texts("05/01/2020", "07/01/2020", "02/02/2020")).orders()[0] == "day_first"
    assert DateColumn.of(texts("01/05/2020", "01/07/2020", "02/02/2020")).orders()[0] == "month_first"


# --- Pieces ----------------------------------------------------------------------------------------


def test_times_of_day():
    found = date_parsing.parse_times_of_day(
        texts("18.00.00", "9:30", "9:30 PM", "24:00", "25:00", "930", None, "00:00:01.5")
    )
    hour = 3_600_000_000
    assert found.tolist() == [18 * hour, 9.5 * hour, 21.5 * hour, 24 * hour, -1, -1, -1, 1_500_000]


def test_names_of_months():
    assert date_parsing.parse_month_names(
        texts("Jan", "december", "août", "März ", "juil.", "nonsense", None)
    ).tolist() == [*(1, 12, 8, 3, 7, 0, 0)]


def test_days_that_do_not_exist_stay_open():
    found = date_parsing.midnights(
        np.array([2020, 2021, 0, 2020]), np.array([2, 2, 1, 13]), np.array([29, 29, 1, 1])
    )
    assert np.isnat(found).tolist() == [False, True, True, True]


@given(st.lists(st.text(max_size=25) | st.from_regex(r"[0-9T:./ +-]{1,25}", fullmatch=True), max_size=10))
def test_junk_does_no_harm(cells):
    found = DateColumn.of(texts(*cells))
    for order in ("day_first", "month_first", "year_first"):
        assert found.times(order).shape == (len(cells),)
    assert found.orders()
    date_parsing.parse_times_of_day(texts(*cells))
    date_parsing.parse_month_names(texts(*cells))


def test_a_text_as_long_as_a_file_is_looked_at_for_no_date():
    cells = texts(*["2020-01-31", "2020-02-01 " + "x" * 2_000_000] * 20)
    began = time.thread_time()
    found = DateColumn.of(cells)
    assert time.thread_time() - began < 2
    assert np.isnat(found.times()).tolist() == [False, True] * 20
