"""A layer before any training: Keras' own layer with the same weights has the same gradients."""

import numpy as np
import pytest
import tensorflow as tf

from components.insight.bptt import backpropagate
from components.insight.initialization import (
    InitializationSetting,
    _layer_pass,
    _recurrent_weights,
    initial_gradient,
)
from components.models.cells import CELLS
from components.models.fused.layers import LAYERS


@pytest.mark.parametrize("kind", list(CELLS))
def test_keras_layer_with_the_same_weights_has_the_same_gradients(kind):
    setting = InitializationSetting(kind=kind, units=3, steps=9, radius=0.9, forget=2.0)
    strand = _layer_pass(setting, np.random.default_rng(5))
    layer = LAYERS[kind](3, dtype="float64")
    layer.build((None, 9, 2))
    weights = strand.weights
    layer.set_weights([weights.kernel, weights.recurrent, np.reshape(weights.biases, layer.cell.bias.shape)])
    x = tf.constant(strand.sequence)
    with tf.GradientTape() as tape:
        tape.watch(x)
        score = tf.reduce_sum(layer(x) * strand.grad_outputs[:, -1])
    np.testing.assert_allclose(backpropagate(strand).grad_x, tape.gradient(score, x), rtol=1e-6, atol=1e-12)


def test_the_squares_have_the_radius_that_is_asked_for():
    rng = np.random.default_rng(0)
    for recurrent in ("orthogonal", "normal"):
        square = _recurrent_weights(
            InitializationSetting("simple_rnn", units=16, recurrent=recurrent, radius=1.3), rng
        )
        assert np.abs(np.linalg.eigvals(square)).max() == pytest.approx(1.3)
    orthogonal = _recurrent_weights(InitializationSetting("lstm", units=4), rng)
    np.testing.assert_allclose(orthogonal @ orthogonal.T, np.eye(4), atol=1e-12)


def test_the_settings_move_the_ratio_as_the_lesson_says():
    def ratio(**changed):
        return initial_gradient(InitializationSetting(**{"kind": "simple_rnn"} | changed)).ratio

    assert ratio(radius=0.7) < 1e-6 < ratio(radius=1.0)
    assert ratio(steps=200) < ratio(steps=20)
    assert ratio(recurrent="normal") < ratio(recurrent="orthogonal")
    assert ratio(kind="lstm", forget=-2.0) < ratio(kind="lstm", forget=1.0) < ratio(kind="lstm", forget=4.0)


def test_a_long_sequence_takes_no_time():
    found = initial_gradient(InitializationSetting("lstm", units=64, steps=500))
    assert found.grad_x.shape == found.grad_h.shape == (500,)
