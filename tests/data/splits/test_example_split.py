"""Examples are divided as their makers did, and what belongs together stays in one set."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data.datasets import Classes, GivenSplit, Pairs, Provenance, Texts
from components.data.splits.example_split import split_examples
from components.data.splits.random_split import random_split
from components.recipe import Preparation, Sample

ORIGIN = (Sample(name="any"), "Anything", Provenance("a source", "a licence"))
EVEN = Preparation(validation=0.2, test=0.2)


def texts(count, **how):
    return Texts(*ORIGIN, texts=tuple(f"text {number}" for number in range(count)), **how)


@given(st.lists(st.integers(0, 2), min_size=2, max_size=60), st.integers(0, 3))
def test_a_given_split_is_kept(codes, classes):
    codes = [0, 2, *codes]
    data = texts(len(codes), given_split=GivenSplit(np.array(codes, np.int8)))
    labels = Classes(np.arange(len(codes), dtype=np.int32) % (classes + 1), tuple("abcd")[: classes + 1])
    parts = split_examples(data, EVEN, labels)
    assert parts.test.tolist() == [at for at, code in enumerate(codes) if code == 2]
    given_validation = [at for at, code in enumerate(codes) if code == 1]
    if given_validation:
        assert parts.validation.tolist() == given_validation
    elif codes.count(0) > 1:
        assert len(parts.validation) and len(parts.train)
    assert sorted([*parts.train, *parts.validation, *parts.test]) == list(range(len(codes)))


def test_validation_is_drawn_from_the_training_set_with_each_class_in_its_share():
    split = GivenSplit(np.repeat([0, 2], [100, 50]).astype(np.int8))
    labels = Classes(np.tile([0, 0, 0, 1], 38)[:150].astype(np.int32), ("a", "b"))
    parts = split_examples(texts(150, given_split=split), EVEN, labels)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (75, 25, 50)
    np.testing.assert_allclose(labels.codes[parts.validation].mean(), 0.25, atol=0.03)


@given(st.lists(st.integers(0, 9), min_size=12, max_size=80))
def test_groups_hold_within_a_given_training_set(codes):
    groups = Classes(np.array(codes, np.int32), tuple("abcdefghij"))
    split = GivenSplit(np.array([0] * (len(codes) - 1) + [2], np.int8))
    parts = split_examples(texts(len(codes), groups=groups, given_split=split), EVEN)
    assert not {*groups.codes[parts.train]} & {*groups.codes[parts.validation]}


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), min_size=8, max_size=60),
    st.booleans(),
)
def test_no_source_stands_on_both_sides_of_a_split(numbers, grouped):
    sources = tuple(f"{'Source' if form % 2 else ' source'} {number}" for number, form in numbers)
    groups = Classes(np.array([form for _, form in numbers], np.int32), tuple("abcd")) if grouped else None
    data = Pairs(*ORIGIN, sources=sources, targets=tuple(map(str, range(len(sources)))), groups=groups)
    together = data.kept_together
    if together is not None and (together.counts > 0).sum() < 3:
        return
    parts = split_examples(data, EVEN)
    sides = [{numbers[at] for at in part} for part in (parts.train, parts.validation, parts.test)]
    for one in range(3):
        for other in range(one):
            assert not {source for source, _ in sides[one]} & {source for source, _ in sides[other]}
            assert not grouped or not {form for _, form in sides[one]} & {form for _, form in sides[other]}


@pytest.mark.parametrize("count", [3, 10, 500])
def test_pairs_whose_sources_differ_are_drawn_as_ever(count):
    sides = tuple(map(str, range(count)))
    drawn = split_examples(Pairs(*ORIGIN, sources=sides, targets=sides), EVEN)
    assert drawn.test.tolist() == random_split(count, EVEN).test.tolist()
