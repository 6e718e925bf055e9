"""Names of months are read in the one language that knows all of a column."""

import pytest
from babel import Locale

from components.data.parsing.month_names import is_month_name, month_numbers

YEAR = list(range(1, 13))


@pytest.mark.parametrize(
    "language", ["en", "de", "de_AT", "fr", "es", "pl", "hr", "cs", "ru", "th", "vi", "sw", "cy", "ga"]
)
@pytest.mark.parametrize("width", ["wide", "abbreviated"])
def test_the_months_of_a_year_in_babels_languages(language, width):
    if (language, width) == ("vi", "abbreviated"):
        return  # “thg 1” is a number
    months = Locale.parse(language).months["format"][width]
    assert month_numbers([months[number] for number in YEAR]) == YEAR


def test_how_people_and_spreadsheets_shorten_them():
    german = ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"]
    assert month_numbers(german) == YEAR
    assert month_numbers(["Jänner", "Feber", "SEPT.", "Mrt"]) == [1, 2, 9, 3]


def test_the_same_letters_are_another_month_beside_others():
    assert month_numbers(["cze", "lip", "sie"]) == [6, 7, 8]  # Polish
    assert month_numbers(["svi", "lip", "srp"]) == [5, 6, 7]  # Croatian


def test_what_is_no_month():
    assert month_numbers(["quarter", ""]) == [0, 0] and not is_month_name("widget")


def test_the_months_of_the_persian_calendar():
    assert month_numbers(["Farvardin", "Ordibehesht", "Esfand"]) == [1, 2, 12]
    assert month_numbers(["فروردین", "مهر"]) == [1, 7]
