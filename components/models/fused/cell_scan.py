"""A described cell gone through step by step, with its gradient written out: scans that XLA compiles."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import tensorflow as tf

from components.models.cells import Cell
from components.models.fused.scan import (
    Tensors,
    add_bias,
    bias_gradient,
    compiled,
    product,
    scan,
    shifted_path,
    weight_gradient,
)


def run(
    cell: Cell,
    x: tf.Tensor,
    states: Sequence[tf.Tensor],
    recurrent: tf.Tensor,
    bias: Sequence[tf.Tensor],
    training: bool,
) -> tuple[tf.Tensor, ...]:
    """Return a cell's states after every step, (T, batch, units) each.

    Args:
        cell: its description.
        x: what comes in from outside, with weights and bias in it, (T, batch, blocks · units).
        states: those before the first step, (batch, units) each.
        recurrent: (units, blocks · units).
        bias: of the product with the recurrent weights, (blocks · units), where the cell has two; else none.
        training: whether many more calls with this shape are to come.
    """
    many = len(states)

    @tf.custom_gradient
    def go(x: tf.Tensor, recurrent: tf.Tensor, *rest: tf.Tensor) -> Any:
        states, bias = rest[:many], rest[many:]
        function = forward_scan(cell) if training else forward_steps(cell)
        found = function(x, *states, recurrent, *bias)
        paths, kept = found[:many], found[many:]

        def gradient(*by_paths: tf.Tensor) -> tuple[tf.Tensor, ...]:
            earlier = [shifted_path(first, path) for first, path in zip(states, paths, strict=True)]
            found = backward_scan(cell)(*by_paths, *kept, *earlier, *paths, recurrent)
            by_x, by_y, by_states = found[0], found[cell.biases - 1], found[cell.biases :]
            by_inner = [bias_gradient(by_y)] if bias else []
            return by_x, weight_gradient(earlier[0], by_y), *by_states, *by_inner

        return tuple(paths), gradient

    return go(x, recurrent, *states, *bias)


@cache
def forward_scan(cell: Cell) -> Callable[..., Tensors]:
    """Return the function (x, states, recurrent weights, their bias) → all states, and all that is kept."""
    return compiled(forward_steps(cell))


@cache
def backward_scan(cell: Cell) -> Callable[..., Tensors]:
    """Return the function that goes back from the last step to the first.

    It takes the gradients by the states of all steps, what was kept, the states before and after each step,
    (T, batch, units) each, and the recurrent weights. It returns the gradients by x and, where that isn't the
    same, by y, (T, batch, blocks · units), and by the states before the first step.
    """
    return compiled(backward_steps(cell))


def forward_steps(cell: Cell) -> Callable[..., Tensors]:
    """Return what `forward_scan` compiles; the weights may be those of several members, as in `product`."""
    many = len(cell.states)

    def forward(x: tf.Tensor, *rest: tf.Tensor) -> Tensors:
        first, (recurrent, *bias) = rest[:many], rest[many:]

        def step(states: Tensors, x: tf.Tensor) -> tuple[Tensors, Tensors]:
            y = product(states[0], recurrent)
            for inner in bias:
                y = add_bias(y, inner)
            states, kept = cell.forward(tf, x, y, states)
            return states, (*states, *kept)

        units = first[0].shape[1]
        return scan(step, [x], first, [units] * (many + len(cell.kept)))[1]

    return forward


def backward_steps(cell: Cell) -> Callable[..., Tensors]:
    """Return what `backward_scan` compiles; likewise."""
    many, keeps, is_sum = len(cell.states), len(cell.kept), cell.biases == 1

    def backward(*given: tf.Tensor) -> Tensors:
        *by_step, recurrent = given
        units, back = recurrent.shape[-2], tf.linalg.matrix_transpose(recurrent)

        def step(by_later: Tensors, *inputs: tf.Tensor) -> tuple[Tensors, Tensors]:
            by, rest = inputs[:many], inputs[many:]
            by_x, by_y, by_earlier = cell.backward(
                tf,
                [one + later for one, later in zip(by, by_later, strict=True)],
                rest[:keeps],
                rest[keeps : keeps + many],
                rest[keeps + many :],
            )
            through = product(by_y, back)
            by_h = through if by_earlier[0] is None else through + by_earlier[0]
            return (by_h, *by_earlier[1:]), (by_x,) if is_sum else (by_x, by_y)

        nothing = tf.zeros_like(by_step[0][0])
        widths = [len(cell.blocks) * units] * cell.biases
        by_first, found = scan(step, by_step, [nothing] * many, widths, reverse=True)
        return [*found, *by_first]

    return backward
