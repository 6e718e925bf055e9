"""Each step is said in one line, with what was chosen in it."""

from typing import get_args

import pytest

from components.data.cleaning.steps.step_description import describe_step
from components.recipe import (
    AddMissingTimes,
    CleaningStep,
    DropColumns,
    DropRepeats,
    DropUntimed,
    FillMissing,
    ReadNumbers,
    Resample,
    RoundTimes,
    SetTime,
    SortRows,
    SpreadColumn,
    StandardTime,
    TreatAsMissing,
)

LINES = {
    "Time read from “t”": SetTime(columns=("t",)),
    "Time read from “d” and “c”": SetTime(columns=("d", "c"), parts=("date", "time")),
    "Time read from “t”, month first, as the clock showed it": SetTime(
        columns=("t",), order="month_first", zone="clock"
    ),
    "Clock times of America/New York turned into its standard time": StandardTime(zone="America/New_York"),
    "“x” read as numbers": ReadNumbers(columns=("x",)),
    "“x” read as numbers with a comma before the decimals and a point between thousands, without €": (
        ReadNumbers(columns=("x",), decimal=",", thousands=".", units=("€",))
    ),
    "−999 in “x” treated as missing": TreatAsMissing(columns=("x",), values=(-999.0,)),
    "1, 2, 3 and others in “x” treated as missing": TreatAsMissing(columns=("x",), values=(1, 2, 3, 4)),
    "Series in “city” put side by side: “Rome” and “Oslo”": SpreadColumn(
        column="city", values=("Rome", "Oslo")
    ),
    "“a”, “b”, “c” and 1 more left out": DropColumns(columns=("a", "b", "c", "d")),
    "Rows without a time left out": DropUntimed(),
    "Rows put in order of time": SortRows(),
    "Of rows of the same time, the first is kept": DropRepeats(),
    "Times rounded to the hour": RoundTimes(unit="hour"),
    "Times rounded to 5 minutes": RoundTimes(unit="minute", count=5),
    "Empty rows added, one for every business day without": AddMissingTimes(unit="business_day"),
    "One row for every 2 weeks: of its rows, they are added up": Resample(unit="week", count=2, how="sum"),
    "What is missing filled on a straight line": FillMissing(),
    "What is missing in “x” filled with the last value": FillMissing(columns=("x",), how="forward"),
    "Rows left out in which something is missing": FillMissing(how="drop"),
    "What is missing after a series' first value filled on a straight line": FillMissing(begins="own"),
}


@pytest.mark.parametrize("line", LINES)
def test_a_step_is_said_in_one_line(line):
    assert describe_step(LINES[line]) == line


def test_every_kind_of_step_is_among_them():
    kinds = set(get_args(get_args(CleaningStep)[0]))
    assert {type(step) for step in LINES.values()} == kinds
