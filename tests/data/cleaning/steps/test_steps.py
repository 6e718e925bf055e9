"""Steps do the same every time, never look into a later part of the split, and say why where they fail."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.splits.time_split import time_split
from components.errors import DataError
from components.recipe import (
    AddMissingTimes,
    CleaningStep,
    DropColumns,
    DropRepeats,
    FillMissing,
    Resample,
    SetTime,
    SortRows,
    StandardTime,
    TreatAsMissing,
)
from tests.data.cleaning.steps.frames import HALVES, NAN, clean, raw_frame


@st.composite
def frames_with_gaps(draw: st.DrawFn) -> tuple[pd.DataFrame, list[CleaningStep]]:
    """Draw a table with gaps, in order of time but for repeats and missing times, and what cleaning steps
    it."""
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


@pytest.mark.parametrize(
    ("mends", "where", "what"),
    [
        ([SortRows()], "time", "no times"),
        ([SetTime(columns=("day",))], "column “day”", "no such column"),
        ([SetTime(columns=("t",)), SetTime(columns=("x",), parts=("digits",))], "time", "already"),
        ([SetTime(columns=("t",)), Resample(unit="day")], "time", "sorted"),
        ([SetTime(columns=("t",)), FillMissing()], "time", "sorted"),
        ([SetTime(columns=("again",)), FillMissing()], "time", "more than once"),
        ([SetTime(columns=("t",)), StandardTime(zone="Moon/Base")], "time", "Moon/Base"),
        ([FillMissing(), SetTime(columns=("t",))], "time", "no times yet"),
        ([DropColumns(columns=("x", "gone"))], "column “gone”", "no such column"),
        ([TreatAsMissing(columns=("word",), values=(1.0,))], "column “word”", "doesn't hold numbers"),
        (
            [SetTime(columns=("t",)), SortRows(), Resample(unit="day")],
            "column “word”",
            "doesn't hold numbers",
        ),
        ([FillMissing(columns=("none",))], "column “none”", "All its values are missing"),
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


def test_steps_that_take_too_long_together_are_refused_at_the_one_that_they_reach(monkeypatch):
    monkeypatch.setattr("components.data.cleaning.steps.MOST_SECONDS", 0.0)
    frame = raw_frame(t=pd.date_range("2020-01-01", periods=4, freq="h"), x=[1.0, 2.0, 3.0, 4.0])
    with pytest.raises(DataError, match="take longer than 0 seconds") as caught:
        clean(frame, *[AddMissingTimes(unit="hour")] * 100)
    assert caught.value.where.startswith("step ") and caught.value.remedy
