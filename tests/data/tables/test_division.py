"""Columns that name sets and groups are found, and read as what they are."""

import pandas as pd
import pytest

from components.data.tables.division import division, propose_division
from components.errors import DataError


def frame(**columns):
    return pd.DataFrame(columns).convert_dtypes(dtype_backend="numpy_nullable").astype("str")


def test_a_column_of_set_names_and_one_of_speakers_are_proposed():
    table = frame(
        speaker=[f"s{at // 2}" for at in range(12)], fold=["train", "test"] * 6, mood=["good", "bad"] * 6
    )
    assert propose_division(table, ()) == ("speaker", "fold")
    assert propose_division(table, ("speaker", "fold")) == (None, None)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("speaker", ["a", "b"] * 6),  # too few to keep some apart
        ("user_id", [str(at) for at in range(12)]),  # each its own: nothing belongs together
        ("colour", [f"c{at // 2}" for at in range(12)]),  # a name that says nothing of where they are from
    ],
)
def test_what_tells_no_groups_is_not_proposed(name, cells):
    assert propose_division(frame(**{name: cells}), ()) == (None, None)


def test_groups_and_sets_are_read():
    found = division(frame(who=["b", "a", "b"], part=["train", "test", "train"]), "who", "part", "x.csv")
    assert found["groups"].names == ("a", "b") and found["groups"].codes.tolist() == [1, 0, 1]
    assert found["given_split"].codes.tolist() == [0, 2, 0]
    assert division(frame(who=["a"]), None, None, "x.csv") == {}


def test_an_empty_cell_is_refused_in_a_sentence():
    table = pd.DataFrame({"who": pd.Series(["a", None], dtype="str")})
    with pytest.raises(DataError, match="A row has no “who”"):
        division(table, "who", None, "x.csv")
    with pytest.raises(DataError, match="no column “whom”"):
        division(table, "whom", None, "x.csv")
