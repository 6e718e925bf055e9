"""Whether the rows come evenly, and what makes them."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import propose
from components.data.cleaning.doctor.spacing import find_irregular_spacing
from components.recipe import (
    AddMissingTimes,
    Resample,
    RoundTimes,
    SetTime,
)
from tests.data.cleaning.doctor.frames import (
    EVEN,
    HOURS,
    NOISE,
    assert_every_fix_cures,
    examine_frame,
    findings,
    only_finding,
    raw_frame,
    require_finding,
    timed_frame,
)

RNG = np.random.default_rng(8)


def test_three_days_decades_apart_are_no_daily_rhythm():
    times = pd.DatetimeIndex(["1920-01-01", "1948-06-30", "1971-01-01"])
    found = only_finding(find_irregular_spacing, timed_frame(times, x=[1.0, 2.0, 3.0]))
    assert "unevenly spaced" in found.sentence and "about every" not in found.sentence
    assert "94% of the rows would be made up" in found.sentence and found.choice == "open"


@pytest.mark.parametrize(
    ("times", "step"),
    [
        (HOURS.delete([5, 6, 50]), AddMissingTimes(unit="hour")),
        (pd.date_range("2020-01-31", periods=40, freq="ME").delete(7), AddMissingTimes(unit="month")),
        (
            pd.date_range("2020-01-01", periods=40, freq="QS").delete(7),
            AddMissingTimes(count=3, unit="month"),
        ),
        (
            pd.date_range("2020-01-01", periods=40, freq="15min").delete(7),
            AddMissingTimes(count=15, unit="minute"),
        ),
        (pd.date_range("2020-01-01", periods=40, freq="W").delete(7), AddMissingTimes(unit="week")),
        (
            pd.date_range("2020-01-01", periods=60, freq="B").delete(range(0, 50, 5)),
            AddMissingTimes(unit="business_day"),
        ),
        (HOURS + pd.to_timedelta(RNG.integers(-60, 60, 200), unit="s"), RoundTimes(unit="hour")),
        (HOURS + pd.to_timedelta(RNG.integers(0, 3000, 200), unit="s"), Resample(unit="hour")),
        (HOURS[0] + pd.to_timedelta(np.cumsum(RNG.exponential(100, 200)), unit="s"), None),
    ],
)
def test_spacing(times, step):
    frame = raw_frame(t=times, x=NOISE[: len(times)])
    found = [
        one
        for one in examine_frame(frame, SetTime(columns=("t",))).findings
        if one.key in {"gaps", "spacing"}
    ]
    assert len(found) == 1 and found[0].severity == "should"
    if step is not None:
        assert found[0].fixes[0].cleaning_step == step
    else:
        assert {offer.cleaning_step.how for offer in found[0].fixes} == {"mean", "sum"}


def test_nights_without_trade_are_no_gaps_to_be_filled():
    day = pd.date_range("2020-01-06 09:30", periods=20, freq="5min")
    times = pd.DatetimeIndex([time + pd.Timedelta(days=n) for n in range(10) for time in day])
    found = require_finding(examine_frame(raw_frame(t=times, x=NOISE), SetTime(columns=("t",))), "gaps")
    assert found.severity == "note"
    assert propose(raw_frame(t=times, x=NOISE), EVEN) == (SetTime(columns=("t",)),)


# --- The rule alone --------------------------------------------------------------------------------


def hours(*offsets: float) -> pd.DataFrame:
    times = HOURS[0].normalize() + pd.to_timedelta(offsets, unit="h")
    return timed_frame(times, x=NOISE[: len(offsets)])


@pytest.mark.parametrize(("last", "severity"), [(7, "should"), (8, "note")])
def test_more_times_left_out_than_there_are_rows_are_pauses(last, severity):
    frame = hours(0, 1, 2, last)
    found = only_finding(find_irregular_spacing, frame)
    assert (found.key, found.severity, found.rows) == ("gaps", severity, (3,))
    assert f"{last - 3} " in found.sentence
    assert_every_fix_cures(find_irregular_spacing, frame)


@pytest.mark.parametrize(("minutes", "kind"), [(15, "round_times"), (16, "resample")])
def test_clocks_are_rounded_up_to_a_quarter_of_a_step(minutes, kind):
    frame = hours(0, 1, 2, 3 + minutes / 60, 4, 5)
    found = only_finding(find_irregular_spacing, frame)
    assert (found.key, found.severity) == ("spacing", "should")
    assert found.fixes[0].cleaning_step.kind == kind
    assert_every_fix_cures(find_irregular_spacing, frame)


@pytest.mark.parametrize(
    "frame",
    [
        hours(0, 1, 2, 3),
        hours(0, 2),  # two rows have no rhythm yet
        hours(0, 5, 2),  # disorder is another rule's
        hours(0, 1, 1, 2),
        timed_frame(pd.date_range("2020-01-31", periods=9, freq="ME"), x=NOISE[:9]),
        raw_frame(x=NOISE),
    ],
    ids=["even", "short", "disorder", "repeats", "months", "numbered"],
)
def test_nothing_is_said_of_rows_that_come_evenly_or_that_cannot_be_judged_yet(frame):
    assert not findings(find_irregular_spacing, frame)
