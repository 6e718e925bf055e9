"""The GRU, as scans that XLA compiles, with its gradient written out."""

import keras
import tensorflow as tf

from components.models.fused.layer import Fused, Kernel
from components.models.fused.scan import Tensors, before, by_bias, by_weights, compiled, dense, scan


class GRU(Fused, keras.layers.GRU):
    """`keras.layers.GRU`, which resets before or after the candidate's product."""

    __module__ = "keras.layers"  # so that saved files name Keras' layer

    def kernel(self, training: bool) -> Kernel:
        """Return the function (T, batch, features), (batch, units) → (all h,)."""
        weights, recurrent, bias = self.cell_weights()
        if bias is None:
            bias = tf.zeros([2, 3 * self.units] if self.reset_after else [3 * self.units])
        if self.reset_after:
            return lambda x, h: (reset_after(dense(x, weights, bias[0]), h, recurrent, bias[1], training),)
        return lambda x, h: (reset_before(dense(x, weights, bias), h, recurrent, training),)


# --- Reset after the product -----------------------------------------------------------------------


def reset_after(
    x: tf.Tensor, h: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor, training: bool
) -> tf.Tensor:
    """Run the GRU of cuDNN (Cho et al., 2014, version 1).

    With y = h · recurrent + bias, in three parts like x: z, r = σ(x + y), c = tanh(x + r y), and
    h ← z h + (1 − z) c.

    Args:
        x: what comes in from outside, (T, batch, 3 · units), for z, r and c.
        h: the state before the first step, (batch, units).
        recurrent: (units, 3 · units).
        bias: (3 · units).
        training: whether many more calls with this shape are to come.

    Returns:
        h after every step, (T, batch, units).
    """

    @tf.custom_gradient
    def run(x, h, recurrent, bias):
        states, gates = (_after if training else _after_forward)(x, h, recurrent, bias)

        def gradient(dh):
            earlier = before(h, states)
            dx, dy, first = _after_gradient(dh, earlier, gates, recurrent)
            return dx, first, by_weights(earlier, dy), by_bias(dy)

        return states, gradient

    return run(x, h, recurrent, bias)


def _after_forward(x: tf.Tensor, h: tf.Tensor, recurrent: tf.Tensor, bias: tf.Tensor) -> Tensors:
    """Return all h, and all z, r, c and the candidate's y side by side."""
    units = h.shape[1]

    def step(state, x):
        (h,) = state
        y = h @ recurrent + bias
        z, r = tf.split(tf.sigmoid(x[:, : 2 * units] + y[:, : 2 * units]), 2, 1)
        y = y[:, 2 * units :]
        c = tf.tanh(x[:, 2 * units :] + r * y)
        h = z * h + (1 - z) * c
        return (h,), (h, tf.concat([z, r, c, y], 1))

    return scan(step, [x], [h], [units, 4 * units])[1]


def _after_backward(dh: tf.Tensor, earlier: tf.Tensor, gates: tf.Tensor, recurrent: tf.Tensor) -> Tensors:
    """Return the gradients by x, by y and by the first h, from those by all h."""
    units, back = dh.shape[2], tf.transpose(recurrent)

    def step(state, dh, h, gates):
        z, r, c, y = tf.split(gates, 4, 1)
        dh = dh + state[0]
        dz = dh * (h - c) * z * (1 - z)
        dc = dh * (1 - z) * (1 - c * c)
        dr = dc * y * r * (1 - r)
        dy = tf.concat([dz, dr, dc * r], 1)
        return (dy @ back + dh * z,), (tf.concat([dz, dr, dc], 1), dy)

    (first,), (dx, dy) = scan(
        step, [dh, earlier, gates], [tf.zeros_like(dh[0])], [3 * units, 3 * units], reverse=True
    )
    return [dx, dy, first]


_after, _after_gradient = compiled(_after_forward), compiled(_after_backward)


# --- Reset before the product ----------------------------------------------------------------------


def reset_before(x: tf.Tensor, h: tf.Tensor, recurrent: tf.Tensor, training: bool) -> tf.Tensor:
    """Run the GRU of Cho et al. (2014, version 3).

    With recurrent in three parts like x: z, r = σ(x + h · recurrent), c = tanh(x + (r h) · recurrent), and
    h ← z h + (1 − z) c. Arguments and result are as in `reset_after`.
    """

    @tf.custom_gradient
    def run(x, h, recurrent):
        states, gates = (_before if training else _before_forward)(x, h, recurrent)

        def gradient(dh):
            earlier, units = before(h, states), h.shape[1]
            dx, first = _before_gradient(dh, earlier, gates, recurrent)
            reset = earlier * gates[:, :, units : 2 * units]
            by_gates = by_weights(earlier, dx[:, :, : 2 * units])
            return dx, first, tf.concat([by_gates, by_weights(reset, dx[:, :, 2 * units :])], 1)

        return states, gradient

    return run(x, h, recurrent)


def _before_forward(x: tf.Tensor, h: tf.Tensor, recurrent: tf.Tensor) -> Tensors:
    """Return all h, and all z, r and c side by side."""
    units = h.shape[1]
    for_gates, for_candidate = recurrent[:, : 2 * units], recurrent[:, 2 * units :]

    def step(state, x):
        (h,) = state
        z, r = tf.split(tf.sigmoid(x[:, : 2 * units] + h @ for_gates), 2, 1)
        c = tf.tanh(x[:, 2 * units :] + (r * h) @ for_candidate)
        h = z * h + (1 - z) * c
        return (h,), (h, tf.concat([z, r, c], 1))

    return scan(step, [x], [h], [units, 3 * units])[1]


def _before_backward(dh: tf.Tensor, earlier: tf.Tensor, gates: tf.Tensor, recurrent: tf.Tensor) -> Tensors:
    """Return the gradients by x and by the first h, from those by all h."""
    units, back = dh.shape[2], tf.transpose(recurrent)

    def step(state, dh, h, gates):
        z, r, c = tf.split(gates, 3, 1)
        dh = dh + state[0]
        dz = dh * (h - c) * z * (1 - z)
        dc = dh * (1 - z) * (1 - c * c)
        by_reset = dc @ back[2 * units :]
        d = tf.concat([dz, by_reset * h * r * (1 - r)], 1)
        return (d @ back[: 2 * units] + by_reset * r + dh * z,), (tf.concat([d, dc], 1),)

    (first,), (dx,) = scan(step, [dh, earlier, gates], [tf.zeros_like(dh[0])], [3 * units], reverse=True)
    return [dx, first]


_before, _before_gradient = compiled(_before_forward), compiled(_before_backward)
