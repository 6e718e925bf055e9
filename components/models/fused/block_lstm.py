"""TensorFlow's own kernel for all steps of an LSTM, the quickest for narrow ones."""

from typing import Any

import tensorflow as tf

from components.models.cells.lstm import LSTM
from components.models.fused.cell_scan import backward_scan
from components.models.fused.scan import bias_gradient, shifted_path, weight_gradient

WIDE = 128
"""Units from which on the kernel is slower than scans also on the way there: it multiplies what comes in
from outside step by step, and not for all steps at once."""
MANY = 128
"""Numbers that enter a step, features and units, from which on the kernel is slower than a scan on the way
back: it works out each weight's gradient step by step."""


@tf.custom_gradient
def run(x: tf.Tensor, h: tf.Tensor, c: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor) -> Any:
    """Return h and c after every step, (T, batch, units) each, by `BlockLSTMV2`.

    Args:
        x: (T, batch, features).
        h: the state before the first step, (batch, units).
        c: the cell before the first step, (batch, units).
        weights: (features + units, 4 · units), in the order of the cell's blocks, which is the kernel's too.
        bias: (4 · units).
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
        i, cs, f, o, g, tanh, hs = gates
        earlier = [shifted_path(h, hs), shifted_path(c, cs)]
        d, first_h, first_c = backward_scan(LSTM)(
            dh, dc, i, f, g, o, tanh, *earlier, hs, cs, weights[features:]
        )
        dx = tf.reshape(
            tf.matmul(tf.reshape(d, [-1, 4 * units]), weights[:features], transpose_b=True), tf.shape(x)
        )
        dw = tf.concat([weight_gradient(x, d), weight_gradient(earlier[0], d)], 0)
        return dx, first_h, first_c, dw, bias_gradient(d)

    return (gates.h, gates.cs), back_by_scan if features + units >= MANY else back_by_kernel
