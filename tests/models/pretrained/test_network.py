"""The Keras network is the forecaster's NumPy, weight by weight."""

import numpy as np
import pytest

from components.data.sources.synthetic.corpus import draw_series
from components.models.pretrained.features import read
from components.models.pretrained.forecaster import MEDIAN, apply, load_weights
from components.models.pretrained.network import build_network, load_network, weight_name

SERIES = draw_series(np.random.default_rng(0), 5, 12, 50)


def outputs(network, features):
    return network([features.history, features.ahead, features.candidates]).numpy()


@pytest.mark.parametrize("variant", ["stack", "pure"])
def test_keras_and_numpy_agree(variant):
    network, features = load_network(variant), read(SERIES, 12, 8).features(variant)
    in_units = outputs(network, features) * features.scale[..., None] + features.location[..., None]
    found = apply(load_weights(variant), features).quantiles
    np.testing.assert_allclose(found, in_units, rtol=1e-4, atol=1e-4 * features.scale.max())


def test_an_untrained_network_of_the_pure_kind_is_the_seasonal_naive():
    features = read(SERIES, 12, 8).features("pure")
    quantiles = outputs(build_network("pure"), features)
    np.testing.assert_allclose(quantiles[..., MEDIAN], features.candidates[..., 0], atol=1e-6)
    assert (np.diff(quantiles, axis=-1) > 0).all()


def test_the_same_seed_gives_the_same_weights():
    first, second, other = (build_network("stack", seed).get_weights() for seed in (1, 1, 2))
    assert all(np.array_equal(one, two) for one, two in zip(first, second, strict=True))
    assert not all(np.array_equal(one, two) for one, two in zip(first, other, strict=True))


def test_weights_have_names_of_their_own():
    weights = build_network("stack").trainable_variables
    assert len({weight_name(weight) for weight in weights}) == len(weights)
