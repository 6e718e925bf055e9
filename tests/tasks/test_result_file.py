"""Whatever a result holds comes back from its file, and a file of something else is said to be one."""

import io
import json
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from components.errors import RunError
from components.tasks.result_file import Array, Index, pack, unpack


@dataclass(frozen=True)
class Part:
    label: str
    share: float | None


@dataclass(frozen=True, eq=False)
class Whole:
    words: str
    number: int
    parts: tuple[Part, ...]
    pair: tuple[str, int]
    choice: Literal["a", "b"]
    table: Array
    perhaps: Array | None
    by_name: dict[str, Array]
    rows: Index
    later: bool = True
    more: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Longer:
    words: str
    new: int


ARRAYS = hnp.arrays(np.float32, hnp.array_shapes(max_dims=3, max_side=4), elements=st.floats(-9, 9, width=32))
WHOLES = st.builds(
    Whole,
    words=st.text(),
    number=st.integers(-(2**60), 2**60),
    parts=st.lists(st.builds(Part, st.text(), st.none() | st.floats(allow_nan=False)), max_size=3).map(tuple),
    pair=st.tuples(st.text(), st.integers(0, 9)),
    choice=st.sampled_from(["a", "b"]),
    table=ARRAYS,
    perhaps=st.none() | ARRAYS,
    by_name=st.dictionaries(st.text(), ARRAYS, max_size=3),
    rows=st.sampled_from([pd.RangeIndex(3), pd.date_range("2020-01-01", periods=2), pd.Index([0.5])]),
    later=st.booleans(),
    more=st.dictionaries(st.text(), st.floats(allow_nan=False), max_size=2),
)


@given(given=WHOLES)
def test_everything_comes_back(given):
    back = unpack(pack(given), Whole)
    for name in ("words", "number", "parts", "pair", "choice", "later", "more"):
        assert getattr(back, name) == getattr(given, name)
    np.testing.assert_array_equal(back.table, given.table)
    assert (back.perhaps is None) == (given.perhaps is None)
    assert list(back.by_name) == list(given.by_name)
    for name, values in given.by_name.items():
        np.testing.assert_array_equal(back.by_name[name], values)
    assert back.rows.equals(given.rows)


def test_what_is_of_another_kind_or_version_says_so():
    longer = pack(Longer("x", 1))
    assert unpack(longer, Longer) == Longer("x", 1)
    old = io.BytesIO()
    np.savez_compressed(old, plain=np.array('{"target": "sunspots"}'), truth=np.zeros(3))
    for content in (longer, old.getvalue(), b"", b"PK not a file", longer[:-40]):
        with pytest.raises(RunError, match="another version"):
            unpack(content, Whole)


def test_a_field_that_is_new_since_may_have_a_default():
    @dataclass(frozen=True)
    class Longer:
        words: str
        new: int
        newer: int = 7

    assert unpack(pack(globals()["Longer"]("x", 1)), Longer) == Longer("x", 1, 7)


def test_what_has_no_form_without_code_is_refused_at_once():
    @dataclass(frozen=True)
    class Odd:
        thing: object

    with pytest.raises(TypeError):
        pack(Odd(object()))


def test_a_file_of_an_older_unroll_opens_with_the_same_values():
    """Its form, spelt out: a change of it would lock people out of their results."""
    tree = {
        "words": "old",
        "number": 3,
        "parts": [{"label": "a", "share": None}, {"label": "b", "share": 0.25}],
        "pair": ["x", 1],
        "choice": "b",
        "table": "array-0",
        "perhaps": None,
        "by_name": {"drift": "array-1"},
        "rows": "array-2",
        "gone": "a field that is no longer there",
    }
    plain = json.dumps({"version": 2, "result": "Whole", "tree": tree})
    days = pd.date_range("2020-01-01", periods=2)
    arrays = {"array-0": np.eye(2), "array-1": np.arange(3), "array-2": np.asarray(days)}
    file = io.BytesIO()
    np.savez_compressed(file, plain=np.array(plain), **arrays)
    back = unpack(file.getvalue(), Whole)
    assert (back.words, back.number, back.pair, back.choice, back.perhaps) == ("old", 3, ("x", 1), "b", None)
    assert back.parts == (Part("a", None), Part("b", 0.25))
    np.testing.assert_array_equal(back.table, np.eye(2))
    np.testing.assert_array_equal(back.by_name["drift"], np.arange(3))
    assert back.rows.equals(days)
    assert (back.later, back.more) == (True, {})
