"""The report counts what each step did, and marks each cell that is another one now."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning import report as report_module
from components.data.cleaning import steps as steps_module
from components.data.cleaning.report import report_cleaning
from components.errors import DataError
from components.recipe import (
    AddMissingTimes,
    DropColumns,
    DropRepeats,
    FillMissing,
    Preparation,
    ReadNumbers,
    SetTime,
    SortRows,
    TreatAsMissing,
)

FRAME = pd.DataFrame(
    {
        "day": pd.to_datetime(["2024-01-03", "2024-01-01", "2024-01-02", "2024-01-05"]),
        "price": pd.Series(["1,5", "2", "", "4,5"], dtype="str").replace("", np.nan),
        "sold": [10.0, -999.0, 12.0, 13.0],
        "note": pd.Series(["a", "b", "c", "d"], dtype="str"),
    }
)
STEPS = (
    SetTime(columns=("day",), parts=("date",)),
    SortRows(),
    ReadNumbers(columns=("price",), decimal=","),
    DropColumns(columns=("note",)),
    TreatAsMissing(columns=("sold",), values=(-999.0,)),
    AddMissingTimes(count=1, unit="day"),
    FillMissing(columns=("price", "sold"), how="forward"),
)


@pytest.fixture
def report():
    return report_cleaning(FRAME, STEPS[:4] + STEPS[4:6], Preparation())


def test_each_step_says_what_it_did(report):
    summaries = [effect.summary for effect in report.effects]
    assert summaries[1] == ""
    assert summaries[2] == "2 values changed"
    assert summaries[0] == ""
    assert summaries[3] == ""  # the sentence says it
    assert summaries[4] == "1 value removed"
    assert summaries[5] == "4 → 5 rows"


def test_rows_are_followed_through_sorting_and_new_times(report):
    assert report.origin.tolist() == [1, 2, 0, -1, 3]
    assert report.added_rows == 1
    assert report.left_out_records.tolist() == []


def test_cells_are_marked_by_how_they_were_changed(report):
    assert report.changes["sold"].tolist() == ["removed", "", "", "", ""]
    assert report.changes["price"].tolist() == ["", "", "changed", "", "changed"]
    assert report.count("changed") == 2
    assert report.changed_rows().tolist() == [0, 2, 3, 4]


def test_a_word_whose_place_was_filled_counts_as_filled():
    frame = pd.DataFrame({"x": pd.Series(["1", "closed", "3"], dtype="str")})
    steps = (ReadNumbers(columns=("x",)), FillMissing(columns=("x",), how="forward"))
    found = report_cleaning(frame, steps, Preparation())
    assert found.changes["x"].tolist() == ["", "filled", ""]


def test_what_was_filled_is_marked():
    found = report_cleaning(FRAME, STEPS, Preparation())
    first = found.after["price"].notna().to_numpy()
    assert found.count("filled") >= 2
    assert first.all()


def test_records_that_were_left_out_are_listed():
    twice = pd.DataFrame(
        {"day": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-02"]), "x": [1.0, 1.0, 2.0]}
    )
    steps = (SetTime(columns=("day",), parts=("date",)), SortRows(), DropRepeats())
    found = report_cleaning(twice, steps, Preparation())
    assert found.effects[-1].rows == (3, 2)
    assert found.left_out_records.tolist() == [1]


def test_a_table_is_compared_only_as_far_as_a_page_can_wait(monkeypatch):
    monkeypatch.setattr(report_module, "MOST_CELLS", FRAME.size - 1)
    with pytest.raises(DataError, match="16 cells; at most 15"):
        report_cleaning(FRAME, STEPS, Preparation())


def test_each_step_is_made_once_for_the_report(monkeypatch):
    made, apply_step = [], steps_module.apply_step

    def note(frame, step, *more):
        made.append(step)
        return apply_step(frame, step, *more)

    monkeypatch.setattr(steps_module, "apply_step", note)
    report_cleaning(FRAME, STEPS, Preparation())
    assert made == list(STEPS)


def test_without_steps_nothing_was_done():
    found = report_cleaning(FRAME, (), Preparation())
    assert found.effects == ()
    assert found.changed_rows().tolist() == []
