"""Attention of all of a decoder's states at once to the states of an encoder."""

import keras

from components.models.attention import LAYERS


class Looking:
    """Lets every state of a decoder look at all of the encoder's, and mixes in what it finds there.

    Unlike Keras' layers alone, it learns what is asked and what is offered, as the papers have it: additive
    is vᵀ tanh(W q + U s) (Bahdanau, Cho and Bengio, 2015); dot is qᵀ W s (“general” of Luong, Pham and
    Manning, 2015), divided by the root of the width so that it begins with even weights.

    Args:
        kind: additive or dot.
        width: of both sides' states.
    """

    def __init__(self, kind: str, width: int):
        self._asked = keras.layers.Dense(width, use_bias=False, name="asked")
        self._offered = (
            keras.layers.Dense(width, use_bias=False, name="offered") if kind == "additive" else None
        )
        self._attention = LAYERS[kind](name="attention")
        self._scale = width**-0.5 if kind == "dot" else 1.0
        self._both = keras.layers.Concatenate(name="state_and_found")
        self._mixed = keras.layers.Dense(width, activation="tanh", name="mixed")

    def __call__(
        self, states: keras.KerasTensor, read: keras.KerasTensor, present: keras.KerasTensor
    ) -> tuple[keras.KerasTensor, keras.KerasTensor]:
        """Give the decoder's states with what they found, (batch, T, width), and the weights, (batch, T, S).

        Args:
            states: the decoder's, (batch, T, width).
            read: the encoder's, (batch, S, width).
            present: (batch, S), False where there is only padding.
        """
        asked = self._asked(states) * self._scale
        offered = self._offered(read) if self._offered else read
        found, weights = self._attention(
            [asked, read, offered], mask=[None, present], return_attention_scores=True
        )
        return self._mixed(self._both([states, found])), weights
