"""Attention of all of a decoder's states at once to the states of an encoder."""

import keras

from components.models.keras_layers import KerasLayers


class DecoderAttention:
    """Lets every state of a decoder look at all of the encoder's, and mixes in what it finds there.

    Unlike Keras' layers alone, it learns what is asked and what is offered, as the papers have it: additive
    is vᵀ tanh(W q + U s) (Bahdanau, Cho and Bengio, 2015); dot is qᵀ W s (“general” of Luong, Pham and
    Manning, 2015), divided by the root of the width so that it begins with even weights.

    Args:
        layers: of the model.
    """

    def __init__(self, layers: KerasLayers):
        learns_offers = "offered" in layers
        self._query = layers["asked"]
        self._key = layers["offered"] if learns_offers else None
        self._attention = layers["attention"]
        self._concatenate = keras.layers.Concatenate(name="state_and_found")
        self._output = layers["mixed"]

    def __call__(
        self, states: keras.KerasTensor, read: keras.KerasTensor, present: keras.KerasTensor
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """Return the decoder's states with what they found, (batch, T, width), and the weights, (batch, T,
        S).

        Args:
            states: the decoder's, (batch, T, width).
            read: the encoder's, (batch, S, width).
            present: (batch, S), False where there is only padding.
        """
        return self._mix(states, self._ask(states), read, self.offers(read), present)

    @property
    def layers(self) -> list[keras.Layer]:
        """Its layers, for whoever calls it from a layer of its own."""
        every = (self._query, self._key, self._attention, self._concatenate, self._output)
        return [layer for layer in every if layer is not None]

    def build(self, width: int) -> None:
        """Make the weights, before anything is attended to."""
        steps = (None, None, width)
        self._query.build(steps)
        if self._key:
            self._key.build(steps)
        self._attention.build([steps, steps, steps])
        self._output.build((None, None, 2 * width))

    def offers(self, read: keras.KerasTensor) -> keras.KerasTensor:
        """Return what the encoder's states are compared by, (batch, S, width): the same at every step."""
        return self._key(read) if self._key else read

    def attend(
        self,
        states: keras.KerasTensor,
        read: keras.KerasTensor,
        offered: keras.KerasTensor,
        present: keras.KerasTensor,
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """Return the same as a call, given what is `offered`."""
        return self._mix(states, self._ask(states), read, offered, present)

    def _ask(self, states: keras.KerasTensor) -> keras.KerasTensor:
        return self._query(states) * (1.0 if self._key else states.shape[-1] ** -0.5)

    def _mix(
        self,
        states: keras.KerasTensor,
        asked: keras.KerasTensor,
        read: keras.KerasTensor,
        offered: keras.KerasTensor,
        present: keras.KerasTensor,
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        found, weights = self._attention(
            [asked, read, offered], mask=[None, present], return_attention_scores=True
        )
        return self._output(self._concatenate([states, found])), weights
