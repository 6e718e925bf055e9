"""Numbers as people write them are read, and how they are written is found out from all of them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.parsing.number_parsing import NumberFormat, guess_format, is_missing


def texts(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


def read(*cells: str | None) -> list[float | None]:
    """Read a column as it was surely meant."""
    (style,) = guess_format(texts(*cells)).styles
    return [None if np.isnan(number) else number for number in style.read(texts(*cells)).tolist()]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (["1.5", "-2", "+3", "4e2", ".5", "5."], [1.5, -2, 3, 400, 0.5, 5]),
        (["1.234,56 €", "12,5€", "-3,00 €"], [1234.56, 12.5, -3]),
        (["1,234.50", "(12.00)", "5.25-"], [1234.5, -12, -5.25]),
        (["1,234,567", "12"], [1234567, 12]),
        (["1 234,5", "1\u202f234\u202f567,25", "7\u00a0000"], [1234.5, 1234567.25, 7000]),
        (["1'234.50", "2’000.00"], [1234.5, 2000]),
        (["12,34,567.5", "100"], [1234567.5, 100]),
        (["1,234", "0,678"], [1.234, 0.678]),
        (["1,5", "2"], [1.5, 2]),
        (["12 %", "15%", "3"], [12, 15, 3]),
        (["−5", "–6", "- 7"], [-5, -6, -7]),
        (["-$5", "$-6", "$1,000.00"], [-5, -6, 1000]),
        (["US$ 1,000.50", "US$ 3.25"], [1000.5, 3.25]),
        (["Rs. 500", "Rs. 1,234.00"], [500, 1234]),
        (["5 °C", "-5 °C"], [5, -5]),
        (["$1.2M", "$3K", "$5"], [1_200_000, 3000, 5]),
        (["1,5 Mio. €", "2,25 Mrd. €", "-3 €"], [1_500_000, 2_250_000_000, -3]),
        (["1.5", "n/a", "", None, "-", "NULL", "#DIV/0!"], [1.5, *[None] * 6]),
    ],
)
def test_a_column_is_read_as_it_was_meant(cells, numbers):
    assert read(*cells) == numbers


@pytest.mark.parametrize(
    "cells", [["1,234", "5,678"], ["1.234", "12"], ["1,234", "12", "999"], ["1.5", "2,5"]]
)
def test_what_can_be_read_in_two_ways_is_said(cells):
    styles = guess_format(texts(*cells)).styles
    assert len(styles) == 2 and styles[0].decimal != styles[1].decimal


def test_units_are_not_mixed_up():
    found = guess_format(texts("5 kg", "7 kg", "3 g", "4"))
    assert found.styles[0].units == ("kg",) and found.units == ("g",)
    assert (found.reads, found.others) == (3, 1)
    assert np.isnan(found.styles[0].read(texts("3 g"))).all()


def test_letters_before_few_numbers_are_a_name_and_before_many_a_currency():
    found = guess_format(texts("84444", "84445", "84446", "ABC123"))
    assert found.styles[0].units == () and (found.reads, found.others) == (3, 1) and found.units == ("ABC",)
    assert guess_format(texts("CHF 84444", "CHF 84445", "CHF 3", "12")).styles[0].units == ("CHF",)


def test_letters_of_a_statistical_office_are_marks_though_most_numbers_have_one():
    found = guess_format(texts("0.1", "0.2 p", "0.3 e", "0.4 p", "0.5 b", ":", ": c"))
    assert found.styles[0].units == () and (found.reads, found.others, found.noted) == (1, 4, 4)


def test_metres_are_no_millions():
    assert read("1 m", "2 m") == [1, 2]


@pytest.mark.parametrize(
    "cells", [["sun", "rain"], ["2020-01-31"], ["12:30"], ["A1", "B2"], ["12 any st."], [], [None], ["-"]]
)
def test_what_are_no_numbers_is_not_taken_for_them(cells):
    assert guess_format(texts(*cells)).styles == ()


def test_a_few_numbers_in_a_text_make_no_column_of_numbers():
    assert guess_format(texts(*["a", "b", "c", "d", "e", "f", "g", "h", "i", "1"])).styles == ()


def test_other_cells_are_counted():
    found = guess_format(texts("1", "2", "oops", "n/a", None))
    assert (found.reads, found.others) == (2, 1)


def test_words_for_nothing():
    assert (
        is_missing(texts("NA", " n/a ", "", None, "—", "NaN", "0", "nano")).tolist()
        == [True] * 6 + [False] * 2
    )


# --- Any number in any locale ----------------------------------------------------------------------


def written(number: float, style: NumberFormat, before: str, after: str, places: int) -> str:
    text = f"{abs(number):,.{places}f}".replace(",", "\0").replace(".", style.decimal)
    sign = "-" if number < 0 else ""
    return f"{sign}{before}{text.replace(chr(0), style.thousands)}{after}"


@given(
    numbers=st.lists(st.integers(-(10**9), 10**9), min_size=3, max_size=20),
    style=st.sampled_from(
        [
            NumberFormat(".", ","),
            NumberFormat(",", "."),
            NumberFormat(",", " "),
            NumberFormat(".", "'"),
            NumberFormat(","),
            NumberFormat("."),
        ]
    ),
    unit=st.sampled_from([("", ""), ("$", ""), ("", " €"), ("", "%"), ("CHF ", ""), ("", " kg")]),
    places=st.sampled_from([0, 1, 2, 4]),
)
def test_numbers_of_any_locale_come_back_equal(numbers, style, unit, places):
    numbers = [round(number / 10**places, places) for number in numbers]
    cells = texts(*[written(number, style, *unit, places) for number in numbers])
    found = guess_format(cells)
    assert found.reads == len(numbers)
    assert any(one.read(cells).tolist() == numbers for one in found.styles)
    if places in {1, 2, 4}:  # more or less than three digits stand after the decimal mark
        assert len(found.styles) == 1


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=64), min_size=1, max_size=10))
def test_plain_floats_come_back_to_the_last_digit(numbers):
    assert NumberFormat().read(texts(*map(repr, numbers))).tolist() == numbers


@given(
    st.lists(st.text(max_size=15) | st.from_regex(r"[0-9.,' eE€$%()+-]{1,15}", fullmatch=True), max_size=10)
)
def test_junk_does_no_harm(cells):
    found = guess_format(texts(*cells))
    for style in found.styles:
        read = int(np.isfinite(style.read(texts(*cells))).sum())
        assert read <= len(cells)
    assert found.reads + found.others <= len(cells)
