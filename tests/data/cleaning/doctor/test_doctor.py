"""The doctor finds what is wrong, says it plainly with its place, and its mends give the clean table back."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data import load
from components.data.cleaning.doctor import Diagnosis, Finding, examine, propose, settle
from components.data.cleaning.steps import clean_table
from components.data.cleaning.steps.step_description import describe_step
from components.data.datasets import check_table
from components.data.sources.samples import SERIES_SAMPLES
from components.data.sources.synthetic.series import SERIES as MADE
from components.errors import DataError
from components.recipe import (
    AddMissingTimes,
    DropColumns,
    DropRepeats,
    FillMissing,
    Forecast,
    Generated,
    Preparation,
    ReadNumbers,
    Recipe,
    Resample,
    RoundTimes,
    Sample,
    SetTime,
    SortRows,
    SpreadColumn,
    StandardTime,
    StaticFeature,
    TreatAsMissing,
)

EVEN = Preparation()
RNG = np.random.default_rng(7)
HOURS = pd.date_range("2021-03-08 05:00", periods=200, freq="h")
NOISE = RNG.normal(size=200).round(3)


def raw_frame(**columns) -> pd.DataFrame:
    """Make a table as it comes from a file: text, numbers or times."""
    frame = pd.DataFrame(columns)
    kinds = {name: frame[name].dtype.kind for name in frame}
    return frame.astype(
        {name: "float64" if kind in "iu" else "str" for name, kind in kinds.items() if kind not in "fM"}
    )


def examine_frame(frame: pd.DataFrame, *mends, target: str | None = None) -> Diagnosis:
    return examine(frame, mends, EVEN, target=target)


def require_finding(diagnosis: Diagnosis, key: str) -> Finding:
    found = [finding for finding in diagnosis.findings if finding.key == key]
    assert len(found) == 1, diagnosis.findings
    return found[0]


def first_step(frame: pd.DataFrame, key: str, *mends):
    return require_finding(examine_frame(frame, *mends), key).fixes[0].cleaning_step


# --- A clean table ---------------------------------------------------------------------------------


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


# --- Times -----------------------------------------------------------------------------------------

MONTHS = pd.date_range("1990-01-01", periods=60, freq="MS")


@pytest.mark.parametrize(
    ("columns", "times"),
    [
        ({"Date": HOURS.strftime("%d/%m/%Y %H:%M")}, HOURS),
        ({"Datum": HOURS.strftime("%d.%m.%Y"), "Uhrzeit": HOURS.strftime("%H.%M.%S")}, HOURS),
        ({"date": HOURS.normalize(), "hour": HOURS.hour}, HOURS),
        ({"year": HOURS.year, "month": HOURS.month, "day": HOURS.day, "hour": HOURS.hour}, HOURS),
        ({"YEAR": MONTHS.year, "Month": MONTHS.strftime("%b")}, MONTHS),
        ({"year": MONTHS.year, "quarter": MONTHS.quarter}, MONTHS[::3]),
        ({"timestamp": HOURS.astype("int64") // 10**6}, HOURS),
        ({"epoch_ms": HOURS.astype("int64") // 10**3}, HOURS),
        ({"day": MONTHS.strftime("%Y%m%d").astype("int64")}, MONTHS),
        ({"period": MONTHS.strftime("%Y%m")}, MONTHS),
        ({"time": (MONTHS.year + (MONTHS.month - 1) / 12).to_numpy().round(3)}, MONTHS),
        ({"Year": np.arange(1900, 1960)}, pd.date_range("1900", periods=60, freq="YS")),
        ({"": np.arange(1900, 1960)}, pd.date_range("1900", periods=60, freq="YS")),
        ({"": HOURS.strftime("%Y-%m-%d %H:%M:%S")}, HOURS),
        (
            {"date": 25569.0 + 25 * 365 + np.arange(60)},
            pd.Timestamp("1970-01-01") + pd.to_timedelta(25 * 365 + np.arange(60), unit="D"),
        ),
        ({"a": HOURS.strftime("%Y-%m-%dT%H:%M:%S+02:00")}, HOURS - pd.Timedelta("2h")),
    ],
    ids=lambda case: " and ".join(case) if isinstance(case, dict) else "",
)
def test_the_columns_of_the_time_are_found(columns, times):
    frame = raw_frame(**columns, x=RNG.normal(size=len(next(iter(columns.values())))))
    if "quarter" in columns:
        frame = frame.iloc[::3].reset_index(drop=True)
    made = propose(frame, EVEN)
    table = clean_table(frame, made, EVEN)
    assert list(table.index) == list(times), made
    assert list(table.columns) == ["x"]


def test_columns_that_are_no_times_stay_numbers():
    frame = raw_frame(
        x=[1000.5, 1001.5, 1003.0, 1004.25] * 10, price=np.arange(40) + 20_000.0, minute=NOISE[:40]
    )
    assert propose(frame, EVEN) == ()


def test_day_or_month_is_asked_where_nothing_tells():
    days = pd.date_range("2020-02-01", periods=9, freq="MS")
    frame = raw_frame(day=days.strftime("%m/%d/%Y"), x=range(9))
    found = require_finding(examine_frame(frame), "day or month")
    assert (found.severity, found.choice) == ("must", "open")
    assert {offer.cleaning_step.order for offer in found.fixes} == {"day_first", "month_first"}
    assert "“02/01/2020” in row 2" in found.sentence
    assert {offer.label for offer in found.fixes} == {
        "02/01/2020 is 2 January 2020",
        "02/01/2020 is 1 February 2020",
    }
    assert settle(frame, EVEN) == propose(frame, EVEN) == ()  # only a person can tell
    answer = next(offer.cleaning_step for offer in found.fixes if offer.cleaning_step.order == "month_first")
    assert list(clean_table(frame, [answer], EVEN).index) == list(days)


def test_where_only_one_order_gives_even_rows_it_goes_first():
    times = pd.date_range("2021-03-01", periods=200, freq="h")
    frame = raw_frame(t=times.strftime("%d/%m/%Y %H:%M"), x=NOISE)
    found = require_finding(examine_frame(frame), "day or month")
    assert (
        found.choice == "usual"
        and found.fixes[0].cleaning_step.order == "day_first"
        and len(found.fixes) == 2
    )
    assert settle(frame, EVEN) == () and list(clean_table(frame, propose(frame, EVEN), EVEN).index) == list(
        times
    )


def test_one_row_anywhere_decides():
    frame = raw_frame(day=["01/02/2020"] * 99 + ["02/13/2020"], x=range(100))
    assert first_step(frame, "time").order == "month_first"


def test_mixed_time_zones_are_asked():
    frame = raw_frame(
        t=["2020-01-01T10:00:00+02:00", "2020-01-01T09:00:00", "2020-01-01T12:00:00+02:00"], x=[1, 2, 3]
    )
    found = require_finding(examine_frame(frame), "time zones")
    assert (found.severity, found.choice, found.rows) == ("must", "open", (1,))
    utc, clock = (offer.cleaning_step for offer in found.fixes)
    assert clean_table(frame, [utc], EVEN).index.hour.tolist() == [8, 9, 10]
    assert clean_table(frame, [clock], EVEN).index.hour.tolist() == [10, 9, 12]


def test_a_cell_that_is_no_time_is_named_and_its_row_can_go():
    frame = raw_frame(
        day=[*pd.date_range("2020-01-01", periods=40).strftime("%Y-%m-%d"), "Total"], x=range(41)
    )
    found = require_finding(examine_frame(frame), "time")
    assert found.choice == "usual" and "row 42: “Total”" in found.sentence and found.rows == (40,)
    assert settle(frame, EVEN) == ()
    assert len(clean_table(frame, propose(frame, EVEN), EVEN)) == 40


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


# --- Cells -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "mend"),
    [
        (["1.234,56 €", "7,5 €"], ReadNumbers(columns=("x",), decimal=",", thousands=".", units=("€",))),
        (["1,234.56", "7.5"], ReadNumbers(columns=("x",), thousands=",")),
        (["12 %", "7.5 %"], ReadNumbers(columns=("x",), units=("%",))),
        (["1.25M", "312K"], ReadNumbers(columns=("x",), magnitudes=True)),
        (["1.5", "n/a"], ReadNumbers(columns=("x",))),
    ],
)
def test_numbers_written_for_people_are_read(cells, mend):
    assert settle(raw_frame(x=cells * 20), EVEN) == (mend,)


def test_what_could_be_thousands_is_asked_and_a_column_beside_it_answers():
    frame = raw_frame(x=["1,234", "5,678"] * 20)
    found = require_finding(examine_frame(frame), "numbers as text")
    assert found.choice == "open" and [offer.cleaning_step.decimal for offer in found.fixes] == [".", ","]
    assert [offer.label for offer in found.fixes] == ["Read “1,234” as 1234", "Read “1,234” as 1.234"]
    assert propose(frame, EVEN) == ()
    beside = frame.assign(y=raw_frame(y=["0,5", "2,25"] * 20)["y"])
    assert settle(beside, EVEN) == (ReadNumbers(columns=("x", "y"), decimal=","),)


def test_a_word_among_numbers_is_named_before_it_becomes_missing():
    frame = raw_frame(x=["1.5", "2.5", "oops", "4"] * 10)
    found = require_finding(examine_frame(frame), "numbers and words")
    assert (
        found.choice == "usual" and "10 cells are" in found.sentence and "“oops” in row 4" in found.sentence
    )
    assert found.rows[:2] == (2, 6)
    assert settle(frame, EVEN) == ()


def test_units_are_asked_before_they_are_mixed():
    found = require_finding(
        examine_frame(raw_frame(x=["5 kg", "7 kg", "8 kg", "300 g"] * 5)), "numbers and words"
    )
    assert "“kg” and “g”" in found.sentence
    assert [offer.cleaning_step.units for offer in found.fixes[:2]] == [("kg",), ("kg", "g")]


def test_a_column_of_which_half_is_words_is_asked():
    frame = raw_frame(x=["1.5", "many"] * 10, y=NOISE[:20])
    found = require_finding(examine_frame(frame), "numbers and words")
    assert found.choice == "open" and found.fixes[-1].cleaning_step == DropColumns(columns=("x",))
    assert propose(frame, EVEN) == ()


@pytest.mark.parametrize(
    ("values", "sentinels"),
    [
        ([1.5, 2.0, -200.0, 3.0, -200.0], (-200.0,)),
        ([647.0, 2040.0, -200.0, 900.0, -200.0], (-200.0,)),
        ([-5.0, 12.0, -999.0, 30.0], (-999.0,)),
        ([-5.0, 12.0, 9999.0, -9999.0, 30.0], (-9999.0, 9999.0)),
        ([0.5, 9.96921e36, 0.7], (9.96921e36,)),
        ([-150.0, -200.0, -180.0, 100.0], ()),
        ([900.0, 999.0, 1100.0], ()),
        ([997.0, 998.0, 999.0], ()),
        ([1.0, 2.0, 3.0], ()),
        ([999.0, 999.0], ()),
    ],
)
def test_sentinels_stand_far_from_all_else(values, sentinels):
    made = [
        mend
        for mend in propose(raw_frame(x=values * 8, y=NOISE[: 8 * len(values)]), EVEN)
        if mend.kind == "treat_as_missing"
    ]
    assert [mend.values for mend in made] == ([sentinels] if sentinels else [])


def test_empty_columns_and_words_are_left_out():
    frame = raw_frame(x=NOISE, sky=["sun", "rain"] * 100, nothing=[None] * 200)
    assert settle(frame, EVEN) == (DropColumns(columns=("nothing",)), DropColumns(columns=("sky",)))
    assert (
        "“sun”" in require_finding(examine_frame(frame, DropColumns(columns=("nothing",))), "words").sentence
    )


def test_a_table_of_words_is_not_ready_and_has_no_mend():
    found = examine_frame(raw_frame(name=["ann", "bob", "cid"]))
    assert not found.table_is_ready and require_finding(found, "no numbers").fixes == ()


# --- Rows ------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("times", "mend"),
    [
        (HOURS.delete([5, 6, 50]), AddMissingTimes(unit="hour")),
        (pd.date_range("2020-01-31", periods=40, freq="ME").delete(7), AddMissingTimes(unit="month")),
        (
            pd.date_range("2020-01-01", periods=40, freq="QS").delete(7),
            AddMissingTimes(count=3, unit="month"),
        ),
        (
            pd.date_range("2020-01-01", periods=40, freq="15min").delete(7),
            AddMissingTimes(count=15, unit="minute"),
        ),
        (pd.date_range("2020-01-01", periods=40, freq="W").delete(7), AddMissingTimes(unit="week")),
        (
            pd.date_range("2020-01-01", periods=60, freq="B").delete(range(0, 50, 5)),
            AddMissingTimes(unit="business_day"),
        ),
        (HOURS + pd.to_timedelta(RNG.integers(-60, 60, 200), unit="s"), RoundTimes(unit="hour")),
        (HOURS + pd.to_timedelta(RNG.integers(0, 3000, 200), unit="s"), Resample(unit="hour")),
        (HOURS[0] + pd.to_timedelta(np.cumsum(RNG.exponential(100, 200)), unit="s"), None),
    ],
)
def test_spacing(times, mend):
    frame = raw_frame(t=times, x=NOISE[: len(times)])
    found = [
        one
        for one in examine_frame(frame, SetTime(columns=("t",))).findings
        if one.key in {"gaps", "spacing"}
    ]
    assert len(found) == 1 and found[0].severity == "should"
    if mend is not None:
        assert found[0].fixes[0].cleaning_step == mend
    else:
        assert {offer.cleaning_step.how for offer in found[0].fixes} == {"mean", "sum"}


def test_nights_without_trade_are_no_gaps_to_be_filled():
    day = pd.date_range("2020-01-06 09:30", periods=20, freq="5min")
    times = pd.DatetimeIndex([time + pd.Timedelta(days=n) for n in range(10) for time in day])
    found = require_finding(examine_frame(raw_frame(t=times, x=NOISE), SetTime(columns=("t",))), "gaps")
    assert found.severity == "note"
    assert propose(raw_frame(t=times, x=NOISE), EVEN) == (SetTime(columns=("t",)),)


# --- What is missing -------------------------------------------------------------------------------


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


# --- What makes scores look better than they are ---------------------------------------------------


@pytest.mark.parametrize("steps", [1, 3, 24])
def test_a_column_that_shows_the_future_is_found(steps):
    walk = np.cumsum(NOISE)
    frame = raw_frame(y=walk, c=3 - 2 * np.roll(walk, -steps), past=np.roll(walk, steps), other=NOISE[::-1])
    found = require_finding(examine_frame(frame, target="y"), "leak")
    assert found.columns == ("c",) and f"{steps} row" in found.sentence
    assert propose(frame, EVEN, target="y") == (DropColumns(columns=("c",)),)
    assert propose(frame, EVEN) == ()  # without a target nothing can leak


def test_outliers_are_shown_and_never_removed_unasked():
    x = NOISE.copy()
    x[50] = 80
    frame = raw_frame(x=x)
    found = require_finding(examine_frame(frame), "outliers")
    assert found.severity == "note" and found.rows == (50,) and "80 in row 52" in found.sentence
    assert found.fixes[0].cleaning_step == TreatAsMissing(columns=("x",), values=(80.0,))
    assert propose(frame, EVEN) == ()


def test_a_test_part_that_was_seen_in_training_is_told():
    assert "100%" in require_finding(examine_frame(raw_frame(x=np.tile(NOISE[:50], 4))), "copies").sentence
    assert not [finding for finding in examine_frame(raw_frame(x=NOISE)).findings if finding.key == "copies"]


def test_other_notes():
    holiday = (np.arange(200) % 50 == 0).astype(float)
    keys = [
        finding.key
        for finding in examine_frame(raw_frame(x=NOISE, holiday=holiday, No=np.arange(200))).findings
    ]
    assert {"numbered", "rare", "counter"} <= set(keys)
    assert "few rows" in [finding.key for finding in examine_frame(raw_frame(x=[1, 5, 2])).findings]


# --- Steps -----------------------------------------------------------------------------------------


def test_a_step_that_cannot_be_done_is_a_finding():
    found = examine_frame(
        raw_frame(t=HOURS, x=NOISE),
        SetTime(columns=("t",)),
        DropColumns(columns=("x",)),
        TreatAsMissing(columns=("x",), values=(1.0,)),
    )
    assert not found.table_is_ready and "step 3" in require_finding(found, "step").sentence


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
    for mend in propose(frame, EVEN):
        assert 10 < len(describe_step(mend)) < 200
    assert (
        describe_step(SetTime(columns=("Date", "Time"), parts=("date", "time")))
        == "Time read from “Date” and “Time”"
    )
    assert describe_step(FillMissing()) == "What is missing filled on a straight line"


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


# --- A messy table made from a clean one -----------------------------------------------------------

CLEAN = pd.DataFrame(
    {"x": (5 + np.sin(np.arange(200) / 5) + NOISE / 10).round(2), "y": (1000 + NOISE * 300).round(1)},
    index=HOURS,
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


# --- Anything at all -------------------------------------------------------------------------------

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


@settings(max_examples=60)
@given(junk_frames())
def test_junk_is_examined_and_cured_without_a_crash(frame):
    for made in (settle(frame, EVEN), propose(frame, EVEN), propose(frame, EVEN, target="x")):
        found = examine(frame, made, EVEN, target="x")
        if found.table_is_ready:
            check_table(found.cleaned_frame, "junk")
        else:
            assert [finding for finding in found.findings if finding.severity == "must"]
        for finding in found.findings:
            assert finding.sentence and (finding.choice != "open" or len(finding.fixes) > 1)
            for offer in finding.fixes:
                try:
                    clean_table(frame, [*made, offer.cleaning_step], EVEN)
                except DataError as error:
                    assert error.remedy or error.what


def test_a_date_that_is_one_in_one_order_alone_is_asked_about():
    frame = pd.DataFrame({"date": pd.to_datetime([None, "1900-01-01"]), "time": ["1/2/0001", ","]})
    (finding,) = examine(frame, (), EVEN).findings
    assert finding.key == "day or month"
    assert [offer.label for offer in finding.fixes][:2] == ["1/2/0001 is no date"] * 2
