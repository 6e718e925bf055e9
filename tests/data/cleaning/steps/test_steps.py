"""Each mend does what it says, every time the same, and none looks into a later part of the split."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from components.data.cleaning.steps import clean_table, static_features
from components.data.cleaning.steps.step_description import describe_step
from components.data.splits.time_split import time_split
from components.errors import DataError
from components.recipe import (
    AddMissingTimes,
    CleaningStep,
    DropColumns,
    DropRepeats,
    DropUntimed,
    FillMissing,
    Preparation,
    ReadNumbers,
    Resample,
    SetTime,
    SortRows,
    SpreadColumn,
    StandardTime,
    StaticFeature,
    TreatAsMissing,
)

HALVES = Preparation(validation=0.25, test=0.25)
NAN = np.nan


def raw_frame(**columns) -> pd.DataFrame:
    """Make a table as it comes from a file."""
    frame = pd.DataFrame(columns)
    texts = [name for name in frame if frame[name].dtype.kind not in "fM"]
    whole = [name for name in texts if pd.api.types.is_integer_dtype(frame[name])]
    return frame.astype({name: "float64" if name in whole else "str" for name in texts})


def timed_frame(times, **columns) -> pd.DataFrame:
    return clean_table(raw_frame(t=times, **columns), [SetTime(columns=("t",))], HALVES)


def clean(frame: pd.DataFrame, *mends: CleaningStep) -> pd.DataFrame:
    before = frame.copy(deep=True)
    table = clean_table(frame, mends, HALVES)
    pd.testing.assert_frame_equal(frame, before)  # it is never changed in place
    return table


# --- Times -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "parts", "first"),
    [
        ({"t": ["31.01.2020 10:30"]}, ("date",), "2020-01-31 10:30"),
        ({"t": [pd.Timestamp("2020-01-31 10:30")]}, ("date",), "2020-01-31 10:30"),
        ({"t": [pd.Timestamp("2020-01-31 10:30+02:00")]}, ("date",), "2020-01-31 08:30"),
        ({"d": ["31.01.2020"], "c": ["18.30.00"]}, ("date", "time"), "2020-01-31 18:30"),
        ({"d": [pd.Timestamp("2020-01-31")], "c": [0.75]}, ("date", "time"), "2020-01-31 18:00"),
        ({"d": ["2020-01-31"], "h": [24]}, ("date", "hour"), "2020-02-01"),
        ({"y": [2020], "m": [2], "d": [29]}, ("year", "month", "day"), "2020-02-29"),
        ({"y": [2020], "m": ["März"]}, ("year", "month"), "2020-03-01"),
        ({"y": ["2020"], "m": ["03"]}, ("year", "month"), "2020-03-01"),
        ({"y": [2020], "q": [3]}, ("year", "quarter"), "2020-07-01"),
        (
            {"y": [2020], "h": [7], "min": [30], "s": [5]},
            ("year", "hour", "minute", "second"),
            "2020-01-01 07:30:05",
        ),
        ({"t": [20200131]}, ("digits",), "2020-01-31"),
        ({"t": [202001]}, ("digits",), "2020-01-01"),
        ({"t": [202001311530]}, ("digits",), "2020-01-31 15:30"),
        ({"t": [20200131153059]}, ("digits",), "2020-01-31 15:30:59"),
        ({"t": [2020.5]}, ("decimal_year",), "2020-07-02"),
        ({"t": [1949.083]}, ("decimal_month",), "1949-02-01"),
        ({"t": [1974.0417]}, ("decimal_month",), "1974-01-01"),
        ({"t": [1.6e9]}, ("unix_seconds",), "2020-09-13 12:26:40"),
        ({"t": [1.6e12]}, ("unix_milliseconds",), "2020-09-13 12:26:40"),
        ({"t": [1.6e18]}, ("unix_nanoseconds",), "2020-09-13 12:26:40"),
        ({"t": [43831.75]}, ("serial_days",), "2020-01-01 18:00"),
    ],
)
def test_the_time_is_put_together_from_whatever_holds_it(columns, parts, first):
    table = clean(raw_frame(**columns, x=[1.0]), SetTime(columns=tuple(columns), parts=parts))
    assert table.index[0] == pd.Timestamp(first)
    assert list(table.columns) == ["x"]


@pytest.mark.parametrize(
    ("columns", "parts"),
    [
        ({"t": ["soon"]}, ("date",)),
        ({"t": [NAN]}, ("digits",)),
        ({"t": [1e300]}, ("unix_seconds",)),
        ({"t": [-5.0]}, ("decimal_year",)),
        ({"y": [2021], "m": [2], "d": [29]}, ("year", "month", "day")),
        ({"y": [2021], "h": [25]}, ("year", "hour")),
        ({"d": ["2020-01-01"], "c": ["late"]}, ("date", "time")),
    ],
)
def test_what_is_no_time_is_missing(columns, parts):
    table = clean(raw_frame(**columns, x=[1.0]), SetTime(columns=tuple(columns), parts=parts))
    assert table.index.isna().all()
    assert len(clean(table, DropUntimed())) == 0


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney"])
@pytest.mark.parametrize("turned", [False, True])
def test_daylight_saving_leaves_no_gap_and_no_repeat(zone, turned):
    clock = pd.date_range("2020-01-01", "2021-01-01", freq="30min", tz=zone).tz_localize(None)
    frame = raw_frame(t=clock, x=np.arange(len(clock), dtype=float))
    if turned:
        frame = frame.iloc[::-1].reset_index(drop=True)
    table = clean(frame, SetTime(columns=("t",)), StandardTime(zone=zone), SortRows())
    assert (np.diff(table.index) == np.timedelta64(30, "m")).all()
    assert table["x"].is_monotonic_increasing
    winter = "2020-01-15 12:00" if zone != "Australia/Sydney" else "2020-07-15 12:00"
    assert table.loc[winter, "x"] == frame.set_index("t").loc[winter, "x"]  # the clock is right in winter


# --- Numbers and columns ---------------------------------------------------------------------------


def test_numbers_are_read_and_what_is_none_is_missing():
    table = clean(
        raw_frame(a=["1.234,5 €", "n/a", "oops"], b=["7", None, "1,5"], c=[1.0, 2.0, 3.0]),
        ReadNumbers(columns=("a", "b", "c"), decimal=",", thousands=".", units=("€",)),
    )
    wanted = pd.DataFrame({"a": [1234.5, NAN, NAN], "b": [7, NAN, 1.5], "c": [1.0, 2, 3]})
    pd.testing.assert_frame_equal(table, wanted)


def test_sentinels_become_missing_in_their_columns_only():
    table = clean(
        raw_frame(a=[1.0, -200.0, 9999.0], b=[-200.0, 0.0, 1.0]),
        TreatAsMissing(columns=("a",), values=(-200, 9999)),
    )
    pd.testing.assert_frame_equal(table, pd.DataFrame({"a": [1.0, NAN, NAN], "b": [-200.0, 0, 1]}))


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
    with pytest.raises(ValidationError, match="no more and no less"):
        SpreadColumn(column="city", values=("Oslo",), traits=spread.traits)


def test_columns_are_left_out():
    assert list(clean(raw_frame(a=[1.0], b=["x"]), DropColumns(columns=("b",))).columns) == ["a"]


# --- Rows ------------------------------------------------------------------------------------------


def test_the_newest_first_is_turned_round():
    table = clean(timed_frame(["2020-01-03", "2020-01-02", "2020-01-02"], x=[4, 3, 2]), SortRows())
    assert table["x"].tolist() == [2, 3, 4]


def test_rows_out_of_order_are_sorted_and_those_of_one_time_keep_theirs():
    table = clean(timed_frame(["2020-01-02", "2020-01-01", "2020-01-02"], x=[1, 2, 3]), SortRows())
    assert table["x"].tolist() == [2, 1, 3]


@pytest.mark.parametrize(("how", "value"), [("first", 1), ("last", 4), ("mean", 2.5), ("sum", 5)])
def test_of_several_rows_of_one_time_one_is_made(how, value):
    frame = timed_frame(["2020-01-01", "2020-01-01", "2020-01-01", "2020-01-02"], x=[1, NAN, 4, 9])
    assert clean(frame, DropRepeats(how=how))["x"].tolist() == [value, 9]


@pytest.mark.parametrize("how", ["sum", "mean", "first", "last", "min", "max"])
def test_what_is_missing_is_passed_over_and_so_is_infinity(how):
    hours = ["2020-01-01 00:00", "2020-01-01 00:20", "2020-01-01 00:40", "2020-01-01 01:00"]
    frame = timed_frame(hours, x=[np.inf, 4, NAN, NAN], y=[1, 2, 3, 4])
    table = clean(frame, Resample(unit="hour", how=how))
    np.testing.assert_array_equal(table["x"], [4, NAN])
    assert table["y"].iloc[1] == 4 and frame["x"].iloc[0] == np.inf


def test_missing_times_get_empty_rows():
    frame = timed_frame(["2020-01-31", "2020-02-29", "2020-05-31"], x=[1, 2, 3])
    table = clean(frame, AddMissingTimes(unit="month"))
    assert [str(day.date()) for day in table.index[2:4]] == ["2020-03-31", "2020-04-30"]
    np.testing.assert_array_equal(table["x"], [1, 2, NAN, NAN, 3])
    assert table.index.name == "t"


def test_weekends_are_not_missing_from_business_days():
    days = pd.date_range("2020-01-01", periods=10, freq="B").delete(4)
    table = clean(timed_frame(days, x=np.arange(9.0)), AddMissingTimes(unit="business_day"))
    assert len(table) == 10 and table["x"].isna().sum() == 1


@pytest.mark.parametrize(
    ("count", "unit", "first"),
    [
        (10, "minute", "2020-01-03 10:00"),
        (1, "hour", "2020-01-03 10:00"),
        (6, "hour", "2020-01-03 06:00"),
        (1, "day", "2020-01-03"),
        (1, "week", "2019-12-30"),
        (3, "month", "2020-01-01"),
        (1, "year", "2020-01-01"),
    ],
)
def test_stretches_begin_at_the_round_time(count, unit, first):
    frame = timed_frame(["2020-01-03 10:01", "2020-01-03 10:09", "2020-01-03 10:59"], x=[1, 2, 6])
    table = clean(frame, Resample(count=count, unit=unit, how="sum"))
    assert table.index[0] == pd.Timestamp(first)
    assert table["x"].sum() == 9 and table.index.name == "t"


@given(
    steps=st.lists(st.integers(0, 200), min_size=1, max_size=40),
    unit=st.sampled_from(["minute", "hour", "day", "month"]),
    how=st.sampled_from(["mean", "sum", "first", "last", "min", "max"]),
    data=st.data(),
)
def test_resampling_equals_that_of_pandas(steps, unit, how, data):
    values = st.floats(-1e6, 1e6) | st.just(NAN)
    x = np.array(data.draw(st.lists(values, min_size=len(steps), max_size=len(steps))))
    times = pd.Timestamp("2020-01-30") + pd.to_timedelta(
        np.cumsum(steps), unit="h" if unit in "day month" else "min"
    )
    table = clean(timed_frame(times, x=x), Resample(unit=unit, how=how))
    rule = {"minute": "min", "hour": "h", "day": "D", "month": "MS"}[unit]
    resampler = pd.Series(x, times).resample(rule)
    wanted = resampler.sum(min_count=1) if how == "sum" else getattr(resampler, how)()
    assert list(table.index) == list(wanted.index)
    np.testing.assert_allclose(table["x"], wanted, rtol=1e-9, atol=1e-9)


def test_a_table_that_would_not_fit_is_refused():
    frame = timed_frame(["1900-01-01", "2020-01-01"], x=[1, 2])
    for step in (Resample(unit="second"), AddMissingTimes(unit="second")):
        with pytest.raises(DataError, match="longer step"):
            clean(frame, step)


# --- Filling ---------------------------------------------------------------------------------------


def test_gaps_are_filled_in_time_and_not_across_the_split():
    """Of eight rows the last four are validation and test, two and two."""
    x = [NAN, 1, NAN, 3, NAN, 5, 6, NAN, 8]
    table = clean(raw_frame(x=x), FillMissing())
    assert table["x"].tolist() == [1, 2, 3, 3, 5, 6, 6, 8]
    assert isinstance(table.index, pd.RangeIndex)
    uneven = timed_frame(
        ["2020-01-01", "2020-01-02", "2020-01-05", *pd.date_range("2020-01-06", periods=5)],
        x=[1, NAN, 5, *x[-5:]],
    )
    assert clean(uneven, FillMissing())["x"].iloc[1] == 2


def test_a_gap_goes_on_from_a_value_whose_row_is_left_out():
    table = clean(raw_frame(x=[3, NAN, NAN], y=[NAN, 1, 2]), FillMissing())
    assert table[["x", "y"]].to_numpy().tolist() == [[3, 1], [3, 2]]


def test_the_other_ways_to_fill():
    assert clean(raw_frame(x=[1, NAN, 3, 4, 5, 6]), FillMissing(how="forward"))["x"].tolist() == [
        1,
        1,
        3,
        4,
        5,
        6,
    ]
    frame = raw_frame(x=[1, NAN, 3], y=[1, 2, np.inf])
    assert clean(frame, FillMissing(how="drop")).to_numpy().tolist() == [[1, 1]]
    assert clean(frame, FillMissing(columns=("x",), how="drop"))["y"].tolist() == [1, np.inf]


def test_the_end_is_filled_forward():
    assert clean(raw_frame(x=[1, 2, NAN, NAN]), FillMissing())["x"].tolist() == [1, 2, 2, 2]


@st.composite
def frames_with_gaps(draw: st.DrawFn) -> tuple[pd.DataFrame, list[CleaningStep]]:
    """Draw a table with gaps, in order of time but for repeats and missing times, and what mends it."""
    steps = draw(st.lists(st.sampled_from([0, 1, 1, 1, 2, 5]), min_size=8, max_size=40))
    values = st.floats(-100, 100) | st.just(NAN) | st.just(-999.0)
    table = {
        name: [1.0, *draw(st.lists(values, min_size=len(steps) - 1, max_size=len(steps) - 1))]
        for name in "xy"
    }
    frame = raw_frame(t=pd.Timestamp("2020-01-01") + pd.to_timedelta(np.cumsum(steps), unit="h"), **table)
    rows = draw(
        st.sampled_from(
            [
                [DropRepeats(how="first")],
                [DropRepeats(how="mean"), AddMissingTimes(unit="hour")],
                [Resample(unit="hour", count=3)],
            ]
        )
    )
    fill = FillMissing(how=draw(st.sampled_from(["interpolate", "forward"])))
    late = [Resample(unit="hour", count=6)] if draw(st.booleans()) else []
    sentinel = TreatAsMissing(columns=("x", "y"), values=(-999.0,))
    return frame, [SetTime(columns=("t",)), sentinel, *rows, fill, *late, FillMissing()]


@given(frames_with_gaps(), st.sampled_from([0, 1]), st.randoms(use_true_random=False))
def test_nothing_before_a_fence_changes_when_all_after_it_is_garbage(drawn, which, random):
    frame, mends = drawn
    table = clean(frame, *mends)
    if len(table) < 3:
        return
    parts = time_split(len(table), HALVES)
    fence = (parts.validation.start, parts.test.start)[which]
    later = frame["t"] >= table.index[fence]
    garbage = [random.choice([NAN, -999.0, 1e9, random.uniform(-5, 5)]) for _ in range(int(later.sum()))]
    spoilt = frame.copy()
    spoilt.loc[later, "x"] = garbage
    pd.testing.assert_frame_equal(clean(spoilt, *mends).iloc[:fence], table.iloc[:fence])


@given(frames_with_gaps())
def test_mends_do_the_same_every_time_and_leave_nothing_missing(drawn):
    frame, mends = drawn
    table = clean(frame, *mends)
    pd.testing.assert_frame_equal(clean(frame, *mends), table, check_exact=True)
    assert np.isfinite(table.to_numpy()).all()


# --- What doesn't go -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mends", "where", "what"),
    [
        ([SortRows()], "time", "no times"),
        ([SetTime(columns=("day",))], "column “day”", "no such column"),
        ([SetTime(columns=("t",)), SetTime(columns=("x",), parts=("digits",))], "time", "already"),
        ([SetTime(columns=("t",)), Resample(unit="day")], "time", "in order"),
        ([SetTime(columns=("t",)), FillMissing()], "time", "in order"),
        ([SetTime(columns=("again",)), FillMissing()], "time", "more than once"),
        ([SetTime(columns=("t",)), StandardTime(zone="Moon/Base")], "time", "Moon/Base"),
        ([FillMissing(), SetTime(columns=("t",))], "time", "no times yet"),
        ([DropColumns(columns=("x", "gone"))], "column “gone”", "no such column"),
        ([TreatAsMissing(columns=("word",), values=(1.0,))], "column “word”", "no numbers"),
        ([SetTime(columns=("t",)), SortRows(), Resample(unit="day")], "column “word”", "no numbers"),
        ([FillMissing(columns=("none",))], "column “none”", "All of it is missing"),
    ],
)
def test_a_mend_that_does_not_fit_says_why(mends, where, what):
    frame = raw_frame(
        t=["2020-01-02", "2020-01-01", "2020-01-03"],
        x=[1, NAN, 3],
        again=["2020"] * 3,
        word=["a", "b", "c"],
        none=[NAN] * 3,
    )
    keep = {column for one in mends for column in getattr(one, "columns", None) or ()} | {"t", "x"}
    if where == "column “word”":
        keep.add("word")
    with pytest.raises(DataError, match=what) as caught:
        clean(frame[[column for column in frame if column in keep]], *mends)
    assert caught.value.where in {f"step 1, {where}", f"step {len(mends)}, {where}"}
