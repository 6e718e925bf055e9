"""A table gets another shape: wide, long, series side by side, words as columns."""

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from components.data.cleaning.steps import forms_panel, reshaping, static_features
from components.data.cleaning.steps.step_description import describe_step
from components.errors import DataError
from components.recipe import FillDown, OneHot, SpreadColumn, StaticFeature, Unpivot
from tests.data.cleaning.steps.frames import NAN, clean, raw_frame, timed_frame


def test_series_under_each_other_come_side_by_side():
    frame = timed_frame(
        ["2020-01-01", "2020-01-01", "2020-01-02"], city=["Rome", "Oslo", "Oslo"], x=[1, 2, 3]
    )
    table = clean(frame, SpreadColumn(column="city", values=("Oslo", "Rome")))
    days = pd.DatetimeIndex(["2020-01-01", "2020-01-02"], name="t").as_unit("us")
    pd.testing.assert_frame_equal(table, pd.DataFrame({"Oslo": [2.0, 3], "Rome": [1, NAN]}, index=days))
    wide = clean(frame.assign(y=0.0), SpreadColumn(column="city", values=("Oslo",)))
    assert list(wide.columns) == ["x Oslo", "y Oslo"]


def test_what_never_changes_within_a_series_leaves_the_table_and_is_known_of_it():
    frame = timed_frame(["2020-01-01"] * 2 + ["2020-01-02"] * 2, city=["Rome", "Oslo"] * 2, x=[1, 2, 3, 4])
    frame = frame.assign(land=["Italy", "Norway"] * 2, people=[2.8e6, 7e5] * 2)
    spread = SpreadColumn(
        column="city",
        values=("Oslo", "Rome"),
        traits=(
            StaticFeature(column="land", of=("Norway", "Italy")),
            StaticFeature(column="people", of=("700000", "2800000")),
        ),
    )
    table = clean(frame, spread)
    assert list(table.columns) == ["Oslo", "Rome"]
    known = static_features(table[["Rome", "Oslo"]], (spread,))
    assert known["land"].to_dict() == {"Rome": "Italy", "Oslo": "Norway"}
    assert known["people"].to_dict() == {"Rome": 2.8e6, "Oslo": 7e5}
    assert static_features(table.assign(other=1.0), (spread,)).empty
    assert "“land” and “people” kept" in describe_step(spread)
    with pytest.raises(DataError, match="no such column"):
        clean(frame.drop(columns="land"), spread)
    with pytest.raises(ValidationError, match="exactly one value for each series"):
        SpreadColumn(column="city", values=("Oslo",), traits=spread.traits)


@pytest.mark.parametrize(
    ("cities", "column", "what"),
    [
        (["Rome", "Rome"], "city", "2020-01-01 00:00:00"),
        (["Rome", "Oslo"], "town", "no such column"),
        (["R" * 200 + "a", "R" * 200 + "b"], "city", "same name"),
    ],
)
def test_series_that_cannot_stand_side_by_side(cities, column, what):
    frame = timed_frame(["2020-01-01"] * 2, city=cities, x=[1.0, 2])
    step = SpreadColumn.model_construct(column=column, values=tuple(dict.fromkeys(cities)), traits=())
    with pytest.raises(DataError, match=what):
        reshaping.spread_column(frame, step)


def test_series_of_a_numbered_column_are_called_by_their_numbers():
    frame = timed_frame(["2020-01-01"] * 2, shop=[1, 2], x=[3.0, 4])
    spread = reshaping.spread_column(frame, SpreadColumn(column="shop", values=("1", "2")))
    assert spread.to_dict("list") == {"1": [3.0], "2": [4.0]}


def test_series_are_told_apart_by_two_columns_together_and_one_of_their_numbers_is_kept():
    frame = timed_frame(
        ["2020-01-01"] * 3 + ["2020-01-02"] * 3, shop=[1, 1, 2] * 2, part=["a", "b", None] * 2, x=range(6)
    ).assign(y=9.0)
    step = SpreadColumn(column="shop", others=("part",), values=("1 · a", "1 · b", "2"), number="x")
    table = clean(frame, step)
    assert table.to_dict("list") == {"1 · a": [0, 3], "1 · b": [1, 4], "2": [2, 5]}
    assert forms_panel(table, (step,))


def test_where_rows_have_no_times_the_steps_of_the_series_number_them():
    frame = raw_frame(who=["a", "a", "b", "b"], step=[10, 30, 20, 30], x=[1.0, 2, 3, 4])
    table = reshaping.spread_column(frame, SpreadColumn(column="who", values=("a", "b"), steps="step"))
    assert table.index.equals(pd.RangeIndex(10, 31, 10))
    np.testing.assert_array_equal(table, [[1, NAN], [NAN, 3], [2, 4]])
    with pytest.raises(DataError, match="doesn't count steps"):
        reshaping.spread_column(
            frame.assign(step=[0.5, 1, 2, 3]), SpreadColumn(column="who", values=("a",), steps="step")
        )


def test_a_wide_table_becomes_long_row_by_row():
    frame = raw_frame(land=["North", "South"], **{"1990 [YR1990]": [1.0, NAN], "1991 [YR1991]": [2.0, 3.0]})
    long = reshaping.unpivot(frame, Unpivot(ids=("land",), time="year"))
    assert long.to_dict("list") == {
        "land": ["North", "North", "South"], "year": [1990, 1991, 1991], "value": [1, 2, 3]
    }  # fmt: skip
    text = frame.assign(**{"1991 [YR1991]": ["2 p", ":"], "all": [9.0, 9.0]}).astype({"1991 [YR1991]": "str"})
    long = reshaping.unpivot(text, Unpivot(ids=("land",), left_out=("all",)))
    assert long["value"].tolist() == ["1", "2 p"]  # “:” says that nothing is known
    with pytest.raises(DataError, match="No column is left for the times"):
        reshaping.unpivot(frame[["land"]], Unpivot(ids=("land",)))
    with pytest.raises(ValidationError, match="named twice"):
        Unpivot(ids=("time",))


def test_each_word_becomes_a_column_of_its_own():
    frame = raw_frame(x=[1.0, 2, 3], sky=["sun", "rain", None], y=[4.0, 5, 6])
    table = reshaping.one_hot(frame, OneHot(column="sky", values=("rain", "sun")))
    assert table.to_dict("list") == {
        "x": [1, 2, 3], "sky: rain": [0, 1, 0], "sky: sun": [1, 0, 0], "y": [4, 5, 6]
    }  # fmt: skip
    with pytest.raises(DataError, match="same name"):
        reshaping.one_hot(frame.assign(**{"sky: sun": 1.0}), OneHot(column="sky", values=("sun",)))


def test_a_cell_is_repeated_in_the_empty_ones_below_it():
    frame = raw_frame(land=[None, "North", None, "South", None], x=range(5))
    table = reshaping.fill_down(frame, FillDown(columns=("land",)))
    assert table["land"].isna().tolist() == [True, False, False, False, False]
    assert table["land"].tolist()[1:] == ["North", "North", "South", "South"]
