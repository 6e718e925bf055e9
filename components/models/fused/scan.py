"""A loop over time, for functions that know their own gradient, and the products done outside of it."""

from collections.abc import Callable, Sequence
from typing import Any

import tensorflow as tf

Tensors = Sequence[tf.Tensor]
Step = Callable[..., tuple[Tensors, Tensors]]


def scan(
    step: Step, inputs: Tensors, state: Tensors, widths: Sequence[int], reverse: bool = False
) -> tuple[Tensors, Tensors]:
    """Take a step at every place in time, each with the state that the one before it left.

    Args:
        step: maps a state and one (batch, width) of each input to the next state and to what the step
            gives out, (batch, width) each.
        inputs: (T, batch, width) each.
        state: what the first step begins with.
        widths: of what a step gives out.
        reverse: whether to go from the last place to the first.

    Returns:
        The state that the last step left; and what all steps gave out, (T, batch, width) each, in the
        order of time, whichever way the steps went.
    """
    length, batch = inputs[0].shape[:2]
    if length is None:
        length = tf.shape(inputs[0])[0]

    def array(width: int) -> tf.TensorArray:
        return tf.TensorArray(tf.float32, length, element_shape=[batch, width])

    def body(turn: tf.Tensor, state: Tensors, written: list[tf.TensorArray]) -> tuple[Any, ...]:
        place = length - 1 - turn if reverse else turn
        state, given = step(state, *(tensor.read(place) for tensor in read))
        return turn + 1, tuple(state), [to.write(place, x) for to, x in zip(written, given, strict=True)]

    read = [array(tensor.shape[2]).unstack(tensor) for tensor in inputs]
    start = (tf.constant(0), tuple(state), [array(width) for width in widths])
    _, state, written = tf.while_loop(lambda turn, *_: turn < length, body, start)
    return state, [tensor.stack() for tensor in written]


def compiled(function: Callable[..., Tensors]) -> Callable[..., Tensors]:
    """Let XLA compile a function that scans its first argument, if that has a known length in time.

    XLA makes one operation of all that a step does between its products, where TensorFlow alone runs ten or
    more, which at common sizes cost more than the products. It compiles anew for every shape.
    """
    by_xla = tf.function(function, autograph=False, jit_compile=True)

    def run(first: tf.Tensor, *rest: tf.Tensor) -> Tensors:
        chosen = function if first.shape[0] is None else by_xla
        # Nothing is to be kept for a gradient that nobody will ask for.
        return chosen(*map(tf.stop_gradient, (first, *rest)))

    return run


def dense(x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Return x · weights + bias in one product for all steps: (T, batch, features) → (T, batch, units)."""
    flat = tf.nn.bias_add(tf.matmul(_flat(x), weights), bias)
    return tf.reshape(flat, [*_sizes(x)[:2], weights.shape[1]])


def product(rows: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    """Return rows · weights.

    Args:
        rows: (batch, inputs); of several members of an ensemble, (members · batch, inputs), one's after the
            other's.
        weights: (inputs, outputs), or (members, inputs, outputs).
    """
    if len(weights.shape) == 2:
        return rows @ weights
    members, inputs, outputs = weights.shape
    return tf.reshape(tf.reshape(rows, [members, -1, inputs]) @ weights, [-1, outputs])


def add_bias(rows: tf.Tensor, bias: tf.Tensor) -> tf.Tensor:
    """Return rows + bias, (outputs) or of each member, (members, outputs); rows as in `product`."""
    if len(bias.shape) == 1:
        return rows + bias
    members, outputs = bias.shape
    return tf.reshape(tf.reshape(rows, [members, -1, outputs]) + bias[:, None], [-1, outputs])


def weight_gradient(x: tf.Tensor, d: tf.Tensor) -> tf.Tensor:
    """Return the gradient by the weights between x, (T, batch, features), and what has the gradient d."""
    return tf.matmul(_flat(x), _flat(d), transpose_a=True)


def bias_gradient(d: tf.Tensor) -> tf.Tensor:
    """Return the gradient by the bias of what has the gradient d, (T, batch, units)."""
    return tf.reduce_sum(d, [0, 1])


def shifted_path(first: tf.Tensor, path: tf.Tensor) -> tf.Tensor:
    """Return the state before each step, of that before the first and those after all, (T, batch, units)."""
    return tf.concat([first[None], path[:-1]], 0)


def _flat(x: tf.Tensor) -> tf.Tensor:
    return tf.reshape(x, [-1, x.shape[-1]])


def _sizes(x: tf.Tensor) -> list[Any]:
    return [tf.shape(x)[axis] if size is None else size for axis, size in enumerate(x.shape)]
