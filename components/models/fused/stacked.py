"""Layers of several networks as one layer, with their weights stacked: all members of an ensemble at once.

What goes in and out holds the members' batches, one after the other: (members · batch, …). So all that has no
weights of its own, an addition or a dropout, is the plain layer.
"""

from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from components.models.fused import member_scan
from components.models.fused.base import Fused

Shape = tuple[int | None, ...]


def stack_layers(layers: Sequence[keras.Layer]) -> keras.Layer:
    """Return layers of several networks, alike but for their weights, as one; of one network, it is that.

    The stacked weights come in the order of the single ones, a member's place in front.
    """
    first = layers[0]
    if len(layers) == 1:
        return first
    if isinstance(first, keras.layers.Bidirectional):
        return _StackedBidirectional(layers)
    if isinstance(first, Fused):
        return _StackedRecurrent(layers)
    return _StackedDense(layers) if type(first) is keras.layers.Dense else _Stacked(layers)


class Hidden:
    """Layers that another doesn't own: Keras would keep their weights beside the stacked ones."""

    def __init__(self, layers: Sequence[keras.Layer]):
        self.layers = layers


class _Stacked(keras.layers.Layer):
    """Any layer of several networks, all members in one operation each."""

    def __init__(self, layers: Sequence[keras.Layer]):
        super().__init__(name=layers[0].name)
        self._alike = Hidden(layers)

    def build(self, inputs_shape: Any, other_shape: Any = None) -> None:
        """Make the weights, each member's as it would be alone."""
        shapes = [inputs_shape] if other_shape is None else [inputs_shape, other_shape]
        _build_stacked(self, self._alike.layers, *shapes)

    def call(self, inputs: Any, other: Any = None, **flags: Any) -> Any:
        """Call each member's layer with its part of the batch."""
        members, layer = len(self._alike.layers), self._alike.layers[0]
        fixed = [variable.value for variable in layer.non_trainable_variables]

        def one(given: tuple[Any, Any]) -> Any:
            weights, tensors = given
            return layer.stateless_call(weights, fixed, *tensors, **flags)[0]

        tensors = (inputs,) if other is None else (inputs, other)
        parts = keras.tree.map_structure(lambda tensor: split_members(tensor, members), tensors)
        weights = [variable.value for variable in self.trainable_variables]
        return keras.tree.map_structure(join_members, tf.vectorized_map(one, (weights, parts)))


class _StackedDense(keras.layers.Layer):
    """A dense layer of several networks: one product for all of them."""

    def __init__(self, layers: Sequence[keras.layers.Dense]):
        super().__init__(name=layers[0].name)
        self._alike = Hidden(layers)

    def build(self, inputs_shape: Shape) -> None:
        """Make the weights, each member's as it would be alone."""
        _build_stacked(self, self._alike.layers, inputs_shape)

    def call(self, inputs: tf.Tensor) -> tf.Tensor:
        """Return what each member's layer makes of its part of the batch."""
        layer, (kernel, *bias) = self._alike.layers[0], (one.value for one in self.trainable_variables)
        members, width = len(self._alike.layers), layer.units
        said = tf.reshape(inputs, [members, -1, inputs.shape[-1]]) @ kernel
        for one in bias:
            said += one[:, None]
        said = tf.reshape(said, tf.concat([tf.shape(inputs)[:-1], [width]], 0))
        said = tf.ensure_shape(said, [*inputs.shape[:-1], width])
        return said if layer.activation is None else layer.activation(said)


class _StackedRecurrent(keras.layers.Layer):
    """One direction of a recurrent layer of several networks."""

    def __init__(self, layers: Sequence[Fused]):
        super().__init__(name=layers[0].name)
        self._alike = Hidden(layers)

    def build(self, sequences_shape: Shape, initial_state_shape: Any = None) -> None:
        """Make the weights, each member's as it would be alone."""
        _build_stacked(self, self._alike.layers, sequences_shape)

    def call(self, sequences: tf.Tensor, initial_state: Any = None) -> Any:
        """Go through all steps; arguments and results as of the single layer, without a mask."""
        layer, members = self._alike.layers[0], len(self._alike.layers)
        cell, units = layer.description, layer.units
        weights, recurrent, *bias = (variable.value for variable in self.trainable_variables)
        biases = bias if cell.biases == 1 else tf.unstack(bias[0], axis=1)
        rows = tf.shape(sequences)[0] // members
        by_member = split_members(sequences, members)
        if initial_state is None:
            states = [tf.zeros([members, rows, units])] * len(cell.states)
        else:
            states = [split_members(state, members) for state in keras.tree.flatten(initial_state)]
        # Two halves of the batch keep two cores busy; both are equally long, if need be by a row of zeros.
        halves = zip(
            _halves_in_time(by_member, rows % 2, layer.go_backwards),
            *(tf.split(_pad(state, rows % 2), 2, axis=1) for state in states),
            strict=True,
        )
        found = [member_scan.run(cell, x, first, weights, recurrent, biases) for x, *first in halves]
        last = [
            join_members(tf.concat([one[-1] for one in parts], 1)[:, :rows])
            for parts in zip(*found, strict=True)
        ]
        outputs = last[0]
        if layer.return_sequences:
            outputs = join_members(_steps_first_to_batch([paths[0] for paths in found])[:, :rows])
        return [outputs, *last] if layer.return_state else outputs


class _StackedBidirectional(keras.layers.Layer):
    """Both directions of a recurrent layer of several networks."""

    def __init__(self, layers: Sequence[keras.layers.Bidirectional]):
        super().__init__(name=layers[0].name)
        self._forwards = _StackedRecurrent([layer.forward_layer for layer in layers])
        self._backwards = _StackedRecurrent([layer.backward_layer for layer in layers])
        self._returns_sequences = layers[0].return_sequences

    def build(self, sequences_shape: Shape) -> None:
        """Make the weights of both."""
        self._forwards.build(sequences_shape)
        self._backwards.build(sequences_shape)

    def call(self, sequences: tf.Tensor) -> Any:
        """Go through all steps both ways; results as of the single layer."""
        found = [self._forwards(sequences), self._backwards(sequences)]
        (ahead, *ends), (back, *starts) = (one if isinstance(one, list) else [one] for one in found)
        outputs = tf.concat([ahead, tf.reverse(back, [1]) if self._returns_sequences else back], -1)
        return [outputs, *ends, *starts] if ends else outputs


def split_members(tensor: tf.Tensor, members: int) -> tf.Tensor:
    """Return each member's part of a batch: (members · batch, …) → (members, batch, …)."""
    split = tf.reshape(tensor, tf.concat([[members, -1], tf.shape(tensor)[1:]], 0))
    return tf.ensure_shape(split, [members, None, *tensor.shape[1:]])


def join_members(tensor: tf.Tensor) -> tf.Tensor:
    """Undo `split_members`."""
    joined = tf.reshape(tensor, tf.concat([[-1], tf.shape(tensor)[2:]], 0))
    return tf.ensure_shape(joined, [None, *tensor.shape[2:]])


def _build_stacked(stacked: keras.layers.Layer, layers: Sequence[keras.Layer], *shapes: Any) -> None:
    """Give a layer the weights of several, stacked."""
    for layer in layers:
        layer.build(*shapes)
    for alike in zip(*(layer.trainable_variables for layer in layers), strict=True):
        values = tf.stack([variable.value for variable in alike])
        name = "_".join(part for part in alike[0].path.split("/") if part != stacked.name)
        stacked.add_weight(values.shape, initializer=lambda *_, values=values, **__: values, name=name)


def _halves_in_time(by_member: tf.Tensor, odd: tf.Tensor, backwards: bool) -> list[tf.Tensor]:
    """Return both halves of (members, batch, T, features), (T, members, batch, features) each."""
    if backwards:
        by_member = tf.reverse(by_member, [2])
    padded = _pad(by_member, odd)
    members, _, steps, features = padded.shape
    parted = tf.reshape(padded, [members, 2, -1, steps, features])
    return tf.unstack(_transposed(parted, (1, 3, 0, 2, 4)))


def _steps_first_to_batch(halves: list[tf.Tensor]) -> tf.Tensor:
    """Undo it: → (members, batch, T, units)."""
    steps, members, _, units = halves[0].shape
    ordered = _transposed(tf.stack(halves), (2, 0, 3, 1, 4))
    return tf.reshape(ordered, [members, -1, steps, units])


def _transposed(tensor: tf.Tensor, order: tuple[int, ...]) -> tf.Tensor:
    """Transpose, of float32; the same bits are moved as whole numbers, as in `base.py` beside this file."""
    back = tuple(order.index(axis) for axis in range(len(order)))

    @tf.custom_gradient
    def go(tensor: tf.Tensor) -> Any:
        bits = tf.transpose(tf.bitcast(tensor, tf.int32), order)
        return tf.bitcast(bits, tf.float32), lambda by: _transposed(by, back)

    return go(tensor)


def _pad(tensor: tf.Tensor, rows: Any) -> tf.Tensor:
    """Add rows of zeros to each member's batch."""
    return tf.pad(tensor, [[0, 0], [0, rows], *[[0, 0]] * (len(tensor.shape) - 2)])
