"""Words for the screen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.ui.formatting import count, duration, escape, number, time_ago


@given(st.text())
def test_what_is_escaped_can_be_read_and_draws_nothing(text):
    shown = escape(text)
    assert shown.replace("\\", "") == " ".join(text.split()).replace("\\", "")
    for at, letter in enumerate(shown):
        if letter in "`*_[]<>$~#:|!":
            assert (len(shown[:at]) - len(shown[:at].rstrip("\\"))) % 2 == 1


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "a second"), (12.4, "12 seconds"), (600, "10 minutes"), (9000, "2.5 hours")],
)
def test_a_duration_in_words(seconds, words):
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "just now"), (60, "1 minute ago"), (7300, "2 hours ago"), (200_000, "2 days ago")],
)
def test_a_moment_in_words(seconds, words):
    assert time_ago(datetime.now(UTC) - timedelta(seconds=seconds)) == words


def test_one_and_many():
    assert [count(1, "row"), count(1200, "row"), count(2, "pass", "passes")] == [
        "1 row",
        "1,200 rows",
        "2 passes",
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "0.0000"),
        (12.345, "12.35"),
        (1234.5, "1,234"),
        (2e7, "2.00e+07"),
        (float("nan"), "–"),
        (-0.5, "-0.5000"),
    ],
)
def test_a_measured_number(value, words):
    assert number(value) == words
