"""Flags become 0 and 1 unasked, small sets of words on one click, and no text goes unasked."""

import pandas as pd
import pytest

from components.data.cleaning.doctor import propose, settle, words
from components.data.cleaning.steps import clean_table
from components.recipe import DropColumns, OneHot, Preparation, ReadFlags
from tests.data.cleaning.doctor.frames import (
    EVEN,
    NOISE,
    assert_every_fix_cures,
    findings,
    fixed,
    only_finding,
    raw_frame,
)


def test_a_remark_beside_one_row_is_no_kind_of_row():
    frame = raw_frame(x=NOISE[:20], note=pd.Series(["see page 4", *[""] * 19], dtype="str"))
    assert not any(isinstance(step, OneHot) for step in propose(frame, Preparation()))


@pytest.mark.parametrize(
    ("cells", "yes"),
    [
        (["True", "False"], "true"),
        (["YES", "no"], "yes"),
        (["y", "n"], "y"),
        (["ja", "nein"], "ja"),
        (["WAHR", "FALSCH"], "wahr"),
        (["oui", "non"], "oui"),
        (["on", "off"], "on"),
        (["TRUE", "TRUE"], "true"),
    ],
)
def test_flags_are_read_unasked(cells, yes):
    frame = raw_frame(x=NOISE, promo=cells * 100)
    (made,) = settle(frame, EVEN)
    assert isinstance(made, ReadFlags) and made.yes == (yes,)
    assert clean_table(frame, (made,), EVEN)["promo"].tolist()[:2] == [1, float(cells[1] == cells[0])]


def test_a_flag_that_is_missing_stays_missing():
    frame = raw_frame(x=NOISE[:4], promo=["Yes", "NA", None, "No"])
    (found,) = findings(words.find_words, frame)
    assert fixed(frame, found.fixes[0])["promo"].isna().tolist() == [False, True, True, False]


@pytest.mark.parametrize("kinds", [["sun", "rain"], ["sun", "rain", "snow", "fog"], ["a b", "C"]])
def test_a_small_set_of_words_becomes_columns_on_one_click(kinds):
    frame = raw_frame(x=NOISE, sky=(kinds * 100)[:200])
    assert settle(frame, EVEN) == ()
    assert propose(frame, EVEN) == (OneHot(column="sky", values=tuple(kinds)),)
    assert_every_fix_cures(words.find_words, frame)


def test_text_is_left_out_only_when_asked_and_what_never_changes_unasked():
    frame = raw_frame(x=NOISE, note=[f"note {n}" for n in range(200)], unit=["kWh"] * 200)
    assert settle(frame, EVEN) == (DropColumns(columns=("unit",)),)
    assert propose(frame, EVEN)[-1] == DropColumns(columns=("note",))


def test_a_table_of_nothing_but_words_has_no_fix():
    assert only_finding(words.find_words, raw_frame(sky=["sun", "rain"])).fixes == ()
    assert not findings(words.find_words, raw_frame(x=[1.0, 2.0]))


def test_times_that_are_not_the_rows_own_are_called_times():
    frame = raw_frame(x=[1.0, 2.0], bought=pd.to_datetime(["2020-01-01", "2020-01-02"]))
    assert "holds times" in only_finding(words.find_words, frame).sentence
