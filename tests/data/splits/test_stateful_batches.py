"""Windows follow each other row by row, within their part."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from components.data.datasets import Provenance, Texts
from components.data.splits.corpus import build_corpus, training_excerpt
from components.data.splits.stateful_batches import stateful_batches, windows_per_stream
from components.errors import DataError
from components.recipe import Preparation, Sample


@given(
    begin=st.integers(0, 50), tokens=st.integers(2, 500), streams=st.integers(1, 8), window=st.integers(1, 20)
)
def test_each_row_goes_on_where_it_ended(begin, tokens, streams, window):
    turns = windows_per_stream(tokens, streams, window)
    assume(turns)
    found = stateful_batches(slice(begin, begin + tokens), streams, window)
    starts = found.starts.reshape(turns, streams)
    assert (np.diff(starts, axis=0) == window).all()
    assert found.starts_stream.reshape(turns, streams).tolist() == [
        [turn == 0] * streams for turn in range(turns)
    ]
    asked = starts[:, :, None] + np.arange(1, window + 1)
    assert len(np.unique(asked)) == asked.size, "no token is asked for twice"
    assert begin < asked.min()
    assert asked.max() < begin + tokens
    assert tokens - 1 - asked.size < streams * window, "no window more would fit"


def test_a_part_that_is_too_short_is_refused():
    assert windows_per_stream(7, 2, 3) == 1
    assert windows_per_stream(6, 2, 3) == 0
    with pytest.raises(DataError, match="too few"):
        stateful_batches(slice(0, 6), 2, 3)


def _texts(*texts: str) -> Texts:
    return Texts(Sample(name="toy"), "Toy", Provenance("here", "none"), texts)


def test_a_long_text_is_divided_from_its_beginning_to_its_end():
    found = build_corpus(_texts("0123456789" * 10), Preparation(validation=0.2, test=0.1))
    assert (len(found.train), len(found.validation), len(found.test)) == (70, 20, 10)
    assert found.train + found.validation + found.test == "0123456789" * 10


def test_short_texts_are_drawn_into_the_parts_and_mixed():
    names = [f"name{number:03}" for number in range(100)]
    found = build_corpus(_texts(*names), Preparation())
    parts = [part.splitlines() for part in (found.train, found.validation, found.test)]
    assert sorted(name for part in parts for name in part) == names
    assert [len(part) for part in parts] == [70, 15, 15]
    assert parts[0] != sorted(parts[0])
    assert found == build_corpus(_texts(*names), Preparation())
    for characters in (3, 50, 10_000):
        assert training_excerpt(_texts(*names), Preparation(), characters) == found.train[:characters]
        assert (
            training_excerpt(_texts("abc" * 99), Preparation(), characters)[:207]
            == ("abc" * 99)[:characters][:207]
        )
