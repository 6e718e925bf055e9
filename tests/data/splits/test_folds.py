"""Folds hold every example once, each class evenly, and never part of a group."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from components.data.splits.folds import deal_folds


@given(codes=st.lists(st.integers(0, 3), min_size=6, max_size=60).map(np.array), count=st.integers(2, 5))
def test_each_fold_has_its_share_of_every_class(codes, count):
    folds = deal_folds(codes, count)
    assert folds.tolist() == deal_folds(codes, count).tolist()
    for wanted in (codes >= 0, *(codes == code for code in range(4))):
        sizes = np.bincount(folds[wanted], minlength=count)
        assert sizes.max() - sizes.min() <= 1 and len(sizes) == count


@given(groups=st.lists(st.integers(0, 9), min_size=12, max_size=60).map(np.array), count=st.integers(2, 4))
def test_groups_stay_whole_and_folds_are_even(groups, count):
    folds = deal_folds(np.zeros(len(groups), int), count, groups=groups)
    assert all(len(set(folds[groups == group])) <= 1 for group in range(10))
    sizes = np.bincount(folds, minlength=count)
    assert sizes.max() - sizes.min() <= np.bincount(groups).max()
