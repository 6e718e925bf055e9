"""Which columns are the time, how they are written, and what is asked where nothing tells."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import examine, propose, settle
from components.data.cleaning.doctor.cells import find_times_and_numbers
from components.data.cleaning.doctor.time_candidates import has_time_name, time_candidates
from components.data.cleaning.steps import clean_table
from tests.data.cleaning.doctor.frames import (
    EVEN,
    HOURS,
    NOISE,
    assert_every_fix_cures,
    examine_frame,
    findings,
    first_step,
    only_finding,
    raw_frame,
    require_finding,
    timed_frame,
)

MONTHS = pd.date_range("1990-01-01", periods=60, freq="MS")
RNG = np.random.default_rng(8)


@pytest.mark.parametrize(
    ("columns", "times"),
    [
        ({"Date": HOURS.strftime("%d/%m/%Y %H:%M")}, HOURS),
        ({"Datum": HOURS.strftime("%d.%m.%Y"), "Uhrzeit": HOURS.strftime("%H.%M.%S")}, HOURS),
        ({"date": HOURS.normalize(), "hour": HOURS.hour}, HOURS),
        ({"year": HOURS.year, "month": HOURS.month, "day": HOURS.day, "hour": HOURS.hour}, HOURS),
        ({"YEAR": MONTHS.year, "Month": MONTHS.strftime("%b")}, MONTHS),
        ({"year": MONTHS.year, "quarter": MONTHS.quarter}, MONTHS[::3]),
        ({"timestamp": HOURS.astype("int64") // 10**6}, HOURS),
        ({"epoch_ms": HOURS.astype("int64") // 10**3}, HOURS),
        ({"day": MONTHS.strftime("%Y%m%d").astype("int64")}, MONTHS),
        ({"period": MONTHS.strftime("%Y%m")}, MONTHS),
        ({"time": (MONTHS.year + (MONTHS.month - 1) / 12).to_numpy().round(3)}, MONTHS),
        ({"Year": np.arange(1900, 1960)}, pd.date_range("1900", periods=60, freq="YS")),
        ({"": np.arange(1900, 1960)}, pd.date_range("1900", periods=60, freq="YS")),
        ({"": HOURS.strftime("%Y-%m-%d %H:%M:%S")}, HOURS),
        (
            {"date": 25569.0 + 25 * 365 + np.arange(60)},
            pd.Timestamp("1970-01-01") + pd.to_timedelta(25 * 365 + np.arange(60), unit="D"),
        ),
        ({"a": HOURS.strftime("%Y-%m-%dT%H:%M:%S+02:00")}, HOURS - pd.Timedelta("2h")),
    ],
    ids=lambda case: " and ".join(case) if isinstance(case, dict) else "",
)
def test_the_columns_of_the_time_are_found(columns, times):
    frame = raw_frame(**columns, x=RNG.normal(size=len(next(iter(columns.values())))))
    if "quarter" in columns:
        frame = frame.iloc[::3].reset_index(drop=True)
    made = propose(frame, EVEN)
    table = clean_table(frame, made, EVEN)
    assert list(table.index) == list(times), made
    assert list(table.columns) == ["x"]


def test_columns_that_are_no_times_stay_numbers():
    frame = raw_frame(
        x=[1000.5, 1001.5, 1003.0, 1004.25] * 10, price=np.arange(40) + 20_000.0, minute=NOISE[:40]
    )
    assert propose(frame, EVEN) == ()


def test_day_or_month_is_asked_where_nothing_tells():
    days = pd.date_range("2020-02-01", periods=9, freq="MS")
    frame = raw_frame(day=days.strftime("%m/%d/%Y"), x=range(9))
    found = require_finding(examine_frame(frame), "day or month")
    assert (found.severity, found.choice) == ("must", "open")
    assert {offer.cleaning_step.order for offer in found.fixes} == {"day_first", "month_first"}
    assert "“02/01/2020” in row 2" in found.sentence
    assert {offer.label for offer in found.fixes} == {
        "02/01/2020 is 2 January 2020",
        "02/01/2020 is 1 February 2020",
    }
    assert settle(frame, EVEN) == propose(frame, EVEN) == ()  # only a person can tell
    answer = next(offer.cleaning_step for offer in found.fixes if offer.cleaning_step.order == "month_first")
    assert list(clean_table(frame, [answer], EVEN).index) == list(days)


def test_where_only_one_order_gives_even_rows_it_goes_first():
    times = pd.date_range("2021-03-01", periods=200, freq="h")
    frame = raw_frame(t=times.strftime("%d/%m/%Y %H:%M"), x=NOISE)
    found = require_finding(examine_frame(frame), "day or month")
    assert (
        found.choice == "usual"
        and found.fixes[0].cleaning_step.order == "day_first"
        and len(found.fixes) == 2
    )
    assert settle(frame, EVEN) == () and list(clean_table(frame, propose(frame, EVEN), EVEN).index) == list(
        times
    )


def test_one_row_anywhere_decides():
    frame = raw_frame(day=["01/02/2020"] * 99 + ["02/13/2020"], x=range(100))
    assert first_step(frame, "time").order == "month_first"


def test_mixed_time_zones_are_asked():
    frame = raw_frame(
        t=["2020-01-01T10:00:00+02:00", "2020-01-01T09:00:00", "2020-01-01T12:00:00+02:00"], x=[1, 2, 3]
    )
    found = require_finding(examine_frame(frame), "time zones")
    assert (found.severity, found.choice, found.rows) == ("must", "open", (1,))
    utc, clock = (offer.cleaning_step for offer in found.fixes)
    assert clean_table(frame, [utc], EVEN).index.hour.tolist() == [8, 9, 10]
    assert clean_table(frame, [clock], EVEN).index.hour.tolist() == [10, 9, 12]


def test_a_cell_that_is_no_time_is_named_and_its_row_can_go():
    frame = raw_frame(
        day=[*pd.date_range("2020-01-01", periods=40).strftime("%Y-%m-%d"), "Total"], x=range(41)
    )
    found = require_finding(examine_frame(frame), "time")
    assert found.choice == "usual" and "row 42: “Total”" in found.sentence and found.rows == (40,)
    assert settle(frame, EVEN) == ()
    assert len(clean_table(frame, propose(frame, EVEN), EVEN)) == 40


def test_a_date_that_is_one_in_one_order_alone_is_asked_about():
    frame = pd.DataFrame({"date": pd.to_datetime([None, "1900-01-01"]), "time": ["1/2/0001", ","]})
    (finding,) = examine(frame, (), EVEN).findings
    assert finding.key == "day or month"
    assert [offer.label for offer in finding.fixes][:2] == ["1/2/0001 is not a date"] * 2


# --- The rules alone -------------------------------------------------------------------------------

DAYS = pd.date_range("2020-01-20", periods=20)


@pytest.mark.parametrize("name", ["Date", "sale_date", "saleDate", "TIMESTAMP", "Jahr", "día", "time utc"])
def test_names_that_speak_of_time(name):
    assert has_time_name(name)


@pytest.mark.parametrize("name", ["price", "update", "candidate", "x", ""])
def test_names_that_only_contain_such_a_word(name):
    assert not has_time_name(name)


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"when": DAYS}, ("date",)),
        ({"when": DAYS.strftime("%Y-%m-%d")}, ("date",)),
        ({"year": DAYS.year, "month": DAYS.month, "day": DAYS.day}, ("year", "month", "day")),
        ({"date": DAYS.strftime("%Y-%m-%d"), "hour": [8] * 20, "sold": [5.5] * 20}, ("date", "hour")),
        ({"date": DAYS.strftime("%Y-%m-%d"), "clock": ["08:30"] * 20}, ("date", "time")),
        ({"epoch": 1.6e9 + 86_400 * np.arange(20.0)}, ("unix_seconds",)),
        ({"epoch": 1.6e12 + 8.64e7 * np.arange(20.0)}, ("unix_milliseconds",)),
        ({"date": 43_000 + np.arange(20.0)}, ("serial_days",)),
        ({"year": np.arange(1990.0, 2010)}, ("year",)),
        ({"year": np.arange(1990.0, 2000, 0.5)}, ("decimal_month",)),
        ({"year": 1990 + 0.123 * np.arange(20)}, ("decimal_year",)),
        ({"date": [20200101.0, 20200102.0, 20200105.0]}, ("digits",)),
    ],
)
def test_the_likeliest_time_goes_first(columns, parts):
    assert time_candidates(raw_frame(**columns))[0].parts == parts


@pytest.mark.parametrize(
    "columns",
    [
        {"x": NOISE[:20], "year": NOISE[:20]},  # the name alone makes no year
        {"x": NOISE[:20], "count": np.arange(1990.0, 2010)},  # nor do such numbers, in a later column
        {"x": NOISE[:20], "epoch": 6e8 + np.arange(20.0)},  # before 1990
        {"x": NOISE[:20], "month": [*range(1, 13), *range(1, 9)]},  # a month without its year
        {"day": ["soon"] * 11 + ["2020-01-01"] * 9},  # less than half are dates
        {"date": [20200101.0, 20201301.0, 20201401.0]},  # no such month
    ],
)
def test_nothing_is_taken_for_a_time_by_half_a_sign(columns):
    assert time_candidates(raw_frame(**columns)) == []


@pytest.mark.parametrize(
    "frame",
    [
        raw_frame(when=DAYS.strftime("%Y-%m-%d"), x=NOISE[:20]),
        raw_frame(when=pd.date_range("2020-01-01", periods=9).strftime("%d/%m/%Y"), x=NOISE[:9]),
        raw_frame(when=["2020-01-01T10:00:00+02:00", "2020-01-01T09:00:00"], x=[1, 2]),
    ],
    ids=["time", "day or month", "time zones"],
)
def test_whatever_is_answered_the_time_is_set_or_gone(frame):
    assert_every_fix_cures(find_times_and_numbers, frame)


def test_where_a_number_is_the_time_the_table_can_be_used_as_it_is():
    numbers, text = raw_frame(year=np.arange(1990, 2010), x=NOISE[:20]), raw_frame(when=DAYS, x=NOISE[:20])
    assert only_finding(find_times_and_numbers, numbers).severity == "should"
    assert only_finding(find_times_and_numbers, text).severity == "must"
    assert not findings(find_times_and_numbers, timed_frame(DAYS, year=np.arange(1990, 2010)))
