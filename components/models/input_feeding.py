"""Recurrent layers of a decoder that are told, at each step, what attention made of the step before."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import keras
import tensorflow as tf
from keras import ops

from components.models.decoder_attention import DecoderAttention
from components.models.fused.base import Fused
from components.models.fused.scan import dense

Tensor: TypeAlias = keras.KerasTensor


class InputFeedingDecoder(keras.layers.Layer):
    """A decoder with “input feeding” (Luong, Pham and Manning, 2015).

    What attention made of a step enters the next one beside its token, so that a step knows what was attended
    to. A whole answer that is known can't be gone through layer by layer then, but only step by step; the
    products with its tokens are still made for all steps at once.

    Args:
        layers: recurrent ones, which return their states; the first reads a token and what it is fed with.
        attention: to the encoder's states.
        dropouts: of what each layer gives, in their order; none, or as many as there are layers.
        width: of a token, and of the layers' states.
    """

    def __init__(
        self,
        layers: Sequence[Fused],
        attention: DecoderAttention,
        dropouts: Sequence[keras.layers.Dropout],
        width: int,
    ):
        super().__init__(name="writer")
        self._stack, self._dropouts = list(layers), list(dropouts)
        self._attention, self._parts = attention, attention.layers
        self._width = width
        # Weights that are made here, and not where the layer is called first, bear their own layers' names.
        for layer, inputs in zip(layers, (2 * width, *[width] * (len(layers) - 1)), strict=True):
            layer.build((None, None, inputs))
        attention.build(width)
        self.built = True

    def call(self, tokens: Tensor, memory: Sequence[Tensor], training: bool = False) -> list[Tensor]:
        """Go through a part of an answer.

        Args:
            tokens: (batch, T, width), embedded.
            memory: what is there of the text, (batch, S); the states of each layer and what it is fed with
                before the first step, (batch, width) each; and the encoder's states, (batch, S, width).
            training: whether there is dropout.

        Returns:
            What comes out of attention at each step, (batch, T, width); where was looked, (batch, T, S); and
            the states, and what the next step is fed with, as in `memory`.
        """
        present, *carried, fed, read = memory
        offered, state = self._attention.offers(read), self._by_layer(carried)
        steps, batch = tf.shape(tokens)[1], tf.shape(tokens)[0]
        weights = [layer.cell_weights() for layer in self._stack]
        by_token, by_fed = tf.split(weights[0][0], 2)
        entering = self._rows_of_steps(dense(tf.transpose(tokens, [1, 0, 2]), by_token, weights[0][2][0]))
        kept = [
            self._rows_of_steps(dropout(tf.ones([steps, batch, self._width]), training=training))
            for dropout in (self._dropouts if training else ())
        ]

        def body(step: tf.Tensor, state: Any, fed: tf.Tensor, out: Any, looked: Any) -> tuple[Any, ...]:
            reached, given = [], entering.read(step) + fed @ by_fed
            for place, (layer, states) in enumerate(zip(self._stack, state, strict=True)):
                kernel, recurrent, (bias, *inner) = weights[place]
                x = given @ kernel + bias if place else given
                y = states[0] @ recurrent + (inner[0] if inner else 0.0)
                after, _ = layer.description.forward(tf, x, y, states)
                reached.append(list(after))
                given = after[0] * kept[place].read(step) if kept else after[0]
            mixed, attended = self._attention.attend(given[:, None], read, offered, present)
            fed = mixed[:, 0]
            return step + 1, reached, fed, out.write(step, fed), looked.write(step, attended[:, 0])

        rows = [tf.TensorArray(tf.float32, steps, element_shape=[None, size]) for size in (self._width, None)]
        _, state, fed, *rows = tf.while_loop(
            lambda step, *_: step < steps, body, (tf.constant(0), state, fed, *rows)
        )
        answers, attended = (tf.transpose(row.stack(), [1, 0, 2]) for row in rows)
        return [answers, attended, *keras.tree.flatten(state), fed]

    def compute_output_spec(self, tokens: Tensor, memory: Sequence[Tensor], training: bool = False) -> Any:
        """Return what comes out, as `call` does."""
        _, *carried, _, read = memory
        batch, steps, _ = tokens.shape
        shapes = [(batch, steps, self._width), (batch, steps, read.shape[1])]
        after = [(batch, self._width)] * (len(carried) + 1)
        return [keras.KerasTensor(shape) for shape in (*shapes, *after)]

    def unrolled(self, tokens: Tensor, memory: Sequence[Tensor], steps: int) -> Tensor:
        """Return what comes out of attention, (batch, steps, width), in plain Keras layers and operations.

        Args:
            tokens: (batch, steps, width).
            memory: as for a call.
            steps: how many there are.
        """
        present, *carried, fed, read = memory
        offered, state, found = self._attention.offers(read), self._by_layer(carried), []
        for step in range(steps):
            given = ops.concatenate([tokens[:, step : step + 1], fed[:, None]], axis=-1)
            for place, layer in enumerate(self._stack):
                given, *state[place] = layer(given, initial_state=state[place])
            mixed, _ = self._attention.attend(given, read, offered, present)
            found.append(mixed)
            fed = mixed[:, 0]
        return ops.concatenate(found, axis=1)

    def _by_layer(self, carried: Sequence[Any]) -> list[list[Any]]:
        each = len(carried) // len(self._stack)
        return [list(carried[each * place : each * (place + 1)]) for place in range(len(self._stack))]

    @staticmethod
    def _rows_of_steps(tensor: tf.Tensor) -> tf.TensorArray:
        """Return (T, batch, width) as an array that is read step by step."""
        return tf.TensorArray(tf.float32, tf.shape(tensor)[0], element_shape=tensor.shape[1:]).unstack(tensor)
