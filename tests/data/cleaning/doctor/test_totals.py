"""Totals among the rows are left out, and named; what is finer stays, each value at its own time."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor.finding import TableCase
from components.data.cleaning.doctor.totals import find_names_above, find_period_totals
from components.data.cleaning.steps import clean_table
from components.recipe import DropTotals, FillDown, Preparation, SetTime
from tests.data.cleaning.doctor.frames import EVEN, NOISE, examine_frame, require_finding
from tests.data.cleaning.loaded_table import load_lines, read_lines

WALK = np.round(50 + np.random.default_rng(9).normal(size=60).cumsum(), 2)
MONTHS = pd.date_range("2001-01-01", periods=60, freq="MS")
MONTHLY = [f"{month:%Y-%m},{value}" for month, value in zip(MONTHS, WALK, strict=True)]
GERMAN = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]


def by_year(rows_of_year):
    return [line for year in range(5) for line in rows_of_year(2001 + year, WALK[12 * year : 12 * year + 12])]


@pytest.mark.parametrize(
    "lines",
    [
        ["date,x", *(f"{year},999" for year in range(2001, 2006)), *MONTHLY],
        ["date,x", *MONTHLY, *(f"{year} Q{n},777" for year in range(2001, 2006) for n in (1, 2, 3, 4))],
        ["date,x", *MONTHLY, *(f"{year}-H{half},555" for year in range(2001, 2006) for half in (1, 2))],
        ["date\tx", *(line.replace(",", "\t") for line in ("FY2001,9", "FY2002,9", *MONTHLY))],
        ["Year,Period,Value", *by_year(lambda year, x: [
            *(f"{year},M{month:02d},{v}" for month, v in enumerate(x, 1)), f"{year},M13,999"])],
        ["Jahr;Monat;Wert", *by_year(lambda year, x: [
            *(f"{year};{GERMAN[n]};{v}".replace(".", ",") for n, v in enumerate(x)),
            f"{year};Gesamt;999,5"])],
        ["when,x", *by_year(lambda year, x: [
            f"{year},{x.sum():.2f}", *(f"{year} {GERMAN[n]},{v}" for n, v in enumerate(x))])],
    ],
)  # fmt: skip
def test_totals_among_months_are_left_out(lines):
    table = load_lines(*lines)
    np.testing.assert_array_equal(table.to_numpy()[:, 0], WALK)
    assert (table.index == MONTHS).all()


def findings(rule, *lines):
    return list(
        rule(TableCase(read_lines(*lines).frame, Preparation(), None, lambda n: f"row {n + 2}", True))
    )


def test_totals_are_named_with_their_rows():
    (found,) = findings(find_period_totals, "date,x", "2001,9", "2001 Q1,8", *MONTHLY)
    assert found.sentence == (
        "In “date”, 2 rows are of whole years and quarters among shorter times, such as “2001” in row 2."
    )
    assert found.rows == (0, 1)
    assert found.fixes[0].cleaning_step == DropTotals(column="date", periods=("year", "quarter"))


@pytest.mark.parametrize(
    "lines",
    [
        ["date,x", *MONTHLY],
        ["crop,x", "2001/02,1", "2002/03,2", "2003/04,3"],
        ["date,x", "2001,1", "2002,2", "2003,3", "2003 Q4,4"],
        ["name,x", "a,1", "b,2"],
    ],
)
def test_tables_of_one_kind_of_time_have_no_totals(lines):
    assert not findings(find_period_totals, *lines)


def test_names_above_their_rows_are_repeated_below():
    lines = [f"{'North' if n == 0 else 'South' if n == 30 else ''},{month:%Y-%m},{value}"
             for n, (month, value) in enumerate(zip([*MONTHS[:30]] * 2, WALK, strict=True))]  # fmt: skip
    (found,) = findings(find_names_above, "region,month,x", *lines)
    assert found.fixes[0].cleaning_step == FillDown(columns=("region",))
    table = load_lines("region,month,x", *lines)
    np.testing.assert_array_equal(table.to_numpy(), WALK.reshape(2, 30).T)


def test_remarks_beside_a_few_rows_are_no_names():
    lines = [f"{'holiday' if n in {0, 9} else ''},{line}" for n, line in enumerate(MONTHLY)]
    assert not findings(find_names_above, "remark,month,x", *lines)


# --- Series that sum up others ---------------------------------------------------------------------


def regions(**others) -> pd.DataFrame:
    """Return rows of regions below each other, for each month; `others` are made of the first two."""
    north, south = NOISE[:40] + 50, NOISE[40:80] * 2 + 90
    values = {"North": north, "South": south, **{name: make(north, south) for name, make in others.items()}}
    rows = [
        (region, f"20{10 + n // 12}-{n % 12 + 1:02d}-01", own[n])
        for n in range(40)
        for region, own in values.items()
    ]
    return pd.DataFrame(rows, columns=["region", "month", "sales"]).astype({"region": "str", "month": "str"})


@pytest.mark.parametrize(
    ("name", "make", "sure"),
    [
        ("Total", lambda n, s: n + s, True),
        ("whole land", lambda n, s: n + s, True),  # by its numbers alone
        ("Total", lambda n, s: np.round(n + s, 1), True),
        ("Average", lambda n, s: (n + s) / 2, True),
        ("Total", lambda n, s: 1.2 * (n + s), False),
    ],
)
def test_a_series_that_sums_up_the_others_is_said_and_left_out(name, make, sure):
    frame = regions(**{name: make})
    found = require_finding(examine_frame(frame, SetTime(columns=("month",))), "several series")
    assert found.choice == ("usual" if sure else "open")
    assert (f"“{name}” sums up the others." in found.sentence) is sure
    without, every, *_ = found.fixes
    assert without.cleaning_step.values == ("North", "South")
    assert every.cleaning_step.values == ("North", "South", name)
    table = clean_table(frame, (SetTime(columns=("month",)), without.cleaning_step), EVEN)
    np.testing.assert_allclose(table["North"], NOISE[:40] + 50)


@pytest.mark.parametrize("make", [lambda n, s: (n + s) / 2, lambda n, s: n + 1, lambda n, s: n * 0 + 3])
def test_a_series_that_only_lies_between_the_others_stays(make):
    found = require_finding(examine_frame(regions(East=make), SetTime(columns=("month",))), "several series")
    assert "sum" not in found.sentence and found.fixes[0].cleaning_step.values == ("North", "South", "East")
