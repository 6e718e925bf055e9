"""The classic tests of memory are as they were published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import data
from components.data.datasets import Sequences
from components.data.sources.synthetic import GENERATORS
from components.errors import DataError
from components.recipe import Generated

NAMES = [name for name, generator in GENERATORS.items() if generator.kind == "sequences"]


def make_sequences(name: str, length: int = 500, seed: int = 0, **parameters: float) -> Sequences:
    return data.load(Generated(name=name, length=length, parameters=parameters, seed=seed))


@given(
    name=st.sampled_from(NAMES),
    length=st.integers(50, 100),
    seed=st.integers(0, 2**31 - 1),
    draw=st.data(),
)
def test_any_allowed_parameters_give_the_same_sequences_twice(name, length, seed, draw):
    parameters = {
        parameter.name: draw.draw(st.integers(int(parameter.low), int(min(parameter.high, 60))))
        for parameter in GENERATORS[name].parameters
    }
    first, second = (
        make_sequences(name, length, seed, **parameters),
        make_sequences(name, length, seed, **parameters),
    )
    assert first.size == length
    assert first.values.tobytes() == second.values.tobytes()
    assert first.offsets.tolist() == second.offsets.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_other_sequences(name):
    assert make_sequences(name, seed=1).values.tobytes() != make_sequences(name, seed=2).values.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_said_is_the_default(name):
    defaults = {parameter.name: parameter.default for parameter in GENERATORS[name].parameters}
    assert make_sequences(name).values.tobytes() == make_sequences(name, **defaults).values.tobytes()


def test_the_sum_to_find_is_that_of_the_two_marked_numbers():
    dataset = make_sequences("adding", steps=20, longer=50)
    assert dataset.lengths.min() >= 20 and dataset.lengths.max() <= 30 and len(set(dataset.lengths)) > 5
    for number in range(dataset.size):
        sequence = dataset.sequence(number)
        marked = np.flatnonzero(sequence[:, 1])
        assert len(marked) == 2 and marked[0] < len(sequence) // 2 <= marked[1]
        assert dataset.answer.values[number] == pytest.approx(sequence[marked, 0].sum())


def test_who_always_says_one_is_wrong_by_a_sixth():
    sums = make_sequences("adding", length=100_000, steps=10).answer.values
    assert np.mean((sums - 1) ** 2) == pytest.approx(1 / 6, rel=0.02)


def test_the_order_of_the_two_events_is_the_class():
    dataset = make_sequences("temporal_order", steps=100)
    letters = np.array(dataset.symbols)
    for number in range(dataset.size):
        text = "".join(letters[dataset.sequence(number)[:, 0].astype(int)])
        events = [(place, letter) for place, letter in enumerate(text) if letter in "XY"]
        assert "".join(letter for _, letter in events) == dataset.answer.names[dataset.answer.codes[number]]
        assert 10 <= events[0][0] <= 20 and 50 <= events[1][0] <= 60
        assert text[0] == "E" and text[-1] == "B" and not set(text[1:-1]) & {"E", "B"}
        assert 100 <= len(text) <= 110
    assert (dataset.answer.counts > 90).all()


def test_what_is_to_be_written_is_what_was_shown():
    dataset = make_sequences("copy_memory", length=100, delay=7, remembered=4, alphabet=3)
    given, wanted = dataset.values[:, 0].reshape(100, -1), dataset.answers.codes.reshape(100, -1)
    assert given.shape == (100, 7 + 2 * 4)
    np.testing.assert_array_equal(wanted[:, -4:], given[:, :4])
    assert not wanted[:, :-4].any() and not given[:, -4:].any()
    now = dataset.symbols.index("!")
    np.testing.assert_array_equal(np.argwhere(given == now)[:, 1], np.full(100, 7 + 4 - 1))
    assert set(np.unique(given[:, :4])) == {2, 3, 4}


def test_control_charts_have_their_six_shapes():
    dataset = make_sequences("control_charts", length=600, noise=0)
    charts = dict(zip(dataset.answer.names, _by_class(dataset), strict=True))
    assert all(len(of_class) == 100 for of_class in charts.values())
    np.testing.assert_allclose(charts["normal"], 30)
    rises = np.diff(charts["rising"], axis=1)
    assert (rises > 0.199).all() and (rises < 0.501).all()
    np.testing.assert_allclose(rises, rises[:, :1].repeat(59, axis=1), atol=1e-4)
    assert (np.diff(charts["falling"], axis=1) < -0.199).all()
    steps = charts["shifted up"] - 30
    assert ((steps == 0) | (steps > 7.49)).all() and (steps <= 20.001).all()
    assert (steps[:, :19] == 0).all() and (steps[:, 41:] > 0).all()
    assert (charts["shifted down"][:, 41:] < 30).all()
    waves = charts["cyclic"] - 30
    assert np.abs(waves).max(axis=1).min() > 9 and np.abs(waves).max() <= 15


def test_the_dial_trembles_as_far_as_said():
    rest = make_sequences("control_charts", length=600, noise=2).values[:, 0].reshape(600, 60)
    normal = rest[make_sequences("control_charts", length=600, noise=2).answer.codes == 0] - 30
    assert np.abs(normal).max() <= 6 and normal.std() == pytest.approx(6 / np.sqrt(3), rel=0.05)


def test_labels_drawn_by_a_die_are_as_in_the_textbook():
    dataset = make_sequences("random_labels", length=100)
    assert (dataset.size, set(dataset.lengths), len(dataset.channels)) == (100, {10}, 5)
    assert dataset.answer.names == ("0", "1") and "nothing" in dataset.notes[0]
    # No channel's mean tells the label: in many, the two classes' means are as near as chance makes them.
    many = make_sequences("random_labels", length=20_000)
    means = many.values.reshape(20_000, -1)
    apart = means[many.answer.codes == 0].mean(axis=0) - means[many.answer.codes == 1].mean(axis=0)
    assert np.abs(apart).max() < 4.5 * np.sqrt(1 / 12 * 4 / 20_000)


def test_more_than_fits_is_refused_before_it_is_made():
    with pytest.raises(DataError, match=r"100,000 sequences of 1,000 steps are too many.*at most 10,000"):
        make_sequences("adding", length=100_000, steps=1000)


def _by_class(dataset: Sequences) -> list[np.ndarray]:
    charts = dataset.values[:, 0].reshape(dataset.size, -1)
    return [charts[dataset.answer.codes == code] for code in range(6)]
