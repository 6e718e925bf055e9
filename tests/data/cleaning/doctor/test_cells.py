"""What stands in cells: nothing, words, numbers written for people, sentinels."""

import numpy as np
import pytest

from components.data.cleaning.doctor import cells, propose, settle
from components.recipe import (
    DropColumns,
    ReadNumbers,
)
from tests.data.cleaning.doctor.frames import (
    EVEN,
    NOISE,
    assert_every_fix_cures,
    examine_frame,
    findings,
    only_finding,
    raw_frame,
    require_finding,
)


@pytest.mark.parametrize(
    ("cells", "step"),
    [
        (["1.234,56 €", "7,5 €"], ReadNumbers(columns=("x",), decimal=",", thousands=".", units=("€",))),
        (["1,234.56", "7.5"], ReadNumbers(columns=("x",), thousands=",")),
        (["12 %", "7.5 %"], ReadNumbers(columns=("x",), units=("%",))),
        (["1.25M", "312K"], ReadNumbers(columns=("x",), magnitudes=True)),
        (["1.5", "n/a"], ReadNumbers(columns=("x",))),
    ],
)
def test_numbers_written_for_people_are_read(cells, step):
    assert settle(raw_frame(x=cells * 20), EVEN) == (step,)


def test_what_could_be_thousands_is_asked_and_a_column_beside_it_answers():
    frame = raw_frame(x=["1,234", "5,678"] * 20)
    found = require_finding(examine_frame(frame), "numbers as text")
    assert found.choice == "open" and [offer.cleaning_step.decimal for offer in found.fixes] == [".", ","]
    assert [offer.label for offer in found.fixes] == ["Read “1,234” as 1234", "Read “1,234” as 1.234"]
    assert propose(frame, EVEN) == ()
    beside = frame.assign(y=raw_frame(y=["0,5", "2,25"] * 20)["y"])
    assert settle(beside, EVEN) == (ReadNumbers(columns=("x", "y"), decimal=","),)


def test_a_word_among_numbers_is_named_before_it_becomes_missing():
    frame = raw_frame(x=["1.5", "2.5", "oops", "4"] * 10)
    found = require_finding(examine_frame(frame), "numbers and words")
    assert (
        found.choice == "usual" and "10 cells hold" in found.sentence and "“oops” in row 4" in found.sentence
    )
    assert found.rows[:2] == (2, 6)
    assert settle(frame, EVEN) == ()


def test_units_are_asked_before_they_are_mixed():
    found = require_finding(
        examine_frame(raw_frame(x=["5 kg", "7 kg", "8 kg", "300 g"] * 5)), "numbers and words"
    )
    assert "“kg” and “g”" in found.sentence
    assert [offer.cleaning_step.units for offer in found.fixes[:2]] == [("kg",), ("kg", "g")]


def test_a_column_of_which_half_is_words_is_asked():
    frame = raw_frame(x=["1.5", "many"] * 10, y=NOISE[:20])
    found = require_finding(examine_frame(frame), "numbers and words")
    assert found.choice == "open" and found.fixes[-1].cleaning_step == DropColumns(columns=("x",))
    assert propose(frame, EVEN) == ()


@pytest.mark.parametrize(
    ("values", "sentinels"),
    [
        ([1.5, 2.0, -200.0, 3.0, -200.0], (-200.0,)),
        ([647.0, 2040.0, -200.0, 900.0, -200.0], (-200.0,)),
        ([-5.0, 12.0, -999.0, 30.0], (-999.0,)),
        ([-5.0, 12.0, 9999.0, -9999.0, 30.0], (-9999.0, 9999.0)),
        ([0.5, 9.96921e36, 0.7], (9.96921e36,)),
        ([-150.0, -200.0, -180.0, 100.0], ()),
        ([900.0, 999.0, 1100.0], ()),
        ([997.0, 998.0, 999.0], ()),
        ([1.0, 2.0, 3.0], ()),
        ([999.0, 999.0], ()),
    ],
)
def test_sentinels_stand_far_from_all_else(values, sentinels):
    made = [
        step
        for step in propose(raw_frame(x=values * 8, y=NOISE[: 8 * len(values)]), EVEN)
        if step.kind == "treat_as_missing"
    ]
    assert [step.values for step in made] == ([sentinels] if sentinels else [])


def test_empty_columns_are_left_out_unasked_and_words_are_not():
    frame = raw_frame(x=NOISE, sky=["sun", "rain"] * 100, nothing=[None] * 200)
    assert settle(frame, EVEN) == (DropColumns(columns=("nothing",)),)
    assert (
        "“sun”" in require_finding(examine_frame(frame, DropColumns(columns=("nothing",))), "words").sentence
    )


def test_a_table_of_words_is_not_ready_and_has_no_mend():
    found = examine_frame(raw_frame(name=["ann", "bob", "cid"]))
    assert not found.table_is_ready and require_finding(found, "no numbers").fixes == ()


# --- Each rule alone -------------------------------------------------------------------------------


def test_a_column_is_empty_where_no_cell_holds_anything():
    frame = raw_frame(x=[1.0, 2.0], nothing=[None, None])
    found = only_finding(cells.find_empty_columns, frame)
    assert (found.key, found.severity, found.choice) == ("empty column", "must", "clear")
    assert found.columns == ("nothing",) and "“nothing”" in found.sentence
    assert_every_fix_cures(cells.find_empty_columns, frame)
    assert not findings(cells.find_empty_columns, raw_frame(x=[1.0, 2.0], hardly=[None, "a"]))
    assert not findings(cells.find_empty_columns, raw_frame(nothing=[None, None]))  # what would be left?


def test_a_column_counts_as_numbers_where_half_of_it_can_be_read():
    half, less = raw_frame(x=["1.5", "2.5", "many", "few"]), raw_frame(x=["1.5", "some", "many", "few"])
    assert only_finding(cells.find_times_and_numbers, half).key == "numbers and words"
    assert not findings(cells.find_times_and_numbers, less)
    assert_every_fix_cures(cells.find_times_and_numbers, half)


@pytest.mark.parametrize(("numbers", "choice"), [(3, "usual"), (2, "open")])
def test_a_quarter_of_words_may_be_slips_of_the_pen_and_more_is_asked(numbers, choice):
    frame = raw_frame(x=["1.5"] * numbers + ["many"])
    assert only_finding(cells.find_times_and_numbers, frame).choice == choice


def test_numbers_as_text_are_read_and_are_numbers_then():
    frame = raw_frame(x=["1.234,5 €", "7,5 €"])
    assert only_finding(cells.find_times_and_numbers, frame).key == "numbers as text"
    assert_every_fix_cures(cells.find_times_and_numbers, frame)
    assert not findings(cells.find_times_and_numbers, raw_frame(x=[1234.5, 7.5]))


@pytest.mark.parametrize(
    ("values", "is_found"),
    [
        ([0, 499, 999], True),  # further from the others than they are from each other
        ([0, 500, 999], False),
        ([0, 499, 1000], False),  # no number that stands for nothing
        ([0, 900, -200, -200], True),  # below zero, where nothing else is, and twice
        ([0, 900, -200], False),
        ([-1, 900, -200, -200], False),
        ([0, 1, 1e20], True),
        ([0, 1e14, 1e20], False),
    ],
)
def test_how_far_from_the_others_a_number_stands_for_nothing(values, is_found):
    frame = raw_frame(x=np.array(values, float))
    assert bool(findings(cells.find_sentinels, frame)) is is_found
    if is_found:
        assert only_finding(cells.find_sentinels, frame).severity == "should"
        assert_every_fix_cures(cells.find_sentinels, frame)


@pytest.mark.parametrize(
    ("odd", "choice"), [([1e20], "open"), ([1e20, 1e20], "usual"), ([-999.0], "usual"), ([5e33], "open")]
)
def test_a_huge_number_that_stands_alone_is_asked_about(odd, choice):
    frame = raw_frame(x=np.array([0.0, 1.5, *odd, 0.5, 0.0]))
    found = only_finding(cells.find_sentinels, frame)
    assert found.choice == choice and ("Is it a real value?" in found.sentence) is (choice == "open")
    assert bool(propose(raw_frame(x=[*frame["x"], *NOISE[:30]]), EVEN)) is (choice == "usual")


def test_columns_of_the_same_sentinel_are_named_together():
    frame = raw_frame(a=[1.0, 2.0, -999.0], b=[3.0, -999.0, 4.0])
    found = only_finding(cells.find_sentinels, frame)
    assert found.columns == ("a", "b") and found.rows == (1, 2)
    assert all(said in found.sentence for said in ("“a” and “b”", "−999", "2 cells", "row 1"))
