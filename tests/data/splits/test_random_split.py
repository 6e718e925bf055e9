"""Examples are drawn into their parts by chance, each class in its share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.datasets import Classes
from components.data.splits.random_split import draw_share, random_split
from components.errors import DataError
from components.recipe import Preparation

EVEN = Preparation(validation=0.2, test=0.2)


@given(st.lists(st.integers(0, 3), min_size=3, max_size=200), st.integers(0, 5))
def test_every_example_is_in_one_part(codes, seed):
    classes = Classes(np.array(codes, np.int32), ("a", "b", "c", "d"))
    parts = random_split(len(codes), EVEN, seed=seed, classes=classes)
    assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(len(codes)))


def test_classes_that_follow_each_other_are_in_every_part():
    codes = np.repeat([0, 1, 2], [600, 300, 100]).astype(np.int32)
    parts = random_split(1000, EVEN, classes=Classes(codes, ("a", "b", "c")))
    for part, size in ((parts.train, 600), (parts.validation, 200), (parts.test, 200)):
        np.testing.assert_allclose(np.bincount(codes[part]) / size, [0.6, 0.3, 0.1], atol=0.01)


def test_the_seed_decides_and_the_order_does_not():
    first, again, other = random_split(100, EVEN), random_split(100, EVEN), random_split(100, EVEN, seed=1)
    assert first.test.tolist() == again.test.tolist() != other.test.tolist()
    assert first.test.tolist() != list(range(80, 100))


def test_too_few_are_refused():
    with pytest.raises(DataError, match="can't be split"):
        random_split(2, EVEN)


# --- Groups ----------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 9), min_size=3, max_size=300), st.integers(0, 5))
def test_a_group_is_in_one_part(codes, seed):
    groups = Classes(np.array(codes, np.int32), tuple("abcdefghij"))
    if len(set(codes)) < 3:
        with pytest.raises(DataError, match=r"groups? can't be split"):
            random_split(len(codes), EVEN, seed=seed, groups=groups)
        return
    parts = random_split(len(codes), EVEN, seed=seed, groups=groups)
    assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(len(codes)))
    held = [{*groups.codes[part]} for part in (parts.train, parts.validation, parts.test)]
    assert all(held) and sum(map(len, held)) == len(set(codes))


def test_groups_fill_the_parts_to_their_shares():
    groups = Classes(np.repeat(np.arange(100), 10).astype(np.int32), tuple(map(str, range(100))))
    parts = random_split(1000, EVEN, groups=groups)
    assert [len(part) for part in (parts.train, parts.validation, parts.test)] == [600, 200, 200]


# --- A share ---------------------------------------------------------------------------------------


@given(st.integers(2, 200), st.floats(0, 1))
def test_a_share_is_drawn_but_never_all(count, share):
    drawn = draw_share(count, share)
    assert drawn.sum() == min(count - 1, max(1, round(count * share)))


@given(st.lists(st.integers(0, 5), min_size=2, max_size=100), st.floats(0, 1))
def test_a_share_of_groups_divides_none(codes, share):
    groups = Classes(np.array(codes, np.int32), tuple("abcdef"))
    drawn = draw_share(len(codes), share, groups=groups)
    assert not {*groups.codes[drawn]} & {*groups.codes[~drawn]}
    assert drawn.any() == (len(set(codes)) > 1) and not drawn.all()
