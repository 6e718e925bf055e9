"""Series of one kind that begin and end at times of their own: nothing is made up before and after them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.cleaning.doctor import examine, propose
from components.data.cleaning.steps import clean_table, forms_panel
from components.data.cleaning.steps.step_description import describe_step
from components.data.datasets import Provenance, Series
from components.errors import DataError
from components.recipe import FillMissing, Preparation, Sample, SpreadColumn

ROWS = 60
TIMES = pd.date_range("2020-01-01", periods=ROWS, freq="D", name="day")
SPREAD = SpreadColumn(column="shop", values=("a", "b"))


def wide_table(begin=0, stop=ROWS, hole=()) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(ROWS, 2)).cumsum(axis=0), index=TIMES, columns=["a", "b"])
    table.iloc[:begin, 1] = np.nan
    table.iloc[stop:, 1] = np.nan
    table.iloc[list(hole), 1] = np.nan
    return table


def long_table(table: pd.DataFrame) -> pd.DataFrame:
    long = table.melt(var_name="shop", value_name="sales", ignore_index=False).dropna()
    return long.astype({"shop": "str"})


def cleaned_by_doctor(table: pd.DataFrame) -> pd.DataFrame:
    frame, made = long_table(table), propose(long_table(table), Preparation(), (SPREAD,))
    assert examine(frame, made, Preparation()).table_is_ready
    return clean_table(frame, made, Preparation())


@given(st.integers(0, 20), st.integers(45, ROWS), st.integers(25, 40))
def test_a_gap_is_filled_and_nothing_before_the_first_value_and_after_the_last(begin, stop, hole):
    table = wide_table(begin, stop, (hole,))
    made = cleaned_by_doctor(table)
    assert len(made) == ROWS
    assert made["b"].iloc[:begin].isna().all() and made["b"].iloc[stop:].isna().all()
    assert made["b"].iloc[begin:stop].notna().all()
    np.testing.assert_array_equal(made["a"], table["a"])
    there = table["b"].notna().to_numpy()
    np.testing.assert_array_equal(made["b"][there], table["b"][there])


def test_an_early_end_needs_no_fix_and_is_said():
    frame = long_table(wide_table(stop=40))
    found = examine(frame, (SPREAD,), Preparation())
    assert found.table_is_ready and len(found.cleaned_frame) == ROWS
    (note,) = [one for one in found.findings if one.key == "early"]
    assert note.severity == "note" and "“b” after 2020-02-09" in note.sentence
    assert "1 of them ends before the test set begins" in note.sentence
    (later,) = examine(long_table(wide_table(stop=57)), (SPREAD,), Preparation()).findings[:1]
    assert later.key == "early" and "isn't tested" not in later.sentence


def test_a_late_beginning_needs_no_mend_and_is_said():
    frame = long_table(wide_table(begin=10))
    found = examine(frame, (SPREAD,), Preparation())
    assert found.table_is_ready
    (note,) = [one for one in found.findings if one.key == "late"]
    assert note.severity == "note" and "“b” at 2020-01-11" in note.sentence


@pytest.mark.parametrize(("where", "said"), [({"begin": 35}, "begins late"), ({"stop": 8}, "ends early")])
def test_what_begins_too_late_or_ends_too_early_is_left_out_beside_others(where, said):
    table = wide_table(**where)
    frame = long_table(table.assign(c=table["a"]))
    spread = SpreadColumn(column="shop", values=("a", "b", "c"))
    (found, *_) = examine(frame, (spread,), Preparation()).findings
    assert said in found.sentence and found.columns == ("b",)
    made = propose(frame, Preparation(), (spread,))
    assert "b" not in clean_table(frame, made, Preparation())


def test_only_what_stood_under_each_other_is_of_one_kind():
    table = wide_table()
    assert forms_panel(table, (SPREAD,)) and forms_panel(table[["b", "a"]], (SPREAD, FillMissing()))
    assert not forms_panel(table.assign(x=1.0), (SPREAD,))
    assert not forms_panel(table, ()) and not forms_panel(table[["a"]], (SPREAD,))


def test_a_dataset_lets_series_of_one_kind_begin_and_end_when_they_do_and_no_others():
    table = wide_table(begin=10)
    held = Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table, is_panel=True)
    assert (held.complete_rows(("a",)).start, held.complete_rows(("a", "b")).start) == (0, 10)
    assert held.trim(("b",)).table.index[0] == TIMES[10]
    with pytest.raises(DataError, match="missing in “b”"):
        Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table)
    with pytest.raises(DataError, match="missing in “b”"):
        Series(Sample(name="toy"), "Toy", Provenance("here", "none"), wide_table(hole=(20,)), is_panel=True)
    shorter = Series(Sample(name="toy"), "Toy", Provenance("here", "none"), wide_table(5, 50), is_panel=True)
    assert shorter.complete_rows(("b",)) == shorter.complete_rows(("a", "b")) == slice(5, 50)
    assert shorter.trim(("b",)).table.index[-1] == TIMES[49]


def test_the_list_of_mends_says_that_beginnings_stay():
    assert "after each series' first value" in describe_step(FillMissing(begins="own"))
