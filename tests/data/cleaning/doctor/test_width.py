"""More columns than can be learnt from: the most useful stay, or those that a person chooses."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import examine, propose
from components.data.cleaning.doctor.width import find_too_many_columns, useful_columns
from components.data.cleaning.steps import clean_table
from components.recipe import MOST_COLUMNS, DropColumns, KeepColumns, SetTime
from tests.data.cleaning.doctor.frames import (
    EVEN,
    assert_every_fix_cures,
    examine_frame,
    findings,
    only_finding,
    table_case,
)

RNG = np.random.default_rng(3)
DAYS = pd.date_range("2024-01-01", periods=80, name="day")


def wide_frame(columns: int, rows: int = 80) -> pd.DataFrame:
    """Return noise, of which each column is half as much of the first, “target”, as the one before."""
    target = RNG.normal(size=rows).cumsum()
    noise = RNG.normal(size=(rows, columns)).cumsum(axis=0)
    names = ["target", *(f"s{n}" for n in range(1, columns))]
    frame = pd.DataFrame(noise, columns=names)
    frame["target"] = target
    return frame


def test_five_hundred_columns_are_not_too_many():
    assert findings(find_too_many_columns, wide_frame(MOST_COLUMNS)) == []


def test_those_stay_that_hold_most_and_go_with_the_target():
    frame = wide_frame(MOST_COLUMNS + 67)
    alike = [f"s{n}" for n in range(520, 540)]
    frame[alike] = frame[["target"]].to_numpy() * 2 + RNG.normal(size=(80, 20)) / 50
    frame.loc[:40, "s7"] = np.nan
    frame["s8"] = 4.0
    kept = useful_columns(table_case(frame, target="target"))
    assert len(kept) == MOST_COLUMNS and list(kept) == [name for name in frame if name in set(kept)]
    assert {"target", *alike} <= set(kept) and not {"s7", "s8"} & set(kept)


def test_nothing_after_the_training_set_tells_which_stay():
    frame = wide_frame(MOST_COLUMNS + 30)
    spoilt = frame.copy()
    spoilt.iloc[table_case(frame).train.stop :] = RNG.normal(size=(80 - table_case(frame).train.stop, 530))
    assert useful_columns(table_case(frame, target="target")) == useful_columns(
        table_case(spoilt, target="target")
    )


def test_a_table_of_567_columns_is_ready_after_one_click():
    frame = wide_frame(567).assign(day=DAYS.strftime("%Y-%m-%d").astype("str"))
    found = only_finding(find_too_many_columns, frame.drop(columns=["day"]))
    assert found.sentence == "The table has 567 columns; at most 500 can be learnt from."
    made = propose(frame, EVEN)
    assert [step.kind for step in made] == ["set_time", "keep_columns"]
    table = clean_table(frame, made, EVEN)
    assert table.shape == (80, 500) and table.index[0] == DAYS[0]
    assert examine(frame, made, EVEN).table_is_ready
    np.testing.assert_array_equal(table["target"], frame["target"])
    assert_every_fix_cures(find_too_many_columns, frame.drop(columns=["day"]))


@pytest.mark.parametrize("chosen", [("s3", "s566"), tuple(f"s{n}" for n in range(1, 501))])
def test_a_person_may_choose_which_stay(chosen):
    frame = wide_frame(567).assign(day=DAYS)
    steps = (SetTime(columns=("day",)), KeepColumns(columns=chosen))
    assert list(clean_table(frame, steps, EVEN).columns) == list(chosen)
    assert examine_frame(frame, *steps).table_is_ready


def test_567_columns_may_be_left_out_by_name():
    frame = wide_frame(600)
    step = DropColumns(columns=tuple(frame.columns[33:]))
    assert len(step.columns) == 567
    assert len(clean_table(frame, (step,), EVEN).columns) == 33


def test_words_that_tell_series_apart_stay():
    frame = wide_frame(MOST_COLUMNS + 3).assign(shop=["north", "south"] * 40)
    assert "shop" in useful_columns(table_case(frame))
    assert len(useful_columns(table_case(frame))) == MOST_COLUMNS
