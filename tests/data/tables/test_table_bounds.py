"""Titles above a table and notes below it are told from its rows."""

import pytest

from components.data.tables.table_bounds import count_note_rows, count_title_rows, margin_rows

HEADER = ["day", "x", "y"]
ROWS = [[f"2020-01-{day:02d}", str(day), str(2 * day)] for day in range(1, 20)]


@pytest.mark.parametrize(
    ("top", "count"),
    [
        ([], 0),
        ([["A report", "", ""]], 1),
        ([["A report"], ["made by", "me"][:1], ["# x"]], 3),
        ([["", "A centred title", ""]], 1),
        ([["2020-01-01", "", ""]], 1),
    ],
)
def test_titles_are_counted(top, count):
    assert count_title_rows([*top, HEADER, *ROWS]) == count


@pytest.mark.parametrize("first", [["", "x", "y"], ["day", "x", ""]])
def test_a_header_may_lack_a_name(first):
    assert count_title_rows([first, *ROWS]) == 0


def test_without_a_header_a_row_with_gaps_is_a_row():
    assert count_title_rows([["2020-01-01", "", ""], *ROWS]) == 0
    assert count_title_rows([["A report", "", ""], ["2020-01-01", "", ""], *ROWS]) == 1


@pytest.mark.parametrize(
    ("bottom", "count"),
    [
        ([], 0),
        ([["Source: me"]], 1),
        ([["Total", "", ""], ["by", "", ""]], 2),
        ([["Total", "19", "38"], ["", "Source: me", ""]], 2),
        ([["Gesamtsumme:", "19", "38"]], 1),
        ([["Totem pole", "19", "38"]], 0),
        ([["2020-01-20", "", ""]], 0),
        ([["", "", "7"]], 0),
    ],
)
def test_notes_are_counted(bottom, count):
    assert count_note_rows([*ROWS, *bottom], usual=3) == count


def test_a_total_at_each_time_is_no_note():
    rows = [[name, f"2020-01-{day:02d}", str(day)] for day in range(1, 9) for name in ("North", "Total")]
    assert count_note_rows(rows, usual=3) == 0
    assert count_note_rows([*rows, ["Grand total", "", "9"]], usual=3) == 1


def test_a_table_of_words_alone_is_left_whole():
    assert count_note_rows([["a"], ["b"]], usual=3) == 0


def sentences(end, rows, keep=()):
    ends = {"above": (), "below": ()} | {end: rows}
    (cut,) = margin_rows(ends["above"], ends["below"], keep)
    assert (cut.end, cut.rows, cut.kept) == (end, len(rows), end in keep)
    return cut.sentence


def test_what_was_left_out_is_said():
    assert sentences("above", [(1, ["Sales", ""])]) == "Row 1, above the table, was left out: “Sales”."
    assert sentences("below", [(7, ["a"]), (8, ["b"])]).startswith("Rows 7 to 8, below")
    assert sentences("below", [(7, ["a"]), (9, ["b"])]).startswith("2 rows, below")
    assert len(sentences("above", [(1, ["x" * 500])])) < 120
    assert margin_rows((), (), ()) == ()


def test_what_was_kept_is_said():
    sentence = "Row 1, above the table, is kept as part of it: “Sales”."
    assert sentences("above", [(1, ["Sales", ""])], ["above"]) == sentence
    assert "are kept as part" in sentences("below", [(7, ["a"]), (8, ["b"])], ["below"])
