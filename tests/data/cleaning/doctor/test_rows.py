"""Rows without a time, out of order, of the same time, of several series."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import propose, rows, settle
from components.data.cleaning.steps import clean_table
from components.recipe import (
    DropRepeats,
    SetTime,
    SortRows,
    SpreadColumn,
    StandardTime,
    StaticFeature,
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


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/London", "America/New_York", "Australia/Sydney"])
@pytest.mark.parametrize("turned", [False, True])
def test_daylight_saving_is_recognised(zone, turned):
    clock = pd.date_range("2020-02-01", "2021-01-31", freq="h", tz=zone).tz_localize(None)
    frame = raw_frame(t=clock, x=np.arange(len(clock)))
    if turned:
        frame = frame.iloc[::-1].reset_index(drop=True)
    made = propose(frame, EVEN)
    assert StandardTime(zone=zone) in made
    table = clean_table(frame, made, EVEN)
    assert (np.diff(table.index) == np.timedelta64(1, "h")).all() and table["x"].is_monotonic_increasing


def test_the_newest_first_and_other_disorder():
    turned = raw_frame(t=HOURS[::-1], x=NOISE)
    assert (
        require_finding(examine_frame(turned, SetTime(columns=("t",))), "order").sentence
        == "The newest row comes first."
    )
    mixed = raw_frame(t=HOURS[[0, 2, 1, 3, 4]], x=NOISE[:5])
    found = require_finding(examine_frame(mixed, SetTime(columns=("t",))), "order")
    assert "row 4 (2021-03-08 06:00) comes after row 3 (2021-03-08 07:00)" in found.sentence
    assert settle(mixed, EVEN)[-1] == SortRows()


def test_repeats():
    times = HOURS[[0, 1, 1, *range(2, 40)]]
    same = raw_frame(t=times, x=NOISE[[0, 1, 1, *range(2, 40)]])
    assert settle(same, EVEN)[-1] == DropRepeats(how="first")
    unlike = raw_frame(t=times, x=NOISE[:41])
    found = require_finding(examine_frame(unlike, SetTime(columns=("t",))), "repeats")
    assert found.choice == "open" and found.rows == (2,) and "row 4 (2021-03-08 06:00)" in found.sentence
    assert [offer.cleaning_step.how for offer in found.fixes] == ["last", "first", "sum", "mean"]
    assert propose(unlike, EVEN) == (SetTime(columns=("t",)),)  # only who knows the data can tell
    close = require_finding(
        examine_frame(unlike.assign(x=[*NOISE[:2], NOISE[1] + 1e-4, *NOISE[2:40]]), SetTime(columns=("t",))),
        "repeats",
    )
    assert close.choice == "usual"


def test_series_under_each_other_are_not_averaged():
    frame = raw_frame(t=HOURS.repeat(2), city=["Rome", "Oslo"] * 200, x=np.arange(400))
    assert settle(frame, EVEN) == (SetTime(columns=("t",)),)  # the city is still needed
    made = propose(frame, EVEN)
    assert made[-1] == SpreadColumn(column="city", values=("Rome", "Oslo"))
    assert clean_table(frame, made, EVEN)["Oslo"].tolist() == list(range(1, 400, 2))


def test_what_never_changes_within_a_series_is_kept_as_known_of_it():
    frame = raw_frame(
        t=HOURS.repeat(2),
        city=["Rome", "Oslo"] * 200,
        x=np.arange(400),
        land=["Italy", "Norway"] * 200,
        people=[2800000, 700000] * 200,
    )
    made = propose(frame, EVEN)
    assert made[-1] == SpreadColumn(
        column="city",
        values=("Rome", "Oslo"),
        traits=(
            StaticFeature(column="land", of=("Italy", "Norway")),
            StaticFeature(column="people", of=("2800000", "700000")),
        ),
    )
    (found,) = (one for one in examine_frame(frame, *made[:-1]).findings if one.key == "several series")
    assert "“land” and “people” never change within a series." in found.sentence
    moved = frame.assign(land=["Italy", "Norway"] * 199 + ["France", "Norway"])
    (spread,) = (step for step in propose(moved, EVEN) if isinstance(step, SpreadColumn))
    assert spread.number == "x" and [trait.column for trait in spread.traits] == ["people"]


# --- Each rule alone -------------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "choice"), [([1, 2, np.nan], "clear"), ([1, 2, 3], "usual")])
def test_a_row_without_a_time_goes_unasked_only_if_it_holds_nothing(x, choice):
    frame = timed_frame([HOURS[0], HOURS[1], pd.NaT], x=np.array(x, float))
    found = only_finding(rows.find_missing_times, frame)
    assert (found.key, found.severity, found.choice, found.rows) == ("no time", "must", choice, (2,))
    assert_every_fix_cures(rows.find_missing_times, frame)


def test_rows_that_all_have_a_time_or_none_lack_nothing():
    assert not findings(rows.find_missing_times, timed_frame(HOURS[:3], x=NOISE[:3]))
    assert not findings(rows.find_missing_times, raw_frame(x=NOISE[:3]))


@pytest.mark.parametrize("order", [[2, 1, 0], [0, 2, 1], [1, 0, 2]])
def test_any_step_back_is_disorder_and_sorting_ends_it(order):
    frame = timed_frame(HOURS[order], x=NOISE[:3])
    found = only_finding(rows.find_unsorted_times, frame)
    assert (found.key, found.severity, found.choice) == ("order", "must", "clear")
    assert_every_fix_cures(rows.find_unsorted_times, frame)


@pytest.mark.parametrize("order", [[0, 1, 2], [0, 0, 1]])
def test_the_same_time_again_is_no_disorder(order):
    assert not findings(rows.find_unsorted_times, timed_frame(HOURS[order], x=NOISE[:3]))


@pytest.mark.parametrize(("x", "choice", "fixes"), [([1, 1, 2], "clear", 1), ([1, 3, 2], "open", 4)])
def test_rows_of_one_time_are_made_one_unasked_only_if_they_say_the_same(x, choice, fixes):
    frame = timed_frame(HOURS[[0, 0, 1]], x=x)
    found = only_finding(rows.find_duplicates_and_words, frame)
    assert (found.key, found.choice, len(found.fixes)) == ("repeats", choice, fixes)
    assert_every_fix_cures(rows.find_duplicates_and_words, frame)
    assert not findings(rows.find_duplicates_and_words, timed_frame(HOURS[:3], x=x))


@pytest.mark.parametrize(("alone", "key"), [(2, "several series"), (3, "words")])
def test_from_a_third_of_repeats_on_a_column_that_tells_them_apart_is_looked_for(alone, key):
    """Of two times there are two rows each, of the others one."""
    times = HOURS[[0, 0, 1, 1, *range(2, 2 + alone)]]
    cities = ["Rome", "Oslo"] * 2 + ["Rome"] * alone
    frame = timed_frame(times, city=cities, x=NOISE[: len(times)])
    assert only_finding(rows.find_duplicates_and_words, frame).key == key
    assert_every_fix_cures(rows.find_duplicates_and_words, frame)


def test_a_column_that_does_not_tell_every_row_of_a_time_apart_parts_no_series():
    frame = timed_frame(HOURS[[0, 0, 1, 1]], city=["Rome", "Oslo", "Rome", "Rome"], x=[1, 1, 2, 3])
    assert only_finding(rows.find_duplicates_and_words, frame).key == "words"


def autumn(hour: int) -> pd.DataFrame:
    """A night in which an hour stands twice; in Berlin the clock was put back from 3 to 2."""
    night = pd.date_range("2021-10-31", periods=6, freq="h")
    return timed_frame(night.insert(hour + 1, night[hour]), x=NOISE[:7])


def test_an_hour_that_stands_twice_is_that_of_autumn_only_where_a_clock_was_put_back():
    frame = autumn(2)
    found = only_finding(rows.find_duplicates_and_words, frame)
    assert found.key == "daylight saving" and "Europe/Berlin" in found.sentence
    assert found.fixes[0].cleaning_step.zone == "Europe/Berlin"
    assert_every_fix_cures(rows.find_duplicates_and_words, frame)
    assert only_finding(rows.find_duplicates_and_words, autumn(4)).key == "repeats"
