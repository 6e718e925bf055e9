"""What is missing, and columns that say nothing."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import missing_values, propose
from components.recipe import (
    DropColumns,
    FillMissing,
)
from tests.data.cleaning.doctor.frames import (
    EVEN,
    NOISE,
    assert_every_fix_cures,
    examine_frame,
    findings,
    only_finding,
    raw_frame,
    require_finding,
    table_case,
)


def test_missing_values_are_counted_and_filled():
    x = NOISE.copy()
    x[[3, 4, 90]] = np.nan
    found = require_finding(examine_frame(raw_frame(x=x)), "missing")
    assert (
        "3 values are missing" in found.sentence and "row 5" in found.sentence and "2 rows" in found.sentence
    )
    assert [offer.cleaning_step.how for offer in found.fixes] == ["interpolate", "forward", "drop"]
    assert found.rows == (3, 4, 90)


def test_a_column_that_lacks_most_is_left_out_rather_than_made_up():
    gappy = np.where(np.arange(200) % 10 == 0, NOISE, np.nan)
    late = np.where(np.arange(200) > 120, NOISE, np.nan)
    frame = raw_frame(x=NOISE, gappy=gappy, late=late)
    assert propose(frame, EVEN) == (DropColumns(columns=("gappy", "late")),)
    assert propose(frame, EVEN, target="late")[0] == DropColumns(columns=("gappy",))
    assert isinstance(propose(raw_frame(only=gappy), EVEN)[0], FillMissing)


def test_constant_columns():
    frame = raw_frame(x=NOISE, k=[1] * 200)
    assert propose(frame, EVEN) == (DropColumns(columns=("k",)),)
    assert require_finding(examine_frame(frame, target="k"), "constant").severity == "note"
    wakes = raw_frame(x=NOISE, k=[1] * 150 + [2] * 50)
    assert propose(wakes, EVEN) == (DropColumns(columns=("k",)),)


# --- Each rule alone -------------------------------------------------------------------------------


def lacking(rows: int, *, every: bool = False) -> np.ndarray:
    """Of twenty numbers, so many are missing: the first, or some all over from the second on."""
    values = NOISE[:20].copy()
    values[1 : rows + 1 if every else 1] = np.nan
    values[: 0 if every else rows] = np.nan
    return values


@pytest.mark.parametrize(
    ("gaps", "key"),
    [
        (lacking(10, every=True), "missing"),
        (lacking(11, every=True), "mostly missing"),
        (lacking(1), "missing"),  # few rows may go, for they have no value yet
        (lacking(2), "late"),
        (lacking(10), "late"),
        (lacking(11), "mostly missing"),
    ],
)
def test_from_where_on_a_column_lacks_too_much_to_be_filled(gaps, key):
    frame = raw_frame(x=NOISE[:20], gappy=gaps)
    found = only_finding(missing_values.find_missing_values, frame)
    assert (found.key, found.severity, found.columns) == (key, "must", ("gappy",))
    assert_every_fix_cures(missing_values.find_missing_values, frame)
    wanted = only_finding(missing_values.find_missing_values, frame, target="gappy")
    assert wanted.key in {"missing", "late"}  # who wants to forecast it has to fill it


def test_a_table_that_lacks_nothing_and_one_that_lacks_all():
    assert not findings(missing_values.find_missing_values, raw_frame(x=NOISE))
    nothing = only_finding(missing_values.find_missing_values, raw_frame(x=np.full(9, np.nan)))
    assert (nothing.key, nothing.columns, nothing.fixes) == ("missing", ("x",), ())


def panel(begin: int = 0, early: int = 0, hole: int = 0) -> pd.DataFrame:
    """Return three series of a hundred rows; the third begins late, ends early or has a hole."""
    last = np.resize(NOISE, 100)
    last[:begin] = last[100 - early :] = last[60 : 60 + hole] = np.nan
    return raw_frame(a=NOISE[:100], b=NOISE[:100], c=last)


LATEST = table_case(panel()).train.stop - 10


@pytest.mark.parametrize(
    ("frame", "key"),
    [
        (panel(begin=LATEST), "late"),
        (panel(begin=LATEST + 1), "mostly missing"),
        (panel(early=25), "early"),
        (panel(early=90), "early"),
        (panel(early=91), "mostly missing"),
        (panel(hole=1), "missing"),
    ],
)
def test_from_where_on_a_series_of_a_panel_is_left_out(frame, key):
    found = only_finding(missing_values.find_missing_values, frame, is_panel=True)
    assert (found.key, found.columns) == (key, ("c",))
    if key in {"late", "early"}:
        assert found.severity == "note" and not found.fixes  # nothing is made up where it has no value
    else:
        assert_every_fix_cures(missing_values.find_missing_values, frame, is_panel=True)


def test_a_column_never_changes_where_it_is_the_same_all_through_the_training_part():
    still, moves = np.ones(200), np.ones(200)
    train = table_case(raw_frame(x=NOISE)).train
    still[train.stop :] = 2
    moves[train.stop - 1 :] = 2
    frame = raw_frame(x=NOISE, k=still)
    found = only_finding(missing_values.find_constant_columns, frame)
    assert (found.key, found.severity, found.columns) == ("constant", "should", ("k",))
    assert_every_fix_cures(missing_values.find_constant_columns, frame)
    assert not findings(missing_values.find_constant_columns, raw_frame(x=NOISE, k=moves))


def test_what_is_forecast_or_all_there_is_stays_however_constant():
    frame = raw_frame(x=NOISE, k=np.ones(200))
    for found in (
        only_finding(missing_values.find_constant_columns, frame, target="k"),
        only_finding(missing_values.find_constant_columns, frame[["k"]]),
    ):
        assert (found.severity, found.fixes) == ("note", ())
