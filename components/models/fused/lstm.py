"""The LSTM: narrow ones in TensorFlow's kernel for all steps, wide ones as scans that XLA compiles."""

import keras
import tensorflow as tf

from components.models.fused.layer import Fused, Kernel
from components.models.fused.scan import Tensors, before, by_bias, by_weights, compiled, dense, scan

WIDE = 128
"""Units from which on the kernel is slower than scans also on the way there: it multiplies what comes in
from outside step by step, and not for all steps at once."""
MANY = 128
"""Numbers that enter a step, features and units, from which on the kernel is slower than a scan on the way
back: it works out each weight's gradient step by step."""


class LSTM(Fused, keras.layers.LSTM):
    """`keras.layers.LSTM`, whose gates stand in the order of TensorFlow's kernel too: i, f, c and o."""

    __module__ = "keras.layers"  # so that saved files name Keras' layer

    def kernel(self, training: bool) -> Kernel:
        """Return the function (T, batch, features), (batch, units), (batch, units) → (all h, all c)."""
        weights, recurrent, bias = self.cell_weights()
        bias = tf.zeros(4 * self.units) if bias is None else bias
        if training and self.units >= WIDE:
            return lambda x, h, c: by_scans(dense(x, weights, bias), h, c, recurrent)
        both = tf.concat([weights, recurrent], 0)
        return lambda x, h, c: by_kernel(x, h, c, both, bias)


@tf.custom_gradient
def by_kernel(x: tf.Tensor, h: tf.Tensor, c: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor):
    """Run an LSTM (Hochreiter and Schmidhuber, 1997; Gers, Schmidhuber and Cummins, 2000) by `BlockLSTMV2`.

    Args:
        x: (T, batch, features).
        h: the state before the first step, (batch, units).
        c: the cell before the first step, (batch, units).
        weights: (features + units, 4 · units), for the gates i, f, c and o.
        bias: (4 · units).

    Returns:
        h and c after every step, (T, batch, units) each.
    """
    features, units = x.shape[2], h.shape[1]
    peephole = tf.zeros(units)
    given = {
        "x": x,
        "cs_prev": c,
        "h_prev": h,
        "w": weights,
        "b": bias,
        "seq_len_max": tf.shape(x, tf.int64)[0],
    }
    given |= {"wci": peephole, "wcf": peephole, "wco": peephole, "use_peephole": False}
    gates = tf.raw_ops.BlockLSTMV2(**given, cell_clip=0.0)

    def back_by_kernel(dh, dc):
        d = tf.raw_ops.BlockLSTMGradV2(**given, **gates._asdict(), h_grad=dh, cs_grad=dc)
        return d.x_grad, d.h_prev_grad, d.cs_prev_grad, d.w_grad, d.b_grad

    def back_by_scan(dh, dc):
        i, cs, f, o, tanh_in, tanh_out, hs = gates
        inner = [i, f, tanh_in, o, tanh_out]
        d, first_h, first_c = _compiled_backward(dh, dc, *inner, before(c, cs), weights[features:])
        dx = tf.reshape(
            tf.matmul(tf.reshape(d, [-1, 4 * units]), weights[:features], transpose_b=True), tf.shape(x)
        )
        dw = tf.concat([by_weights(x, d), by_weights(before(h, hs), d)], 0)
        return dx, first_h, first_c, dw, by_bias(d)

    return (gates.h, gates.cs), back_by_scan if features + units >= MANY else back_by_kernel


@tf.custom_gradient
def by_scans(x: tf.Tensor, h: tf.Tensor, c: tf.Tensor, recurrent: tf.Tensor):
    """Run the same LSTM on what comes in from outside, (T, batch, 4 · units), with weights and bias in it.

    Args:
        x: for the gates i, f, c and o.
        h: the state before the first step, (batch, units).
        c: the cell before the first step, (batch, units).
        recurrent: (units, 4 · units).

    Returns:
        h and c after every step, (T, batch, units) each.
    """
    hs, cs, *inner = _compiled_forward(x, h, c, recurrent)

    def back(dh, dc):
        d, first_h, first_c = _compiled_backward(dh, dc, *inner, before(c, cs), recurrent)
        return d, first_h, first_c, by_weights(before(h, hs), d)

    return (hs, cs), back


def _forward(x: tf.Tensor, h: tf.Tensor, c: tf.Tensor, recurrent: tf.Tensor) -> Tensors:
    """Return all h, c, i, f, candidates, o, and tanh(c)."""
    units = h.shape[1]

    def step(state, x):
        h, c = state
        i, f, g, o = tf.split(x + h @ recurrent, 4, 1)
        i, f, g, o = tf.sigmoid(i), tf.sigmoid(f), tf.tanh(g), tf.sigmoid(o)
        c = f * c + i * g
        tanh = tf.tanh(c)
        h = o * tanh
        return (h, c), (h, c, i, f, g, o, tanh)

    return scan(step, [x], [h, c], [units] * 7)[1]


def _backward(dh, dc, i, f, g, o, tanh, c, recurrent) -> Tensors:
    """Return the gradients by what enters the gates, and by the first h and c, from those by all h and c."""
    units, back = dh.shape[2], tf.transpose(recurrent)

    def step(state, dh, dc, i, f, g, o, tanh, c):
        dh, dc = dh + state[0], dc + state[1]
        dc = dc + dh * o * (1 - tanh * tanh)
        d = [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g * g), dh * tanh * o * (1 - o)]
        d = tf.concat(d, 1)
        return (d @ back, dc * f), (d,)

    none = tf.zeros_like(dh[0])
    (first_h, first_c), (d,) = scan(
        step, [dh, dc, i, f, g, o, tanh, c], [none, none], [4 * units], reverse=True
    )
    return [d, first_h, first_c]


_compiled_forward, _compiled_backward = compiled(_forward), compiled(_backward)
