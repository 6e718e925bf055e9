"""A text in colours: its letters stay what they are, and each place tells what was expected there."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts.bits_per_character import bits_per_character
from components.charts.palette import BLUE, VERMILLION, with_opacity
from components.charts.token_text import shade, text_thumbnail, token_text
from components.tasks.language_model.result import Score
from components.tasks.language_model.token_probabilities import Token

EVIL = "<script>alert(1)</script>"


def _plain(drawn: str) -> str:
    """Take the styles, the guesses and the tags away."""
    written = re.search(r'<div dir="auto" class="unroll-prose[^"]*">(.*?)</div>', drawn, re.DOTALL)[1]
    written = re.sub(r"<span>.*?</span>", "", written, flags=re.DOTALL)
    written = re.sub(r"<[^>]*>", "", written)
    return (
        written.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
    )


@given(st.lists(st.text(min_size=1), max_size=20), st.text())
def test_the_text_stays_as_it_is(pieces, prompt):
    tokens = [Token(piece, 0.5, ((piece, 0.5), (EVIL, 0.1))) for piece in pieces]
    drawing = token_text(tokens, prompt)
    assert _plain(drawing.html) == prompt + "".join(pieces)
    assert "<script" not in drawing.html


def test_sure_is_blue_and_a_surprise_is_red():
    assert shade(0.9) == with_opacity(BLUE, 0.4)
    assert shade(0.2) == "transparent"
    assert shade(0.0) == with_opacity(VERMILLION, 0.5)


def test_every_place_tells_what_was_likeliest():
    drawing = token_text(
        [Token("h", 0.6, (("h", 0.6), (" ", 0.3), ("", 0.004))), Token("\n", 0.01, (("a", 0.9),))]
    )
    assert "60%  h\n30%  ␣\n&lt;1%  unknown" in drawing.html
    assert drawing.sentence == "50% of 2 tokens are the model's likeliest; 50% are very unlikely to it."
    assert drawing.table["token"].tolist() == ["h", "⏎"]
    assert drawing.table["likeliest tokens"][1] == "a 90%"


def test_short_lines_stand_in_columns():
    name = [Token(letter, 0.5, ()) for letter in "Ann\nBob\n"]
    assert 'class="unroll-prose unroll-list"' in token_text(name).html
    assert (
        'class="unroll-prose"' in token_text([Token("a long line of a book, without an end", 0.5, ())]).html
    )


def test_a_card_shows_how_texts_begin():
    drawn = text_thumbnail([EVIL, "two", "three & four", "x" * 100, "never shown"])
    assert "&lt;script" in drawn
    assert "<script" not in drawn
    assert "x" * 38 + "<" in drawn
    assert "never" not in drawn


@pytest.mark.parametrize(("own", "first"), [(2.0, "Your model"), (3.0, "Trigram")])
def test_bits_are_ranked_and_compared(own, first):
    scores = (Score("model", "Your model", 1, own, 2.7), Score("trigram", "Trigram", 1, 2.5, 2.7))
    chart = bits_per_character(scores)
    assert chart.table.index[0] == first
    assert chart.sentence.endswith("the best baseline, “Trigram”, needs 2.5.")
