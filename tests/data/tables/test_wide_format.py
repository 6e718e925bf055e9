"""Times in a header are found, however they are written; names of measurements aren't times."""

import pandas as pd
import pytest

from components.data.tables.wide_format import HeaderTimes, find_header_times, time_labels

DAYS = pd.date_range("2020-01-20", periods=40, freq="D")
YEARS = tuple(map(str, range(1990, 2020)))
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def find(*names: str, year: bool = False, month: bool = False, date: bool = False) -> HeaderTimes | None:
    return find_header_times(names, has_year=year, has_month=month, has_date=date)


@pytest.mark.parametrize(
    ("part", "times", "ids"),
    [
        ("year", YEARS, ("geo",)),
        ("year", YEARS[::-1], ("País", "Indicador")),
        ("year", tuple(f"{year} [YR{year}]" for year in YEARS), ("Country Name", "Country Code")),
        ("year", tuple(f"X{year}" for year in YEARS), ("country",)),
        ("year", tuple(f"F{year}" for year in YEARS), ("ISO3",)),
        ("year", ("1990", "1995", "2000", "2005"), ("sector",)),
        ("date", tuple(f"{day.month}/{day.day}/{day:%y}" for day in DAYS), ("Province/State", "Lat", "Long")),
        ("date", tuple(f"{day:%d.%m.%Y}" for day in DAYS), ("Ort",)),
        ("date", tuple(f"X{day:%Y.%m.%d}" for day in DAYS), ("site",)),
        ("date", tuple(f"{day:%Y%m%d}" for day in DAYS), ("station",)),
        ("date", tuple(f"{day:%b-%y}" for day in pd.date_range("2001-01", periods=24, freq="MS")), ("item",)),
        ("date", tuple(f"{year}Q{quarter}" for year in (2019, 2020) for quarter in (1, 2, 3, 4)), ("item",)),
        ("step", tuple(f"d_{day}" for day in range(1, 29)), ("id", "item_id")),
        ("step", tuple(f"V{number}" for number in range(1, 15)), ("series",)),
    ],
)
def test_a_header_of_whole_times_is_found(part, times, ids):
    assert find(*ids, *times) == HeaderTimes(times, part)


@pytest.mark.parametrize(
    ("part", "times", "beside"),
    [
        ("month", ENGLISH, {"year": True}),
        ("month", ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
                   "Oktober", "November", "Dezember"), {"year": True}),
        ("month", ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.",
                   "nov.", "déc."), {"year": True}),
        ("month", tuple(map(str, range(1, 13))), {"year": True}),
        ("month", tuple(f"M{month:02d}" for month in range(1, 13)), {"year": True}),
        ("quarter", ("Q1", "Q2", "Q3", "Q4"), {"year": True}),
        ("quarter", ("1. Quartal", "2. Quartal", "3. Quartal", "4. Quartal"), {"year": True}),
        ("day", tuple(f"VALUE{day}" for day in range(1, 32)), {"year": True, "month": True}),
        ("hour", tuple(f"H{hour}" for hour in range(1, 25)), {"date": True}),
        ("hour", tuple(f"{hour:02d}:00" for hour in range(24)), {"date": True}),
        ("clock", tuple(f"{n // 2:02d}:{n % 2 * 30:02d}" for n in range(48)), {"date": True}),
    ],
)  # fmt: skip
def test_a_header_of_parts_is_found_beside_the_rest_of_the_time(part, times, beside):
    assert find("first", *times, **beside) == HeaderTimes(times, part)


@pytest.mark.parametrize(
    "names",
    [
        ("date", "open", "high", "low", "close"),
        ("id", "x1", "x2", "x3"),
        ("age", "2019", "2020"),
        ("time", "1990", "3", "2020"),
        ("region", "q1", "q2", "q4"),
        (),
    ],
)
def test_other_headers_hold_no_times(names):
    assert find(*names) is None


def test_columns_that_sum_up_or_mark_others_are_left_out():
    found = find("Year", *ENGLISH, "Annual", "D-J-F", year=True)
    assert found == HeaderTimes(ENGLISH, "month", ("Annual", "D-J-F"))
    marked = [name for day in range(1, 32) for name in (f"VALUE{day}", f"VALUE{day}*")]
    assert find("y", "m", *marked, year=True, month=True).left_out == tuple(marked[1::2])


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["1990 [YR1990]", "1991 [YR1991]"], ["1990", "1991"]),
        (["X2020.01.31", "X2020.02.01"], ["2020-01-31", "2020-02-01"]),
        (["M01", "M12"], ["01", "12"]),
        (["Q1", "Q4"], ["1", "4"]),
        (["d_1", "d_1941"], ["1", "1941"]),
        ([" 1990 ", "1991"], ["1990", "1991"]),
        (["1/22/20", "1/23/20"], ["1/22/20", "1/23/20"]),
    ],
)
def test_labels_are_the_times_alone(names, labels):
    assert time_labels(names) == labels
