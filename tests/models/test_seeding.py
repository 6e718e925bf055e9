"""The same seed builds the same model, also while another thread builds one."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from components.models.forecaster import build_forecaster
from components.models.seeds import seeded
from components.recipe import Recurrent


def weights(seed):
    with seeded(seed):
        model = build_forecaster(Recurrent(units=3, layers=2, dropout=0.5), 4, 1, 2).model
    return np.concatenate([np.ravel(variable) for variable in model.variables])


def test_a_seed_is_a_model():
    np.testing.assert_array_equal(weights(1), weights(1))
    assert not np.array_equal(weights(1), weights(2))


def test_models_built_side_by_side_dont_disturb_each_other():
    alone = {seed: weights(seed) for seed in (1, 2)}
    with ThreadPoolExecutor(2) as threads:
        for seed, found in zip([1, 2] * 5, threads.map(weights, [1, 2] * 5), strict=True):
            np.testing.assert_array_equal(found, alone[seed])
