"""What was guessed when a file was read stands in a sentence, with the other ways to read it."""

import pytest

from components.data.tables.header_rows import HeaderChoice
from components.data.tables.import_choice import comment_import, header_import, uneven_imports
from tests.dialect import is_sentence


def test_a_header_may_be_read_otherwise():
    choice = header_import(HeaderChoice("Rows 1 to 2 name the columns together.", (0, 1, 3)))
    assert choice.sentence == "Rows 1 to 2 name the columns together."
    assert [option.header for option in choice.options] == [0, 1, 3]
    assert [option.label for option in choice.options] == [
        "Read it as values",
        "Take the names from the first row alone",
        "Take the names from the first 3 rows",
    ]


@pytest.mark.parametrize("short", [(), (7,), (7, 9)])
@pytest.mark.parametrize("long", [(), (3,), (3, 4, 1200)])
@pytest.mark.parametrize("uneven", [None, "fill", "drop"])
def test_uneven_rows_are_said_with_one_other_way(short, long, uneven):
    choices = uneven_imports(short, long, uneven)
    assert len(choices) == bool(short) + bool(long)
    for choice in choices:
        assert is_sentence(choice.sentence)
        assert all(option.uneven != uneven for option in choice.options)


def test_what_becomes_of_short_and_long_rows_is_said():
    short, long = uneven_imports((7,), (3, 4), None)
    assert short.sentence == "Row 7 has fewer cells than there are columns; what is missing is left empty."
    assert short.options[0].label == "Leave it out"
    assert long.sentence == (
        "2 rows, the first of them row 3, have more cells than there are columns; they are left out."
    )
    assert long.options[0].label == "Keep the first cells of them"


def test_comments_are_said_and_nothing_is_asked():
    assert comment_import(()) == ()
    assert comment_import((5,))[0].sentence == "Row 5 is a comment and was left out."
    many = comment_import((5, 1500))[0]
    assert many.sentence == "2 rows, the first of them row 5, are comments and were left out."
    assert not many.options
