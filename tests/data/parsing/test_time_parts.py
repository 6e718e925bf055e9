"""Halves, quarters, months and weeks are read as people write them in a column of their own."""

import pandas as pd
import pytest

from components.data.parsing.time_parts import parse_part


@pytest.mark.parametrize(
    ("part", "cells", "numbers"),
    [
        (
            "quarter",
            ["Q1", "q2", "3Q", "4", "1st quarter", "Quarter 2", "T3", "IV"],
            [1, 2, 3, 4, 1, 2, 3, 4],
        ),
        ("half", ["H1", "2H", "S1", "II"], [1, 2, 1, 2]),
        ("week", ["W01", "week 5", "KW 53", "12", "Wk7"], [1, 5, 53, 12, 7]),
        ("month", ["M01", "M12", "3"], [1, 12, 3]),
    ],
)
def test_parts_are_read(part, cells, numbers):
    assert parse_part(pd.Series(cells, dtype="str"), part).tolist() == numbers


@pytest.mark.parametrize(
    ("part", "cell"), [("quarter", "Q5"), ("month", "M13"), ("week", "W54"), ("week", "IV"), ("half", "x")]
)
def test_what_is_none_stays_open(part, cell):
    assert parse_part(pd.Series([cell, None], dtype="str"), part).tolist() == [-1, -1]
