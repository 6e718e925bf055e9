"""Rows without a time, out of order, of the same time, of several series."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import propose, settle
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
    examine_frame,
    raw_frame,
    require_finding,
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
    assert found.choice == "usual" and found.rows == (2,) and "row 4 (2021-03-08 06:00)" in found.sentence
    assert {offer.cleaning_step.how for offer in found.fixes} == {"mean", "first", "last", "sum"}


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
    assert "“land” and “people” never change within one." in found.sentence
    moved = frame.assign(land=["Italy", "Norway"] * 199 + ["France", "Norway"])
    assert not any(mend.traits for mend in propose(moved, EVEN) if isinstance(mend, SpreadColumn))
