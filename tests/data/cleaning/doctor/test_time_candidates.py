"""The time of each row is found in the columns that hold it, and in no others."""

import numpy as np
import pandas as pd
import pytest

from tests.data.cleaning.doctor.frames import HOURS, raw_frame
from tests.data.cleaning.doctor.test_date_reading import assert_read, column_frame, frame_of, times_of
from tests.data.readers.workbooks import Sheet, xlsx

MONTHS = pd.date_range("2015-01-01", periods=40, freq="MS")
QUARTERS = pd.date_range("2015-01-01", periods=24, freq="QS")
HALVES = pd.date_range("2001-01-01", periods=16, freq="6MS")
WEEKS = pd.date_range("2018-12-31", periods=209, freq="W-MON")
DAYS = pd.date_range("2019-12-20", periods=400)
ISO = WEEKS.isocalendar()


def csv_frame(sep: str = ",", **columns) -> pd.DataFrame:
    table = pd.DataFrame({name.replace("__", " "): list(cells) for name, cells in columns.items()})
    return frame_of(table.assign(y=np.arange(len(table)) + 0.25).to_csv(index=False, sep=sep).encode())


# --- In several columns ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        {"year": ISO.year, "week": ISO.week},
        {"Year": ISO.year, "Week No": ISO.week},
        {"Jahr": ISO.year, "KW": [f"KW {week:02}" for week in ISO.week]},
        {"iso_year": ISO.year, "iso_week": [f"W{week}" for week in ISO.week]},
        {"sale_year": ISO.year, "sale_week": ISO.week},
        {"week": ISO.week, "month": WEEKS.month, "year": ISO.year},
    ],
    ids=list,
)
def test_year_and_week(columns):
    frame = csv_frame(**columns)
    if "month" in columns:
        found = times_of(frame)
        assert found is not None  # year and month, or week: its rows are merged only when asked
    else:
        assert_read(frame, WEEKS)


@pytest.mark.parametrize(
    "columns",
    [
        {"year": DAYS.year, "doy": DAYS.dayofyear},
        {"YEAR": DAYS.year, "DAY": DAYS.dayofyear},
        {"Year": DAYS.year, "Julian Day": DAYS.dayofyear},
        {"an": DAYS.year, "mois": DAYS.month, "jour": DAYS.day},
        {"obs_year": DAYS.year, "obs_month": DAYS.strftime("%B"), "obs_day": DAYS.day},
        {"Year": DAYS.year, "Month": DAYS.month, "DayOfMonth": DAYS.day, "DOY": DAYS.dayofyear},
    ],
    ids=list,
)
def test_year_and_day(columns):
    frame = csv_frame(**columns)
    found = times_of(frame)
    assert found is not None and list(found) == list(DAYS)


@pytest.mark.parametrize(
    "quarter",
    [
        QUARTERS.quarter,
        [f"Q{n}" for n in QUARTERS.quarter],
        [f"{n}Q" for n in QUARTERS.quarter],
        [f"Qtr {n}" for n in QUARTERS.quarter],
        [f"T{n}" for n in QUARTERS.quarter],
        [("I", "II", "III", "IV")[n - 1] for n in QUARTERS.quarter],
        [("1st", "2nd", "3rd", "4th")[n - 1] + " quarter" for n in QUARTERS.quarter],
    ],
    ids=lambda cells: str(cells[0]),
)
@pytest.mark.parametrize(
    "names", [("Year", "Quarter"), ("Jahr", "Quartal"), ("fiscal_year", "fiscal_quarter")]
)
def test_year_and_quarter(quarter, names):
    assert_read(csv_frame(sep=";", **dict(zip(names, (QUARTERS.year, quarter), strict=True))), QUARTERS)


def test_year_and_month_as_the_labour_office_writes_them():
    months = [f"M{month:02}" for month in MONTHS.month]
    assert_read(csv_frame(year=MONTHS.year, period=months), MONTHS)
    assert_read(csv_frame(Year=MONTHS.year, Month=MONTHS.strftime("%b")), MONTHS)
    assert_read(csv_frame(Jahr=HALVES.year, Halbjahr=[f"H{1 + (m > 6)}" for m in HALVES.month]), HALVES)


def test_a_date_with_hours_counted_from_one():
    frame = csv_frame(Date=[*DAYS[:10].strftime("%Y-%m-%d").repeat(24)], Hour=[*range(1, 25)] * 10)
    assert_read(frame, pd.date_range(DAYS[0], periods=240, freq="h"))
    frame = csv_frame(Date=[*DAYS[:10].strftime("%Y-%m-%d").repeat(24)], Hour=[*range(24)] * 10)
    assert_read(frame, pd.date_range(DAYS[0], periods=240, freq="h"))
    frame = csv_frame(
        date=[*DAYS[:10].strftime("%d.%m.%Y").repeat(48)], settlement_period=[*range(1, 49)] * 10
    )
    assert_read(frame, pd.date_range(DAYS[0], periods=480, freq="30min"))
    frame = csv_frame(
        Datum=[*DAYS[:10].strftime("%d.%m.%Y").repeat(24)],
        Stunde=[f"{hour:02} - {hour + 1:02}" for hour in range(24)] * 10,
    )
    assert_read(frame, pd.date_range(DAYS[0], periods=240, freq="h"))


def test_an_hour_25_is_there_where_clocks_go_back():
    hours = pd.date_range("2023-03-20", "2023-11-10", freq="h", tz="Europe/Berlin", inclusive="left")
    days = pd.Series(hours.date)
    number = days.groupby(days).cumcount() + 1
    assert number.max() == 25
    for first in (0, 2000):  # from spring, and from summer on
        frame = csv_frame(Date=days[first - first % 24 :], Hour=number[first - first % 24 :])
        found = times_of(frame)
        assert found is not None and (np.diff(found) == np.timedelta64(1, "h")).all()
    standard = hours.tz_convert("Etc/GMT-1").tz_localize(None)
    assert list(times_of(csv_frame(Date=days, Hour=number))) == list(standard)


# --- In one column ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "times"),
    [
        ("{q}Q{yy}", QUARTERS),
        ("{y}Q{q}", QUARTERS),
        ("Q{q}/{y}", QUARTERS),
        ("{y}:Q{q}", QUARTERS),
        ("{q}. Quartal {y}", QUARTERS),
        ("{y}年第{q}季度", QUARTERS),
        ("{y} H{h}", HALVES),
        ("{y}-S{h}", HALVES),
        ("{h}H{yy}", HALVES),
        ("{iy}-W{w}", WEEKS),
        ("{iy}-W{ww}", WEEKS),
        ("{iy}W{ww}", WEEKS),
        ("{iy} week {w}", WEEKS),
        ("KW {w}/{iy}", WEEKS),
        ("{iy}{ww}", WEEKS),
        ("{iy}-W{ww}-1", WEEKS),
        ("{y}{jjj}", DAYS),
        ("{y}-{jjj}", DAYS),
        ("{y}.{mm}", MONTHS),
        ("{mm}.{y}", MONTHS),
        ("{y}M{m}", MONTHS),
        ("{y}{mm}", MONTHS),
        ("{serial}", DAYS),
    ],
)
@pytest.mark.parametrize("name", ["Date", "week", "Period"])
def test_forms_of_a_time_in_one_column(form, times, name):
    if (name == "week") != (times is WEEKS):
        return
    cells = [
        form.format(
            y=time.year, yy=f"{time.year % 100:02}", q=time.quarter, h=1 + (time.month > 6),
            iy=time.isocalendar().year, w=time.isocalendar().week, ww=f"{time.isocalendar().week:02}",
            jjj=f"{time.dayofyear:03}", m=time.month, mm=f"{time.month:02}",
            serial=(time - pd.Timestamp("1899-12-30")).days,
        )
        for time in times
    ]  # fmt: skip
    found = times_of(column_frame(name, cells))
    assert found is not None and list(found) == list(times)


@pytest.mark.parametrize(
    "form",
    ["%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)", "%a %b %d %H:%M:%S %Y",
     "%a %b %d %H:%M:%S +0000 %Y", "%a, %d %b %Y %H:%M:%S GMT", "%a %d %b %Y %H:%M:%S UTC",
     "%d/%b/%Y:%H:%M:%S +0000", "%Y-%m-%dT%H:%M:%S.000Z", "%Y-%m-%d %H:%M:%S.000000000"],
)  # fmt: skip
def test_dates_as_programs_write_them(form):
    assert_read(column_frame("created_at", HOURS.strftime(form)), HOURS)


@pytest.mark.parametrize(
    ("form", "between"),
    [("%d/%m/%Y %H:%M", " - "), ("%Y-%m-%d %H:%M", " - "), ("%d.%m.%Y %H:%M", " – "),
     ("%Y-%m-%dT%H:%MZ", "/"), ("%Y-%m-%d %H:%M", " to ")],
)  # fmt: skip
def test_a_stretch_of_time_is_known_by_its_beginning(form, between):
    ends = HOURS + pd.Timedelta("1h")
    cells = [a + between + b for a, b in zip(HOURS.strftime(form), ends.strftime(form), strict=True)]
    assert list(times_of(column_frame("MTU (CET/CEST)", cells))) == list(HOURS)


@pytest.mark.parametrize("step", [1, -1])
def test_serial_numbers_of_a_spreadsheet_in_any_order(step):
    days = pd.date_range("2023-10-01", periods=40)[::step]
    serials = (days - pd.Timestamp("1899-12-30")).days
    assert_read(column_frame("Date", serials), sorted(days))
    book = xlsx(Sheet([["Date", "y"], *([float(serial), 1.5] for serial in serials)]))
    assert_read(frame_of(book, "a.xlsx"), sorted(days))


def test_serial_numbers_that_repeat_are_the_time_of_several_series():
    frame = raw_frame(Date=[45200.0, 45201.0, 45202.0] * 2, shop=["a"] * 3 + ["b"] * 3, y=np.arange(6.0))
    assert times_of(frame)[0] == pd.Timestamp("2023-10-01")


# --- What is no time -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns",
    [
        {"price": np.linspace(20_000, 60_000, 40).round(), "size": np.arange(40)},
        {"version": [f"v1.{n}" for n in range(40)], "size": np.arange(40)},
        {"duration": [f"1h{n:02}" for n in range(40)], "size": np.arange(40)},
        {"score": [f"{n % 4}-{n % 3}" for n in range(40)], "size": np.arange(40)},
        {"share": [f"{n % 9}.{n:02}45" for n in range(40)], "size": np.arange(40)},
        {"altitude": np.arange(1500, 1540)[::-1], "size": np.arange(40)},
    ],
    ids=lambda columns: next(iter(columns)),
)
def test_what_only_looks_like_a_time_is_none(columns):
    assert times_of(csv_frame(**columns)) is None


def test_a_column_that_says_the_time_again_is_left_out():
    frame = raw_frame(
        year=MONTHS.year, month=MONTHS.month, decimal=(MONTHS.year + (MONTHS.month - 0.5) / 12).to_numpy(),
        y=np.arange(40.0),
    )  # fmt: skip
    assert_read(frame, MONTHS)


def test_the_sunrise_of_a_day_is_not_its_time():
    frame = csv_frame(
        date=DAYS.strftime("%Y-%m-%d"), sunrise=[f"0{n % 3 + 5}:{n % 60:02}" for n in range(400)]
    )
    assert list(times_of(frame)) == list(DAYS)
