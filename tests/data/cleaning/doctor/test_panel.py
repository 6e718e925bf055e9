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


@given(st.integers(0, 20), st.integers(57, ROWS), st.integers(25, 40))
def test_a_gap_is_filled_and_nothing_before_the_first_value_and_after_the_last(begin, stop, hole):
    table = wide_table(begin, stop, (hole,))
    made = cleaned_by_doctor(table)
    assert len(made) == stop
    assert made["b"].isna().sum() == begin
    np.testing.assert_array_equal(made["a"], table["a"][:stop])
    there = table["b"][:stop].notna().to_numpy()
    np.testing.assert_array_equal(made["b"][there], table["b"][:stop][there])


def test_a_late_beginning_needs_no_mend_and_is_said():
    frame = long_table(wide_table(begin=10))
    found = examine(frame, (SPREAD,), Preparation())
    assert found.table_is_ready
    (note,) = [one for one in found.findings if one.key == "late"]
    assert note.severity == "note" and "“b” at 2020-01-11" in note.sentence


@pytest.mark.parametrize(("where", "said"), [({"begin": 28}, "begins late"), ({"stop": 40}, "ends early")])
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


def test_a_dataset_lets_series_of_one_kind_begin_late_and_no_others():
    table = wide_table(begin=10)
    held = Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table, is_panel=True)
    assert (held.first_complete_row(("a",)), held.first_complete_row(("a", "b"))) == (0, 10)
    assert held.trim_start(("b",)).table.index[0] == TIMES[10]
    with pytest.raises(DataError, match="missing in “b”"):
        Series(Sample(name="toy"), "Toy", Provenance("here", "none"), table)
    with pytest.raises(DataError, match="missing in “b”"):
        Series(Sample(name="toy"), "Toy", Provenance("here", "none"), wide_table(stop=50), is_panel=True)


def test_the_list_of_mends_says_that_beginnings_stay():
    assert "after each series' first value" in describe_step(FillMissing(begins="own"))
