"""Charts of many examples say what is in their numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.charts.examples import class_balance, frequent_tokens, length_histogram, sequence_panels


def test_every_group_has_its_picture_and_its_numbers():
    groups = [("up", [("a", np.array([0.0, 1.0, 2.0]))]), ("down", [("a", np.array([5.0, 4.0]))])]
    chart = sequence_panels(groups, title="Examples", value="height")
    assert [trace.y.tolist() for trace in chart.figure.data] == [[0, 1, 2], [5, 4]]
    assert [note.text for note in chart.figure.layout.annotations] == ["up", "down"]
    assert chart.sentence == (
        "2 panels on the same scale: sequences of 2 to 3 steps, with “height” between 0 and 5."
    )
    assert chart.table["up, a"].tolist() == [0, 1, 2]


def test_symbols_are_dots_with_their_names():
    chart = sequence_panels(
        [("x", [("given", np.array([0, 2]))])], title="t", value="v", symbols=("a", "b", "c")
    )
    assert chart.figure.data[0].mode == "markers"
    assert "2 of 3 symbols" in chart.sentence and chart.table["x, given"].tolist() == ["a", "c"]


def test_the_balance_says_what_the_largest_class_is_worth():
    chart = class_balance(("few", "many"), np.array([1, 3]), what="texts")
    assert chart.table["class"].tolist() == ["many", "few"]
    assert "“many” is the largest of 2 classes with 75%" in chart.sentence
    assert "right 75% of the time" in chart.sentence
    assert (
        "Each of the 2 classes has 5 texts"
        in class_balance(("a", "b"), np.array([5, 5]), what="texts").sentence
    )
    assert "nothing to classify" in class_balance(("a",), np.array([5]), what="texts").sentence


def test_the_frequent_say_their_share():
    chart = frequent_tokens([("the", 6), (",", 2)], 16, what="words")
    assert chart.sentence == ("These 2 words make up 50% of all 16; the most frequent, the, occurs 6 times.")
    assert list(chart.figure.layout.yaxis.ticktext) == ["the", "“,”"]


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=200), st.integers(1, 6000))
def test_lengths_count_every_text_and_what_is_cut(values, cut):
    found = np.array(values)
    chart = length_histogram(found, what="texts", unit="words", cut=cut)
    assert chart.table["texts"].sum() == len(values)
    over = int((found > cut).sum())
    assert (f"cuts {over:,} of them" in chart.sentence) if over else ("cuts none" in chart.sentence)


@pytest.mark.parametrize("name", ["<b>bold</b>", "a" * 100])
def test_names_cannot_draw_on_the_chart(name):
    chart = class_balance((name, "b"), np.array([1, 2]), what="texts")
    assert all("<b>" not in label and len(label) < 60 for label in chart.figure.layout.yaxis.ticktext)
