"""What makes scores look better or worse than they are."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor import propose, warnings
from components.data.splits.time_split import time_split
from components.recipe import (
    DropColumns,
    TreatAsMissing,
)
from tests.data.cleaning.doctor.frames import (
    EVEN,
    HOURS,
    NOISE,
    assert_every_fix_cures,
    examine_frame,
    findings,
    fixed,
    only_finding,
    raw_frame,
    require_finding,
    timed_frame,
)


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


# --- Each rule alone -------------------------------------------------------------------------------

WALK = np.cumsum(NOISE)


@pytest.mark.parametrize(("rows", "severities"), [(2, ["must"]), (3, ["note"]), (29, ["note"]), (30, [])])
def test_how_many_rows_are_few(rows, severities):
    found = findings(warnings.find_short_series, raw_frame(x=NOISE[:rows]))
    assert [one.severity for one in found] == severities


def test_rows_without_times_are_said_to_count_as_even():
    assert only_finding(warnings.find_missing_time_axis, raw_frame(x=NOISE)).severity == "note"
    assert not findings(warnings.find_missing_time_axis, timed_frame(HOURS, x=NOISE))


def test_a_column_leaks_only_if_it_shows_what_comes_and_nearly_as_it_comes():
    ahead = np.roll(WALK, -2)
    noisy = ahead + 0.05 * NOISE[::-1]
    assert only_finding(warnings.find_leaks, raw_frame(y=WALK, c=ahead), target="y").key == "leak"
    assert_every_fix_cures(warnings.find_leaks, raw_frame(y=WALK, c=ahead), target="y")
    assert not findings(warnings.find_leaks, raw_frame(y=WALK, c=noisy), target="y")
    assert not findings(warnings.find_leaks, raw_frame(y=WALK, c=np.roll(WALK, 2)), target="y")
    assert not findings(warnings.find_leaks, raw_frame(y=WALK, c=ahead))
    assert not findings(warnings.find_leaks, raw_frame(y=WALK, c=ahead)[:29], target="y")


def test_a_column_that_only_repeats_the_target_adds_nothing():
    frame = raw_frame(y=WALK, c=1 - 3 * WALK)
    found = only_finding(warnings.find_leaks, frame, target="y")
    assert (found.key, found.severity, found.columns) == ("same", "note", ("c",))
    assert_every_fix_cures(warnings.find_leaks, frame, target="y")


def test_a_counter_goes_up_by_one_in_each_row_and_is_not_what_is_forecast():
    frame = raw_frame(x=NOISE, n=np.arange(5, 205))
    assert only_finding(warnings.find_row_counters, frame).columns == ("n",)
    assert_every_fix_cures(warnings.find_row_counters, frame)
    assert not findings(warnings.find_row_counters, frame, target="n")
    assert not findings(warnings.find_row_counters, frame[["n"]])
    assert not findings(warnings.find_row_counters, frame[:29])
    assert not findings(warnings.find_row_counters, raw_frame(x=NOISE, n=np.arange(0, 400, 2)))
    assert not findings(warnings.find_row_counters, raw_frame(x=NOISE, n=[*range(199), 300]))


def zigzag(height: float, times: int = 1) -> pd.DataFrame:
    """Return numbers that change by one from row to row, and by so much at some of them."""
    x = np.tile([0.0, 1.0], 100)
    x[51 : 51 + 20 * times : 20] = height
    return raw_frame(x=x)


def test_a_value_stands_far_out_beyond_six_times_the_usual_change():
    found = only_finding(warnings.find_outliers, zigzag(6.5))
    assert (found.key, found.severity, found.rows) == ("outliers", "note", (51,))
    assert np.isnan(fixed(zigzag(6.5), found.fixes[0])["x"]).sum() == 1
    assert_every_fix_cures(warnings.find_outliers, zigzag(6.5))
    assert not findings(warnings.find_outliers, zigzag(6))


def test_jumps_that_come_often_are_the_series_own_way():
    assert only_finding(warnings.find_outliers, zigzag(9, times=3)).rows == (51, 71, 91)
    assert not findings(warnings.find_outliers, zigzag(9, times=4))


@pytest.mark.parametrize(("ups", "is_rare"), [(9, True), (10, False)])
def test_one_of_two_values_is_rare_below_a_twentieth(ups, is_rare):
    flag = (np.arange(200) < ups).astype(float)
    for values in (flag, 1 - flag):
        found = findings(warnings.find_rare_values, raw_frame(x=NOISE, flag=values))
        assert [one.key for one in found] == ["rare"] * is_rare
    if is_rare:
        assert only_finding(warnings.find_rare_values, raw_frame(flag=flag)).rows == tuple(range(ups))
    assert not findings(warnings.find_rare_values, raw_frame(flag=flag + (np.arange(200) == 199) * 0.5))


def test_from_a_tenth_of_the_test_part_on_copies_of_the_training_part_are_told():
    values = np.resize(NOISE, 400) + np.linspace(0, 1, 400)  # nothing comes again
    test = time_split(400, EVEN).test
    stretches = test.stop - test.start - 15
    assert not findings(warnings.find_copied_stretches, raw_frame(x=values))
    for copied, is_told in ((stretches // 10, False), (stretches // 10 + 1, True)):
        again = values.copy()
        again[test.start : test.start + 15 + copied] = values[: 15 + copied]
        assert bool(findings(warnings.find_copied_stretches, raw_frame(x=again))) is is_told
    assert not findings(warnings.find_copied_stretches, raw_frame(x=np.tile(NOISE[:20], 7)[:127]))
    assert findings(warnings.find_copied_stretches, raw_frame(x=np.tile(NOISE[:20], 7)[:128]))
    assert not findings(warnings.find_copied_stretches, raw_frame(x=np.ones(400)))  # a dry night is no copy
