"""The doctor finds what is wrong, says it plainly with its place, and its steps give the clean table back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data import load
from components.data.cleaning.doctor import examine, propose, settle
from components.data.cleaning.steps import clean_table
from components.data.cleaning.steps.step_description import describe_step
from components.data.datasets import check_table
from components.data.sources.samples import SERIES_SAMPLES
from components.data.sources.synthetic.series import SERIES as MADE
from components.errors import DataError
from components.recipe import (
    DropColumns,
    FillMissing,
    Forecast,
    Generated,
    Preparation,
    ReadNumbers,
    Recipe,
    Sample,
    SetTime,
    TreatAsMissing,
)
from tests.data.cleaning.doctor.frames import (
    EVEN,
    HOURS,
    NOISE,
    examine_frame,
    raw_frame,
    require_finding,
)

CLEAN = pd.DataFrame(
    {"x": (5 + np.sin(np.arange(200) / 5) + NOISE / 10).round(2), "y": (1000 + NOISE * 300).round(1)},
    index=HOURS,
)
JUNK = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "NA", "2020-01-01", "01/02/2020", "31.12.1999 24:00", "10:30", "1,234", "1.234,5", "5 kg"]
    ),
    st.sampled_from(
        ["-999", "12 %", "=1+1", "Total", "Jan 2020", "20200131", "1e400", "(5)", "2020-01-01T00:00Z"]
    ),
    st.floats(-1e5, 1e5).map("{:.2f}".format),
    st.none(),
)
TIMES = st.datetimes(pd.Timestamp("1800-01-01"), pd.Timestamp("2200-01-01")) | st.just(pd.NaT)
NUMBERS = (
    st.floats(width=64)
    | st.integers(1, 12).map(float)
    | st.sampled_from([-999.0, 2020.0, 1.6e9, 20200131.0, 0.0])
)


@pytest.mark.parametrize("name", SERIES_SAMPLES)
def test_the_samples_are_clean(name):
    table = load(Sample(name=name)).table
    found = examine_frame(table)
    assert found.table_is_ready
    assert [finding.key for finding in found.findings if finding.severity != "note"] == []
    pd.testing.assert_frame_equal(found.cleaned_frame, table)
    assert propose(table, EVEN) == ()


@pytest.mark.parametrize("name", MADE)
def test_made_series_are_clean(name):
    table = load(Generated(name=name)).table
    found = examine_frame(table)
    assert found.table_is_ready and propose(table, EVEN) == ()


@given(
    values=st.lists(st.floats(-1e3, 1e3, width=32), min_size=30, max_size=60, unique=True),
    rhythm=st.sampled_from(["h", "D", "B", "W", "MS", "ME", "YS", "5min"]),
)
def test_a_clean_table_gets_its_time_and_nothing_else(values, rhythm):
    values = [value for value in values if abs(value) not in {99.0, 999.0, 200.0, 888.0}]
    frame = raw_frame(when=pd.date_range("2000-01-31", periods=len(values), freq=rhythm), x=values)
    assert settle(frame, EVEN) == propose(frame, EVEN) == (SetTime(columns=("when",)),)
    found = examine_frame(frame, SetTime(columns=("when",)))
    assert found.table_is_ready and {finding.severity for finding in found.findings} <= {"note"}
    assert found.cleaned_frame["x"].tolist() == values
    assert list(found.cleaned_frame.index) == list(frame["when"])


def test_a_step_that_cannot_be_done_is_a_finding():
    found = examine_frame(
        raw_frame(t=HOURS, x=NOISE),
        SetTime(columns=("t",)),
        DropColumns(columns=("x",)),
        TreatAsMissing(columns=("x",), values=(1.0,)),
    )
    assert not found.table_is_ready and "Step 3" in require_finding(found, "step").sentence


def test_mends_made_already_stay_and_come_first():
    frame = raw_frame(a=["1,234", "5,678"] * 20, b=[None, *["2,5", "3"] * 19, "7,25"])
    answer = ReadNumbers(columns=("a",), decimal=",")
    made = propose(frame, EVEN, [answer])
    assert made[0] == answer and len(made) == 3
    assert examine_frame(frame, *made).table_is_ready


def test_findings_name_rows_as_the_file_counts_them():
    found = examine(
        raw_frame(x=["1", "oops", "3"]), (), EVEN, record_name=lambda record: f"line {10 * record}"
    )
    assert "line 10" in require_finding(found, "numbers and words").sentence


def test_every_mend_has_its_words():
    frame = messy_copy(CLEAN, "%d.%m.%Y", split=True, comma=True, seed=3)
    for step in propose(frame, EVEN):
        assert 10 < len(describe_step(step)) < 200
    assert (
        describe_step(SetTime(columns=("Date", "Time"), parts=("date", "time")))
        == "Time read from “Date” and “Time”"
    )
    assert describe_step(FillMissing()) == "Missing values interpolated linearly"


def test_what_was_cured_is_repeated_by_the_recipe():
    frame = messy_copy(CLEAN, "%d.%m.%Y", split=True, comma=True, seed=5)
    made = propose(frame, EVEN)
    recipe = Recipe(dataset=Sample(name="x"), preparation=Preparation(mends=made), task=Forecast(target="x"))
    again = Recipe.from_url(recipe.to_url())
    pd.testing.assert_frame_equal(
        clean_table(frame, again.preparation.mends, again.preparation),
        clean_table(frame, made, EVEN),
        check_exact=True,
    )


def messy_copy(clean: pd.DataFrame, date: str, *, split: bool, comma: bool, seed: int) -> pd.DataFrame:
    """Shuffle, repeat, leave out, put sentinels in, write for people."""
    rng = np.random.default_rng(seed)
    middle = np.arange(1, len(clean) - 1)
    kept = np.setdiff1d(np.arange(len(clean)), rng.choice(middle, 5, replace=False))
    rows = rng.permutation(np.concatenate([kept, rng.choice(kept, 4)]))
    table = clean.iloc[rows].copy()
    table.loc[table.index.isin(clean.index[rng.choice(middle, 6)]), "x"] = -999.0
    texts = {name: [f"{value:,.2f}" for value in table[name]] for name in table}
    if comma:
        texts = {
            name: [cell.translate(str.maketrans(",.", ".,")) for cell in cells]
            for name, cells in texts.items()
        }
    times = (
        {"Date": table.index.strftime(date), "Time": table.index.strftime("%H:%M")}
        if split
        else {"When": table.index.strftime(f"{date} %H:%M")}
    )
    return raw_frame(**times, **texts)


@settings(max_examples=25)
@given(
    date=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %b %Y"]),
    split=st.booleans(),
    comma=st.booleans(),
    seed=st.integers(0, 10**6),
)
def test_a_cured_table_has_the_clean_values_again(date, split, comma, seed):
    frame = messy_copy(CLEAN, date, split=split, comma=comma, seed=seed)
    made = propose(frame, EVEN)
    found = examine_frame(frame, *made)
    assert found.table_is_ready and not [one for one in found.findings if one.severity != "note"]
    table = found.cleaned_frame
    assert list(table.index) == list(HOURS)
    there = pd.to_datetime(
        frame["When"] if not split else frame["Date"] + " " + frame["Time"], format=f"{date} %H:%M"
    )
    known = HOURS.isin(there)
    assert table["y"][known].tolist() == CLEAN["y"][known].tolist()
    known &= ~HOURS.isin(there[frame["x"].str.startswith("-999")])
    assert table["x"][known].tolist() == CLEAN["x"][known].tolist()
    assert table["x"].between(CLEAN["x"].min(), CLEAN["x"].max()).all()  # what was filled lies between


@st.composite
def junk_frames(draw: st.DrawFn) -> pd.DataFrame:
    rows = draw(st.integers(0, 25))
    names = draw(
        st.lists(
            st.sampled_from(["date", "time", "year", "month", "hour", "x", "y", "x y", "", "día"])
            | st.text(max_size=5),
            max_size=5,
            unique=True,
        )
    )
    kinds = {"str": JUNK, "float64": NUMBERS, "datetime64[us]": TIMES}
    columns = {}
    for name in names:
        kind = draw(st.sampled_from(sorted(kinds)))
        cells = draw(st.lists(kinds[kind], min_size=rows, max_size=rows))
        columns[name] = pd.Series(cells, dtype=kind)
    return pd.DataFrame(columns, index=pd.RangeIndex(rows))


@settings(max_examples=20)
@given(junk_frames())
def test_junk_is_examined_and_cured_without_a_crash(frame):
    for made in (settle(frame, EVEN), propose(frame, EVEN), propose(frame, EVEN, target="x")):
        found = examine(frame, made, EVEN, target="x")
        if found.table_is_ready:
            check_table(found.cleaned_frame, "junk")
        else:
            assert [finding for finding in found.findings if finding.severity == "must"]
        for finding in found.findings:
            assert finding.sentence and (finding.choice != "open" or finding.fixes)
            for offer in finding.fixes:
                try:
                    clean_table(frame, [*made, offer.cleaning_step], EVEN)
                except DataError as error:
                    assert error.remedy or error.what
