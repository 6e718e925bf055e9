"""Files in the notations of the world: the right times, or a question that says what each answer means.

Each file is read, and taken as it is and after all that the doctor proposes.
"""

import io
from datetime import date

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import date_reading, examine, propose, settle
from components.data.cleaning.steps import clean_table
from components.data.datasets import Provenance
from components.data.parsing.date_parsing import DateColumn
from components.data.readers import formats
from components.data.readings import likeliest_shape, possible_readings
from components.recipe import Upload
from tests.data.cleaning.doctor.frames import EVEN, examine_frame, raw_frame, require_finding
from tests.data.readers.file_helpers import reader_of_bytes
from tests.data.readers.workbooks import Sheet, xlsx

read_file = reader_of_bytes(formats.read)


def frame_of(content: bytes, name: str = "my.csv") -> pd.DataFrame:
    """Return the table of a file whose rows are taken for the steps of a series."""
    found = read_file(content, Upload(id="0" * 32, name=name), Provenance("here", "none"), 1 << 30)
    assert likeliest_shape(possible_readings(found.frame)) is None
    return found.frame


def column_frame(name: str, cells, **more) -> pd.DataFrame:
    """Return the table of a CSV with these cells, and values that rise."""
    cells = list(cells)
    rows = [f'"{cell}",{at}.5' for at, cell in enumerate(cells)]
    return frame_of("\n".join([f'"{name}",y', *rows, ""]).encode())


def times_of(frame: pd.DataFrame, whole: bool = True) -> pd.DatetimeIndex | None:
    """Return the times of a table, after what is done unasked or after all fixes; None where it has none."""
    steps = (propose if whole else settle)(frame, EVEN)
    index = clean_table(frame, steps, EVEN).index
    return index if isinstance(index, pd.DatetimeIndex) else None


def assert_read(frame: pd.DataFrame, times) -> None:
    """The times are right on both ways: as it is read, and after all fixes."""
    for whole in (False, True):
        found = times_of(frame, whole)
        assert found is not None and list(found) == list(pd.DatetimeIndex(times)), examine(
            frame, settle(frame, EVEN), EVEN
        ).findings


# --- Offsets ---------------------------------------------------------------------------------------

AUTUMN = pd.date_range("2023-10-28", periods=60, freq="h", tz="Europe/Berlin")


@pytest.mark.parametrize(
    "cells",
    [
        [time.isoformat() for time in AUTUMN],
        [time.isoformat(sep=" ") for time in AUTUMN],
        AUTUMN.strftime("%d.%m.%Y %H:%M:%S %z"),
        AUTUMN.strftime("%Y-%m-%d %H:%M %Z"),
        AUTUMN.strftime("%a %b %d %Y %H:%M:%S GMT%z (Central European Time)"),
        AUTUMN.strftime("%a %b %d %H:%M:%S %z %Y"),
        [f"{time.isoformat()}[Europe/Berlin]" for time in AUTUMN],
        [f"{time.isoformat()}/{(time + pd.Timedelta('1h')).isoformat()}" for time in AUTUMN],
    ],
    ids=lambda cells: cells[0],
)
def test_every_row_has_its_own_offset(cells):
    assert_read(column_frame("when", cells), AUTUMN.tz_convert("UTC").tz_localize(None))


def test_a_zone_by_its_name_is_turned_to_utc():
    cells = AUTUMN.tz_localize(None).strftime("%Y-%m-%d %H:%M America/New_York")
    wanted = AUTUMN.tz_localize(None).drop_duplicates().tz_localize("America/New_York").tz_convert("UTC")
    found = DateColumn.of(pd.Series(cells.drop_duplicates(), dtype="str")).times()
    assert list(found) == list(wanted.tz_localize(None).to_numpy())


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/Paris", "America/New_York", "Australia/Sydney"])
@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.000%z", "%d/%m/%Y %H:%M %z"])
def test_a_midnight_with_an_offset_is_the_day_that_is_written(zone, form):
    days = pd.bdate_range("2024-02-14", periods=60, tz=zone)
    frame = column_frame("Date", days.strftime(form))
    assert_read(frame, days.tz_localize(None))
    assert "the one that is written" in require_finding(examine_frame(frame), "time").sentence


def test_workbooks_and_parquet_have_them_too():
    days = pd.bdate_range("2024-02-14", periods=40, tz="Europe/Paris")
    book = xlsx(Sheet([["Date", "y"], *([str(day), "1"] for day in days)]))
    assert_read(frame_of(book, "a.xlsx"), days.tz_localize(None))
    table = io.BytesIO()
    pd.DataFrame({"Date": days, "y": np.arange(40.0)}).to_parquet(table)
    assert_read(frame_of(table.getvalue(), "a.parquet"), days.tz_localize(None))
    table = io.BytesIO()
    pd.DataFrame({"y": np.arange(60.0)}, index=AUTUMN).to_parquet(table)
    assert_read(frame_of(table.getvalue(), "a.parquet"), AUTUMN.tz_convert("UTC").tz_localize(None))


@pytest.mark.parametrize("freq", ["M", "Q", "Y", "D", "h", "W-SUN", "W-WED", "W-FRI"])
def test_periods_in_parquet_are_times(freq):
    periods = pd.period_range("2015-01", periods=30, freq=freq)
    table = io.BytesIO()
    pd.DataFrame({"sales": np.arange(30.0)}, index=periods).to_parquet(table)
    assert_read(frame_of(table.getvalue(), "a.parquet"), periods.to_timestamp())


# --- Years of two digits ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "periods", "freq", "form"),
    [
        ("1968-10-01", 5, "MS", "%b-%y"),
        ("1949-01-01", 144, "MS", "%b-%y"),
        ("1949-01-01", 144, "MS", "%m/%d/%y"),
        ("1955-01-15", 900, "D", "%d.%m.%y"),
        ("1999-11-01", 5, "MS", "%b %y"),
        ("1929-01-01", 60, "QS", "Q%q-%y"),
        ("1961-07-01", 30, "MS", "%d-%b-%y"),
        ("2019-07-01", 30, "MS", "%d-%b-%y"),
        ("1950-01-01", 800, "MS", "%b-%y"),
    ],
)
@pytest.mark.parametrize("newest_first", [False, True])
def test_years_of_two_digits_keep_the_order_of_the_file(first, periods, freq, form, newest_first):
    times = pd.date_range(first, periods=periods, freq=freq)
    cells = [f"Q{time.quarter}-{time:%y}" if "%q" in form else time.strftime(form) for time in times]
    frame = column_frame("Month", cells[::-1] if newest_first else cells)
    found = times_of(frame)
    assert found is not None and list(found) == list(times)
    if newest_first:
        assert (found == times).all()


def test_a_plan_may_go_on_beyond_today_and_another_reading_is_offered():
    dates = DateColumn.of(pd.Series(["Jan-24", "Jan-28", "Jan-30"], dtype="str"))
    assert date_reading._first_year(dates, "day_first", date(2026, 1, 1)) == (1969, False)
    assert date_reading._first_year(dates, "day_first", date(2010, 1, 1)) == (1924, True)


@pytest.mark.parametrize(
    "cells",
    [
        ["2001/02", "2002/03", "2003/04", "2004/05"],
        ["2009-10", "2010-11", "2011-12", "2012-13"],
        ["1998-99", "1999-00", "2000-01", "2001-02"],
        ["2001–02", "2002–03", "2003–04"],
        ["2001/2002", "2002/2003", "2003/2004"],
        ["FY19", "FY20", "FY21"],
        ["FY2019", "FY2020", "FY2021"],
        ["FY 2019/20", "FY 2020/21", "FY 2021/22"],
        ["Season 2019/20", "Season 2020/21", "Season 2021/22"],
        ["2019/20 (p)", "2020/21 (p)", "2021/22 (f)"],
        ["April 2015-16", "April 2016-17", "April 2017-18"],
    ],
    ids=lambda cells: cells[0],
)
@pytest.mark.parametrize("name", ["Crop year", "Financial Year", "period"])
def test_a_year_of_two_halves_is_one_row_a_year(cells, name):
    found = times_of(column_frame(name, cells), whole=False)
    assert found is not None and len(found) == len(cells)
    assert (np.diff(found.year) == 1).all() and (found.day == 1).all()


def test_the_months_of_a_financial_year_follow_each_other():
    months = pd.date_range("2014-04-01", periods=24, freq="MS")
    first = months.year - (months.month < 4)
    cells = [f"{month:%B} {year}-{(year + 1) % 100:02}" for month, year in zip(months, first, strict=True)]
    assert_read(column_frame("Month", cells), months)


def test_months_stay_months():
    months = pd.date_range("2010-09-01", periods=6, freq="MS")
    assert_read(column_frame("month", months.strftime("%Y-%m")), months)


# --- Other calendars -------------------------------------------------------------------------------


def test_buddhist_years():
    days = pd.date_range("2019-01-25", periods=40)
    thai = [f"{day.day}/{day.month}/{day.year + 543}" for day in days]
    assert_read(column_frame("วันที่", thai), days)
    assert_read(column_frame("Date", [f"{d.year + 543}-{d:%m-%d}" for d in days]), days)
    years = pd.date_range("2000", periods=20, freq="YS")
    assert_read(column_frame("year", years.year + 543), years)
    assert_read(
        frame_of(
            b"year,month,y\n" + b"".join(f"{2560 + n // 12},{n % 12 + 1},{n}\n".encode() for n in range(24))
        ),
        pd.date_range("2017-01-01", periods=24, freq="MS"),
    )
    months = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
    assert_read(
        column_frame("เดือน", [f"{name} 2562" for name in months]),
        pd.date_range("2019-01-01", periods=12, freq="MS"),
    )


def test_persian_days():
    from persiantools.jdatetime import JalaliDate

    days = pd.date_range("2020-03-20", periods=400)
    persian = [JalaliDate(day.date()) for day in days]
    for cells in (
        [f"{day.year}/{day.month:02}/{day.day:02}" for day in persian],
        [f"{day.year}-{day.month:02}-{day.day:02}" for day in persian],
        [f"{day.year}{day.month:02}{day.day:02}" for day in persian],
        [day.strftime("%Y/%m/%d", locale="fa") for day in persian],
    ):
        assert_read(column_frame("date", cells), days)


def test_persian_years_are_asked_about():
    found = require_finding(examine_frame(column_frame("year", range(1390, 1403))), "calendar")
    assert found.choice == "open"
    assert [fix.label for fix in found.fixes[:2]] == [
        "Gregorian: 1390 is 1 January 1390",
        "Persian: 1390 is 21 March 2011",
    ]


def test_islamic_and_taiwanese_days():
    days = pd.date_range("2024-03-11", periods=5)
    assert_read(column_frame("date", [f"1445/09/0{n}" for n in range(1, 6)]), days)
    days = pd.bdate_range("2020-01-02", periods=30)
    assert_read(column_frame("日期", [f"{day.year - 1911}/{day:%m/%d}" for day in days]), days)


# --- Day and month ---------------------------------------------------------------------------------


def exchanged(days: pd.DatetimeIndex, text: str = "%d/%m/%Y") -> list[str]:
    """Write days as a spreadsheet leaves them that takes the day for the month."""
    return [
        f"{day.year}-{day.day:02}-{day.month:02}" if day.day <= 12 else day.strftime(text) for day in days
    ]


@pytest.mark.parametrize("text", ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"])
def test_what_a_spreadsheet_exchanged_is_asked_and_can_be_turned(text):
    days = pd.date_range("2021-01-01", periods=90)
    frame = column_frame("Date", exchanged(days, text))
    assert settle(frame, EVEN) == ()
    found = require_finding(examine_frame(frame), "day and month exchanged")
    assert found.fixes[0].cleaning_step.turned and not found.fixes[1].cleaning_step.turned
    assert found.fixes[0].label == "2021-02-01 is 2 January 2021"
    assert list(times_of(frame)) == list(days)


def test_two_notations_side_by_side_are_no_exchange():
    days = pd.date_range("2021-01-01", periods=90)
    frame = column_frame(
        "Date", [f"{day:%Y-%m-%d}" if n < 45 else f"{day:%d/%m/%Y}" for n, day in enumerate(days)]
    )
    assert_read(frame, days)


def test_minutes_of_some_days_of_trade_tell_their_order():
    minutes = pd.DatetimeIndex(
        [
            day + pd.Timedelta(minutes=n)
            for day in pd.bdate_range("2024-03-04", periods=4)
            for n in range(570, 960)
        ]
    )
    frame = column_frame("Time", minutes.strftime("%m/%d/%Y %H:%M"))
    found = require_finding(examine_frame(frame), "day or month")
    assert found.choice == "usual" and "With the month first" in found.sentence
    assert list(clean_table(frame, (found.fixes[0].cleaning_step,), EVEN).index) == list(minutes)


# --- Nothing is a date that is a number -------------------------------------------------------------


@pytest.mark.parametrize(
    "row", ["1012.{n}", "10{n}.{n}", "12.{n}4", "1.{n}345", "{n}.2020", "18:4{n}"], ids=str
)
def test_numbers_beside_a_date_are_no_times(row):
    lines = [f"2020-01-{n + 1:02},{row.format(n=n % 10)},{n}" for n in range(20)]
    for missing in ("", "NA"):
        frame = frame_of("\n".join(["date,sunset,y", *lines, f"2020-01-21,{missing},5", ""]).encode())
        assert list(times_of(frame)) == list(pd.date_range("2020-01-01", periods=21))


def test_pressures_are_no_years():
    frame = raw_frame(pressure=["1012.3", "1013.1", None, "1011.9"] * 10, wind=np.arange(40.0))
    assert times_of(frame) is None
    hours = pd.date_range("2013-01-01", periods=100, freq="h")
    frame = raw_frame(
        origin=["JFK"] * 100, year=hours.year, month=hours.month, day=hours.day, hour=hours.hour,
        pressure=["1013.5", "1012", *["1012.5"] * 98],
        time_hour=(hours + pd.Timedelta("5h")).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )  # fmt: skip
    found = times_of(frame)
    assert list(found) == list(hours)
