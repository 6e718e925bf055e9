"""How much of what was learnt is added to a start: by what would have paid off, and named in the verdict."""

import keras
import numpy as np
import pytest

from components.tasks.shrinkage import (
    AddedLayers,
    Shrinkage,
    choose_weight,
    learnt_sentence,
    shrink_by_errors,
)


def layer(kernel) -> keras.layers.Dense:
    built = keras.layers.Dense(2)
    built.build((None, 2))
    built.set_weights([np.full((2, 2), kernel, np.float32), np.zeros(2, np.float32)])
    return built


def test_a_weight_is_chosen_by_what_would_have_paid_off_before():
    better = np.linspace(1.0, 0.5, 5)[:, None] * np.ones(30)
    assert choose_weight(better) == 4
    assert choose_weight(better[::-1]) == 0
    assert choose_weight(better[:, :3]) == 0  # too few to tell
    lucky = np.ones((5, 30))
    lucky[4] = np.where(np.arange(30) < 12, 0.2, 1.6)  # it paid off once, and never again
    assert choose_weight(lucky) == 0


def test_of_independent_errors_a_lead_has_to_be_more_than_chance():
    noise = np.random.default_rng(0).normal(0, 1, 200)
    start = np.ones(200)
    close = np.stack([start, *[start - 0.03 + 0.5 * noise] * 4])
    clear = np.stack([start, *[start - 0.3 + 0.5 * noise] * 4])
    assert choose_weight(clear, 1.0) and choose_weight(clear)
    assert choose_weight(close, 1.0) == 0


@pytest.mark.parametrize(("wanted", "found"), [(0.5, 0.5), (-1.0, 0.0), (9.0, 1.0)])
def test_as_much_is_added_as_comes_closest(wanted, found):
    added = layer(1.0)
    shrinkage = shrink_by_errors(
        AddedLayers([added]), lambda: np.full(20, abs(wanted - added.get_weights()[0][0, 0]))
    )
    assert shrinkage.weight == found and shrinkage.origins == 20
    assert added.get_weights()[0].tolist() == [[found] * 2] * 2
    assert shrinkage.start_error == pytest.approx(abs(wanted))


def test_what_is_not_added_stays_as_it_was_learnt():
    added = layer(1.0)
    AddedLayers([added], lambda width: np.arange(width) == 1).shrink(0.25)
    assert added.get_weights()[0].tolist() == [[1, 0.25]] * 2


def test_where_nothing_was_learnt_nothing_is_chosen():
    assert shrink_by_errors(AddedLayers([layer(0.0)]), lambda: np.ones(9)) == Shrinkage(0.0, 1.0, 1.0, 0)
    # What changes no answer is nothing learnt either.
    assert shrink_by_errors(AddedLayers([layer(3.0)]), lambda: np.ones(9)) == Shrinkage(0.0, 1.0, 1.0, 0)


@pytest.mark.filterwarnings("error")
def test_without_a_validation_set_nothing_is_added() -> None:
    found = shrink_by_errors(AddedLayers([layer(0.0)]), lambda: np.zeros(0))
    assert found.weight == found.origins == 0 and np.isnan(found.error)


def test_the_sentence_says_how_much_lasts():
    said = [
        learnt_sentence(Shrinkage(weight, 1.0, 0.9, many), "forecast", "the last value")
        for weight, many in ((0.0, 0), (0.0, 9), (0.25, 9), (1.0, 9))
    ]
    assert "Nothing was learnt that improves on the start, the last value" in said[0]
    assert "taught the network nothing that lasts" in said[1] and "the forecast is its start" in said[1]
    assert "adds 25% of what it learnt to its start, the last value (λ = 0.25" in said[2]
    assert "adds all of what" in said[3]
