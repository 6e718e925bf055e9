"""What is left out of a sequence: each of its pieces once, and what is read together as a whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.insight.occlusion import MOST_PIECES, OcclusionBatch


@given(
    first=st.integers(0, 3),
    steps=st.integers(1, 200),
    together=st.integers(1, 9),
    more=st.integers(0, 4),
)
def test_every_step_is_left_out_once_with_those_that_are_read_with_it(first, steps, together, more):
    sequence = np.ones((first + steps + more, 2), np.float32)
    batch = OcclusionBatch.of(sequence, first, steps, 0.0, together)
    out = batch.rows[:, first : first + steps, 0] == 0
    assert not out[0].any() and not out[len(batch.sizes) + 1 :].any()
    np.testing.assert_array_equal(out.sum(axis=0), np.ones(steps))
    assert sum(batch.sizes) == steps and len(batch.sizes) <= MOST_PIECES
    assert (batch.rows[:, :first] == 1).all() and (batch.rows[:, first + steps :] == 1).all()
    for begin in np.cumsum([0, *batch.sizes])[:-1]:
        assert begin % together == 0


def test_what_was_told_of_a_piece_is_told_of_each_of_its_steps():
    batch = OcclusionBatch.of(np.ones(7, np.int32), 0, 7, 0, 3)
    assert batch.sizes == (3, 3, 1)
    told = batch.per_step(np.arange(len(batch.rows), dtype=float))
    assert told.tolist() == pytest.approx([1, 1, 1, 2, 2, 2, 3])
