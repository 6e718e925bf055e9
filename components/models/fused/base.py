"""What the fused layers share: when they may be used, dropout, masks, direction, and the batch in two."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

import keras
import tensorflow as tf

from components.models.cells import Cell
from components.models.fused import cell_scan
from components.models.fused.scan import dense

log = logging.getLogger(__name__)

Kernel = Callable[..., tuple[tf.Tensor, ...]]
"""(T, batch, features) and states, (batch, units) each → the states of all steps, (T, batch, units) each."""


Stepper = Callable[
    ["Fused", tf.Tensor, Sequence[tf.Tensor], tf.Tensor | None], tuple[tf.Tensor, list[tf.Tensor]]
]
"""A layer, what it reads, (batch, T, features), its first states and a mask, (batch, T), or None → what comes
out of every step, (batch, T, units), in the order of reading, and the last states."""

_stepper: ContextVar[Stepper | None] = ContextVar("stepper", default=None)


@contextmanager
def stepped_by(stepper: Stepper) -> Iterator[None]:
    """Let something else than kernels go through the steps, in calls that aren't traced and don't train."""
    token = _stepper.set(stepper)
    try:
        yield
    finally:
        _stepper.reset(token)


class Fused(keras.layers.RNN):
    """Stands before one of Keras' recurrent layers: the same weights, configuration and results, sooner.

    What the kernels can't do is left to Keras' own path, and so is all work on a GPU: there it has cuDNN.

    Attributes:
        description: of the cell that it steps.
    """

    description: ClassVar[Cell]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.supports_jit = False  # as a part of something that XLA compiles
        self._told = ""

    def kernel(self, training: bool) -> Kernel:
        """Return the function that runs over all steps, with the weights in it."""
        weights, recurrent, (bias, *inner) = self.cell_weights()
        cell = self.description
        return lambda x, *states: cell_scan.run(
            cell, dense(x, weights, bias), states, recurrent, inner, training
        )

    def cell_weights(self) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """Return the weights of the inputs, those of the state, and a bias or two, (blocks · units) each."""
        cell, biases = self.cell, self.description.biases
        weights, recurrent = tf.convert_to_tensor(cell.kernel), tf.convert_to_tensor(cell.recurrent_kernel)
        if not cell.use_bias:
            return weights, recurrent, [tf.zeros(weights.shape[1], weights.dtype)] * biases
        bias = tf.convert_to_tensor(cell.bias)
        return weights, recurrent, [bias] if biases == 1 else tf.unstack(bias)

    def inner_loop(
        self, sequences: tf.Tensor, initial_state: Any, mask: Any, training: bool = False
    ) -> tuple[tf.Tensor, tf.Tensor, list[tf.Tensor]]:
        """Run over all steps; called by `keras.layers.RNN.call`.

        Args:
            sequences: (batch, T, features).
            initial_state: (batch, units) for each state.
            mask: None, or (batch, T), False where a step is to be passed over.
            training: whether there is dropout.

        Returns:
            The last output, (batch, units); all outputs, (batch, T, units), or the last one alone,
            (batch, 1, units), where the layer doesn't return sequences; and the last states.
        """
        stepper = _stepper.get()
        if stepper and tf.executing_eagerly() and not training and not self.why_unsuitable(training):
            present = None if mask is None else keras.tree.flatten(mask)[0]
            outputs, states = stepper(self, sequences, keras.tree.flatten(initial_state), present)
            last = outputs[:, -1]
            return last, outputs if self.return_sequences else last[:, None], states
        if self._is_for_keras(training):
            return super().inner_loop(sequences, initial_state, mask, training)
        if training and self.dropout:
            sequences = sequences * self.cell.get_dropout_mask(sequences[:, 0])[:, None]
        batch = [sequences, *keras.tree.flatten(initial_state)]
        if mask is not None:
            mask = tf.reshape(keras.tree.flatten(mask)[0], tf.shape(sequences)[:2])
            batch.append(tf.cast(mask, tf.int32))
        run, kernel = self._unmasked if mask is None else self._masked, self.kernel(training)
        # Two halves side by side keep two cores busy, and neither waits for the other within a step. Both are
        # equally long, if need be by a row of zeros.
        rows = tf.shape(sequences)[0] if sequences.shape[0] is None else sequences.shape[0]
        halves = zip(*(tf.split(_pad_batch(tensor, rows % 2), 2) for tensor in batch), strict=True)
        found = zip(*(run(kernel, *half) for half in halves), strict=True)
        last, outputs, *states = (tf.concat(parts, 0)[:rows] for parts in found)
        return last, outputs, states

    def _is_for_keras(self, training: bool) -> bool:
        if tf.config.list_logical_devices("GPU"):
            return True
        reason = self.why_unsuitable(training)
        if reason and reason != self._told:
            log.warning("%s runs on Keras' own path: %s.", self.name, reason)
            self._told = reason
        return bool(reason)

    def why_unsuitable(self, training: bool) -> str:
        """Return in words what the kernels can't do; nothing if they can do it all."""
        tanh, sigmoid = keras.activations.tanh, keras.activations.sigmoid
        if self.compute_dtype != "float32":
            return f"it computes in {self.compute_dtype}, not in float32"
        if self.activation is not tanh:
            return "its activation is not tanh"
        if getattr(self, "recurrent_activation", sigmoid) is not sigmoid:
            return "its recurrent activation is not sigmoid"
        if training and self.recurrent_dropout:
            return "it has recurrent dropout"
        if training and self.dropout and getattr(self.cell, "implementation", 2) == 1:
            return "each of its gates has a dropout of its own"
        return ""

    def _unmasked(self, kernel: Kernel, sequences: tf.Tensor, *states: tf.Tensor) -> list[tf.Tensor]:
        """Run over a part of the batch → the last output, the outputs, the last states."""
        paths = kernel(
            _swap_batch_and_time(tf.reverse(sequences, [1]) if self.go_backwards else sequences), *states
        )
        last = [path[-1] for path in paths]
        return [last[0], _swap_batch_and_time(paths[0]) if self.return_sequences else last[0][:, None], *last]

    def _masked(self, kernel: Kernel, sequences: tf.Tensor, *states_and_mask: tf.Tensor) -> list[tf.Tensor]:
        """Do the same, and pass over the steps where the mask, which comes last, is 0 and not 1.

        The steps that count are moved to the front, run over, and their results put where they belong.
        """
        *states, counts = states_and_mask
        if self.go_backwards:
            sequences, counts = tf.reverse(sequences, [1]), tf.reverse(counts, [1])
        order = tf.argsort(counts, axis=1, direction="DESCENDING", stable=True)
        found = kernel(_swap_batch_and_time(_take_steps(sequences, order)), *states)
        # How many steps have counted so far is the place of the state that then holds, on a path that
        # begins with the initial state.
        so_far = tf.cumsum(counts, axis=1)
        paths = [
            _swap_batch_and_time(tf.concat([s[None], path], 0)) for s, path in zip(states, found, strict=True)
        ]
        last = [_take_steps(path, so_far[:, -1:])[:, 0] for path in paths]
        shown = slice(None) if self.return_sequences else slice(-1, None)
        outputs = _take_steps(paths[0], so_far[:, shown])
        # Until a step has counted there is no output, whatever the initial state.
        has_output = (counts if self.zero_output_for_mask else so_far) > 0
        outputs = tf.where(has_output[:, shown, None], outputs, 0.0)
        return [outputs[:, -1], outputs, *last]


@tf.custom_gradient
def _take_steps(sequences: tf.Tensor, places: tf.Tensor) -> Any:
    """Return the steps at `places`, (batch, N), of each of the sequences, (batch, T, features).

    TensorFlow's own gradient comes to the same numbers by ninety operations, each of which takes its time
    before the first update.
    """
    batch, length, features = tf.unstack(tf.shape(sequences))
    rows = tf.reshape(tf.range(batch)[:, None] * length + places, [-1])
    shape = [-1, tf.shape(places)[1], sequences.shape[-1]]

    def gradient(given: tf.Tensor) -> tuple[tf.Tensor, None]:
        back = tf.math.unsorted_segment_sum(tf.reshape(given, [-1, features]), rows, batch * length)
        return tf.reshape(back, tf.shape(sequences)), None

    return tf.reshape(tf.gather(tf.reshape(sequences, [-1, features]), rows), shape), gradient


@tf.custom_gradient
def _swap_batch_and_time(tensor: tf.Tensor) -> Any:
    """Swap batch and time, of float32.

    The same bits are moved as whole numbers: floats go through oneDNN, which takes up to ten times as long.
    """
    bits = tf.transpose(tf.bitcast(tensor, tf.int32), [1, 0, 2])
    return tf.bitcast(bits, tf.float32), _swap_batch_and_time


def _pad_batch(tensor: tf.Tensor, rows: Any) -> tf.Tensor:
    """Add rows of zeros to the batch."""
    return tf.pad(tensor, [[0, rows], *[[0, 0]] * (len(tensor.shape) - 1)])
