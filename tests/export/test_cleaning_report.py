"""The report opens in any browser, and nothing in a table can be more than text in it."""

import pandas as pd

from components.data.cleaning.report import report_cleaning
from components.data.tables.record_names import RecordNames
from components.export.cleaning_report import overview, to_html
from components.recipe import Preparation, ReadNumbers

FRAME = pd.DataFrame(
    {"<b>price": pd.Series(["1,5", "2", "<script>alert(1)</script>"], dtype="str"), "sold": [1.0, 2.0, 3.0]}
)
REPORT = report_cleaning(FRAME, (ReadNumbers(columns=("<b>price",), decimal=","),), Preparation())


def test_before_and_after_stand_side_by_side_with_marks():
    page = to_html(REPORT, "prices.csv", ("Row 9 was left out.",), RecordNames(2)).decode()
    assert "What was done to prices.csv" in page
    assert "Row 9 was left out." in page
    assert '<td>1,5</td><td class="changed">≠ 1.5</td>' in page
    assert "<td>row 2</td>" in page
    assert 'class="removed">−' in page


def test_nothing_of_a_table_is_markup():
    page = to_html(REPORT, "<i>a.csv", ("<u>",), RecordNames(2)).decode()
    assert "<script" not in page
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<u>" not in page


def test_a_cell_is_shown_by_its_beginning_and_a_wide_table_by_its_first_rows():
    long = pd.DataFrame({"x": pd.Series(["1", "z" * 300_000], dtype="str")})
    page = to_html(
        report_cleaning(long, (ReadNumbers(columns=("x",)),), Preparation()), "a", (), RecordNames(2)
    ).decode()
    assert len(page) < 10_000
    assert f"{'z' * 200}…" in page

    wide = pd.DataFrame({f"c{n}": pd.Series(["1"] * 400, dtype="str") for n in range(400)})
    names = tuple(wide.columns)
    page = to_html(
        report_cleaning(wide, (ReadNumbers(columns=names),), Preparation()), "a", (), RecordNames(2)
    )
    assert len(page) < 5_000_000


def test_the_whole_is_said_in_a_sentence():
    assert overview(REPORT) == ("Records before: 3; rows after: 3. Values filled: 0; removed: 1; changed: 1.")


def test_without_changes_that_is_said():
    page = to_html(report_cleaning(FRAME, (), Preparation()), "a", (), RecordNames(2)).decode()
    assert "No cell was changed." in page
