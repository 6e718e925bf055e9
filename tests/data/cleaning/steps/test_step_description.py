"""Each step is said in one line, with what was chosen in it."""

from typing import get_args

import pytest

from components.data.cleaning.steps.step_description import describe_step
from components.recipe import (
    AddMissingTimes,
    CleaningStep,
    DropColumns,
    DropRepeats,
    DropRows,
    DropTotals,
    DropUntimed,
    FillDown,
    FillMissing,
    KeepColumns,
    OneHot,
    ReadFlags,
    ReadNumbers,
    Resample,
    RoundTimes,
    SetRegularTimes,
    SetTime,
    SortRows,
    SpreadColumn,
    StandardTime,
    StaticFeature,
    TreatAsMissing,
    Unpivot,
)

CHOSEN = [
    (SetTime(columns=("t",)), ["“t”"]),
    (SetTime(columns=("d", "c"), parts=("date", "time")), ["“d” and “c”"]),
    (SetTime(columns=("t",), order="month_first"), ["“t”", "month first"]),
    (SetTime(columns=("t",), turned=True), ["“t”", "day and month exchanged"]),
    (SetTime(columns=("t",), calendar="persian"), ["“t”", "Persian calendar"]),
    (SetTime(columns=("t",), first_year=1930), ["“t”", "1930 to 2029"]),
    (
        SetRegularTimes(start="2020-01-31T06:00", count=2, unit="hour"),
        ["2020-01-31 06:00", "every 2 hours"],
    ),
    (StandardTime(zone="America/New_York"), ["America/New York"]),
    (ReadNumbers(columns=("x",)), ["“x”"]),
    (ReadNumbers(columns=("x",), decimal=",", thousands="."), ["a comma", "a point"]),
    (ReadNumbers(columns=("x",), thousands="'"), ["a point", "an apostrophe"]),
    (ReadNumbers(columns=("x",), units=("€", "%")), ["€, %"]),
    (ReadNumbers(columns=("x",), footnotes=True), ["marks"]),
    (ReadFlags(columns=("x",), yes=("ja",), no=("nein",)), ["“x”", "1 for “ja”", "0 for “nein”"]),
    (OneHot(column="sky", values=("sun", "rain")), ["“sky”", "“sun” and “rain”"]),
    (FillDown(columns=("land",)), ["“land”", "above"]),
    (Unpivot(ids=("land",)), ["header", "“value”"]),
    (Unpivot(left_out=("Annual",)), ["“Annual” left out"]),
    (DropTotals(column="t", periods=("year", "quarter")), ["years and quarters"]),
    (DropRows(column="month", values=("annual",)), ["“annual”", "“month”"]),
    (TreatAsMissing(columns=("x",), values=(-999.0,)), ["−999 in “x”"]),
    (TreatAsMissing(columns=("x",), values=(1, 2, 3, 4)), ["1, 2, 3 and others in “x”"]),
    (SpreadColumn(column="city", values=("Rome", "Oslo")), ["“city”", "“Rome” and “Oslo”"]),
    (
        SpreadColumn(column="c", values=("R",), traits=(StaticFeature(column="land", of=("I",)),)),
        ["“c”", "“R”", "“land”"],
    ),
    (DropColumns(columns=("a", "b", "c", "d")), ["“a”, “b”, “c” and 1 more"]),
    (KeepColumns(columns=("a", "b", "c", "d", "e")), ["but “a”, “b”, “c” and 2 more"]),
    (DropUntimed(), ["without a time"]),
    (SortRows(), ["time"]),
    (DropRepeats(), ["the first is kept"]),
    (DropRepeats(how="mean"), ["the mean is taken"]),
    (RoundTimes(unit="hour"), ["the hour"]),
    (RoundTimes(unit="minute", count=5), ["5 minutes"]),
    (AddMissingTimes(unit="business_day"), ["every business day"]),
    (Resample(unit="week", count=2, how="max"), ["every 2 weeks", "the largest is kept"]),
    (FillMissing(columns=("x",)), ["“x”"]),
    (FillMissing(how="forward"), ["the last value"]),
    (FillMissing(begins="own"), ["first value"]),
    (FillMissing(begins="unequal"), ["first value and its last"]),
    (FillMissing(begins="first", columns=("x",)), ["before the first value in “x”"]),
    (SpreadColumn(column="a", others=("b",), values=("1 · 2",), number="x"), ["“a” and “b”", "“x”"]),
]


@pytest.mark.parametrize(("step", "said"), CHOSEN, ids=[step.kind for step, _ in CHOSEN])
def test_a_step_is_said_in_one_line_with_what_was_chosen(step, said):
    line = describe_step(step)
    assert all(part in line for part in said), line


def test_no_two_ways_are_said_alike():
    lines = [describe_step(step) for step, _ in CHOSEN]
    assert len(set(lines)) == len(lines)


def test_every_kind_of_step_is_among_them():
    kinds = set(get_args(get_args(CleaningStep)[0]))
    assert {type(step) for step, _ in CHOSEN} == kinds
