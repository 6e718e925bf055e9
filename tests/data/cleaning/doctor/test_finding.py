"""How findings name rows, columns, numbers and cells."""

import numpy as np
import pandas as pd
import pytest

from components.data.cleaning.doctor.finding import (
    MOST_ROWS,
    TableCase,
    count_clause,
    count_phrase,
    first_positions,
    format_number,
    format_time,
    join_words,
    quote_cell,
    quote_names,
    verb_form,
)
from tests.data.cleaning.doctor.frames import EVEN, raw_frame, table_case, timed_frame


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (count_phrase(1, "row"), "1 row"),
        (count_phrase(1000, "row"), "1,000 rows"),
        (count_clause(1, "row", "has", "have"), "1 row has"),
        (count_clause(2, "row", "has", "have"), "2 rows have"),
        (verb_form(["a"], "holds", "hold"), "holds"),
        (verb_form(["a", "b"], "holds", "hold"), "hold"),
        (join_words(["a"]), "a"),
        (join_words(["a", "b", "c"]), "a, b and c"),
        (quote_names(list("abcd")), "“a”, “b”, “c” and “d”"),
        (quote_names(list("abcde")), "“a”, “b”, “c” and 2 more"),
        (quote_cell("a  b\n"), "“a b”"),
        (quote_cell("x" * 40), f"“{'x' * 40}”"),
        (quote_cell("x" * 41), f"“{'x' * 40}…”"),
        (format_number(-999.0), "−999"),
        (format_number(1.5), "1.5"),
        (format_time(pd.Timestamp("2020-01-02")), "2020-01-02"),
        (format_time(pd.Timestamp("2020-01-02 03:00")), "2020-01-02 03:00"),
        (format_time(pd.Timestamp("2020-01-02 03:04:05")), "2020-01-02 03:04:05"),
    ],
)
def test_words(said, sentence):
    assert said == sentence


def test_a_finding_marks_no_more_rows_than_a_chart_can_show():
    assert first_positions(np.array([False, True, True])) == (1, 2)
    assert len(first_positions(np.ones(MOST_ROWS + 1, bool))) == MOST_ROWS


def test_a_row_is_named_by_its_number_while_that_holds_and_by_its_time():
    case = table_case(timed_frame(["2020-01-02", pd.NaT], x=[1, 2]))
    assert case.describe_row(0) == "row 0 (2020-01-02)"
    assert case.describe_row(1) == "row 1 (without a time)"
    moved = TableCase(case.frame, EVEN, None, case.record_name, numbered=False)
    assert moved.describe_row(0) == "2020-01-02"
    left = table_case(raw_frame(x=[1, 2, 3])[1:])
    assert left.describe_row(0) == "row 1"


def test_too_few_rows_to_divide_are_all_for_training():
    assert table_case(raw_frame(x=[1, 2])).train == slice(0, 2)
    assert table_case(raw_frame(x=range(100))).train.stop < 100
