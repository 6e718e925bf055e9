"""A cell of several networks at once, step by step: their weights stacked, their products batched.

Small networks leave a processor idle: what a step costs is not its numbers but that it is taken. So the steps
of several are taken together, and XLA makes one loop of them.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import tensorflow as tf

from components.models.cells import Cell
from components.models.fused.cell_scan import backward_steps, forward_steps
from components.models.fused.scan import Tensors, shifted_path


def run(
    cell: Cell,
    x: tf.Tensor,
    states: Sequence[tf.Tensor],
    weights: tf.Tensor,
    recurrent: tf.Tensor,
    biases: Sequence[tf.Tensor],
) -> tuple[tf.Tensor, ...]:
    """Return the states after every step, (T, members, batch, units) each.

    Args:
        cell: its description.
        x: what is read, (T, members, batch, features).
        states: those before the first step, (members, batch, units) each.
        weights: of what is read, (members, features, blocks · units).
        recurrent: of the hidden state, (members, units, blocks · units).
        biases: one or two, as the cell has them, (members, blocks · units) each.
    """
    many = len(states)

    @tf.custom_gradient
    def go(x: tf.Tensor, weights: tf.Tensor, recurrent: tf.Tensor, *rest: tf.Tensor) -> Any:
        found = _forward(cell)(*map(tf.stop_gradient, (x, weights, recurrent, *rest)))

        def gradient(*by_paths: tf.Tensor) -> Tensors:
            return _backward(cell)(x, weights, recurrent, *rest[:many], *by_paths, *found)

        return tuple(found[:many]), gradient

    return go(x, weights, recurrent, *states, *biases)


@cache
def _forward(cell: Cell) -> Callable[..., Tensors]:
    many, steps = len(cell.states), forward_steps(cell)

    def forward(x: tf.Tensor, weights: tf.Tensor, recurrent: tf.Tensor, *rest: tf.Tensor) -> Tensors:
        states, (bias, *inner) = rest[:many], rest[many:]
        entering = tf.einsum("tmbf,mfg->tmbg", x, weights) + bias[:, None]
        found = steps(_rows(entering, 1), *(_rows(state) for state in states), recurrent, *inner)
        return [_by_member(one, recurrent) for one in found]

    return tf.function(forward, autograph=False, jit_compile=True)


@cache
def _backward(cell: Cell) -> Callable[..., Tensors]:
    many, steps = len(cell.states), backward_steps(cell)

    def backward(x: tf.Tensor, weights: tf.Tensor, recurrent: tf.Tensor, *rest: tf.Tensor) -> Tensors:
        states, by_paths, paths, kept = (
            rest[:many],
            rest[many : 2 * many],
            rest[2 * many : 3 * many],
            rest[3 * many :],
        )
        earlier = [shifted_path(first, path) for first, path in zip(states, paths, strict=True)]
        by_step = [_rows(one, 1) for one in (*by_paths, *kept, *earlier, *paths)]
        found = [_by_member(one, recurrent) for one in steps(*by_step, recurrent)]
        by_x, by_y, by_states = found[0], found[cell.biases - 1], found[cell.biases :]
        return [
            tf.einsum("tmbg,mfg->tmbf", by_x, weights),
            tf.einsum("tmbf,tmbg->mfg", x, by_x),
            tf.einsum("tmbu,tmbg->mug", earlier[0], by_y),
            *by_states,
            *(tf.reduce_sum(one, [0, 2]) for one in found[: cell.biases]),
        ]

    return tf.function(backward, autograph=False, jit_compile=True)


def _rows(tensor: tf.Tensor, axis: int = 0) -> tf.Tensor:
    """Put the members' batches one after the other, (…, members · batch, width)."""
    shape = tf.shape(tensor)
    joined = tf.concat([shape[:axis], [shape[axis] * shape[axis + 1]], shape[axis + 2 :]], 0)
    flat = tf.reshape(tensor, joined)
    flat.set_shape([*tensor.shape[:axis], None, tensor.shape[-1]])
    return flat


def _by_member(tensor: tf.Tensor, recurrent: tf.Tensor) -> tf.Tensor:
    """Undo `_rows`, with or without steps in front."""
    *steps, _, width = tensor.shape
    return tf.reshape(tensor, [*steps, recurrent.shape[0], -1, width])
