"""Words for the screen."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.ui.formatting import count, duration, escape, number, source_link, time_ago


@given(st.text())
def test_what_is_escaped_can_be_read_and_draws_nothing(text):
    shown = escape(text)
    assert letters(shown) == letters(" ".join(text.split()))
    for at, letter in enumerate(shown):
        if letter in "`*_[]<>$~#:|!&":
            assert (len(shown[:at]) - len(shown[:at].rstrip("\\"))) % 2 == 1


def letters(text: str) -> str:
    return text.replace("\\", "").replace("\u2060", "")


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example",
        "see HTTP://evil.example/a?b=c now",
        "www.evil.example",
        "WWW.evil.example",
        "ann@evil.example",
        ":smile:",
        ":+1:",
        ":material/home:",
        ":streamlit:",
        "a -> b",
        "a <-> b",
        "a -- b",
        "a >= b",
        "~=",
    ],
)
def test_what_streamlit_replaces_after_reading_all_backslashes_is_cut_in_two(text):
    """By the patterns of its own scripts, upon what is left of a text once Markdown is read."""
    read = re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", escape(text))
    assert letters(read) == text
    for pattern in (
        r"(https?:\/\/|www(?=\.))([-.\w]+)([^ \t\r\n]*)",
        r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)",
        r":\+1:|:-1:|:[\w-]+:|:material/\w+:",
        r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)",
    ):
        assert not re.search(pattern, read, re.IGNORECASE), pattern


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("- a", "\\- a"),
        ("+ a", "\\+ a"),
        ("1. a", "1\\. a"),
        ("2024) a", "2024\\) a"),
        ("1.5 a", "1.5 a"),
        ("12:30", "12\\:30"),
    ],
)
def test_a_text_begins_no_list(text, shown):
    assert escape(text) == shown


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://a.example/x?y=1#z", "[Open the source](https://a.example/x?y=1#z)"),
        (
            "https://a.example/x) [b](https://evil.example",
            "[Open the source](https://a.example/x%29%20%5Bb%5D%28https://evil.example)",
        ),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_a_source_is_one_link_or_none(url, link):
    assert source_link(url) == link


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
