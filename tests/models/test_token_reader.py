"""A model that is read as arrays says what it says in TensorFlow, with the weights of the moment."""

import numpy as np
import pytest

from components.models.cells import CELLS
from components.models.language_model import TokenGenerator, build_core, next_token_logits
from components.models.token_reader import TokenReader
from components.recipe import Recurrent

VOCABULARY, WINDOW = 7, 6


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("kind", CELLS)
def test_logits_and_states_are_those_of_the_model(kind, tied) -> None:
    model = Recurrent(kind=kind, units=5, layers=2, dropout=0.4)
    core = build_core(model, VOCABULARY, 3, WINDOW, tied=tied)
    chance = np.random.default_rng(0)
    for variable in core.trainable_variables:
        variable.assign(chance.normal(0, 0.7, variable.shape))
    memory = tuple(chance.normal(0, 1, (1, 5)).astype(np.float32) for _ in core.inputs[1:])
    logits, *states = next_token_logits(core, np.array([[4]]), memory)
    found, after = TokenReader(core, model).read(4, memory)
    np.testing.assert_allclose(found, logits[0, 0], atol=1e-5)
    for one, other in zip(after, states, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)
    assert found.dtype == np.float32 and all(one.dtype == np.float32 for one in after)


def test_a_text_that_is_begun_anew_is_written_with_the_newest_weights() -> None:
    model = Recurrent(kind="gru", units=4)
    core = build_core(model, VOCABULARY, 3, WINDOW)
    pen = TokenGenerator(core, model)
    before, _ = pen.read(2, pen.begin())
    for variable in core.trainable_variables:
        variable.assign(2 * variable)
    after, _ = pen.read(2, pen.begin())
    expected, *_ = next_token_logits(core, np.array([[2]]), pen.begin())
    np.testing.assert_allclose(after, expected[0, 0], atol=1e-5)
    assert not np.allclose(before, after)
