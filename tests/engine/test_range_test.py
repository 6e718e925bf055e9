"""A range test trains a real model, in the process that it is asked in."""

import numpy as np

from components.engine.range_test import find_learning_rate
from components.recipe import Forecast, Generated, Optimizer, Recipe, Recurrent, Training


def test_a_real_model_learns_somewhere_between_the_ends() -> None:
    recipe = Recipe(
        dataset=Generated(name="sine", length=200),
        task=Forecast(target="value", window=12, horizon=2),
        model=Recurrent(kind="gru", units=4),
        optimizer=Optimizer(schedule="cosine"),
        training=Training(batch=16, epochs=1),
    )
    found = find_learning_rate(recipe.to_json())
    assert np.isfinite(found.losses).all() and len(found.losses) > 20
    assert found.proposed is not None and 1e-4 < found.proposed < 0.9
    again = find_learning_rate(recipe.to_json())
    shared = min(len(found.losses), len(again.losses))
    np.testing.assert_allclose(found.losses[:3], again.losses[:3])
    assert shared > 20
