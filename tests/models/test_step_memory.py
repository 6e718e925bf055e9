"""A guess of the memory that a training needs grows with what makes it larger."""

import pytest

from components.models.step_memory import WORKER_BYTES, training_bytes
from components.models.summary import summarize_forecaster
from components.recipe import Recurrent, Transformer


def needed(batch=256, window=200, validated=100, data=0, model=None, **recurrent):
    plan = summarize_forecaster(model or Recurrent(**recurrent), window, 1, 12)
    return training_bytes(plan, batch, validated, data) - WORKER_BYTES


@pytest.mark.parametrize(
    "larger",
    [
        {"batch": 512},
        {"window": 400},
        {"units": 64},
        {"layers": 2},
        {"bidirectional": True},
        {"attention": "dot"},
        {"validated": 1000},
        {"data": 10**9},
    ],
)
def test_what_is_larger_needs_more(larger):
    assert needed(**larger) > needed()


def test_attention_grows_with_the_square_of_the_window():
    def transformer(window):
        return needed(window=window, model=Transformer(units=16, layers=1))

    assert transformer(2000) > 3 * transformer(1000)


def test_additive_attention_needs_a_vector_for_each_step_that_is_looked_at():
    assert needed(attention="additive") > 2 * needed(attention="dot")


def test_a_small_model_on_small_data_needs_little_more_than_tensorflow():
    assert needed(batch=32, window=48) < 100 * 2**20
