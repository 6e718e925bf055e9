"""The simple recurrent layer, as scans that XLA compiles, with its gradient written out."""

from typing import Any

import keras
import tensorflow as tf

from components.models.fused.layer import Fused, Kernel
from components.models.fused.scan import Tensors, before, by_weights, compiled, dense, scan


class SimpleRNN(Fused, keras.layers.SimpleRNN):
    """`keras.layers.SimpleRNN`."""

    __module__ = "keras.layers"  # so that saved files name Keras' layer

    def get_config(self) -> dict[str, Any]:
        """Return the configuration, with the seed, which Keras leaves out of this layer's alone."""
        return super().get_config() | {"seed": self.cell.seed}

    def kernel(self, training: bool) -> Kernel:
        """Return the function (T, batch, features), (batch, units) → (all h,)."""
        weights, recurrent, bias = self.cell_weights()
        bias = tf.zeros(self.units) if bias is None else bias
        return lambda x, h: (simple_rnn(dense(x, weights, bias), h, recurrent, training),)


def simple_rnn(x: tf.Tensor, h: tf.Tensor, recurrent: tf.Tensor, training: bool) -> tf.Tensor:
    """Run h ← tanh(x + h · recurrent) (Elman, 1990).

    Args:
        x: what comes in from outside, (T, batch, units).
        h: the state before the first step, (batch, units).
        recurrent: (units, units).
        training: whether many more calls with this shape are to come.

    Returns:
        h after every step, (T, batch, units).
    """

    @tf.custom_gradient
    def run(x, h, recurrent):
        (states,) = (_compiled_forward if training else _forward)(x, h, recurrent)

        def gradient(dh):
            d, first = _compiled_backward(dh, states, recurrent)
            return d, first, by_weights(before(h, states), d)

        return states, gradient

    return run(x, h, recurrent)


def _forward(x: tf.Tensor, h: tf.Tensor, recurrent: tf.Tensor) -> Tensors:
    def step(state, x):
        h = tf.tanh(x + state[0] @ recurrent)
        return (h,), (h,)

    return scan(step, [x], [h], [h.shape[1]])[1]


def _backward(dh: tf.Tensor, states: tf.Tensor, recurrent: tf.Tensor) -> Tensors:
    """Return the gradients by x and by the first h, from those by all h."""
    back = tf.transpose(recurrent)

    def step(state, dh, h):
        d = (dh + state[0]) * (1 - h * h)
        return (d @ back,), (d,)

    (first,), (d,) = scan(step, [dh, states], [tf.zeros_like(dh[0])], [dh.shape[2]], reverse=True)
    return [d, first]


_compiled_forward, _compiled_backward = compiled(_forward), compiled(_backward)
