"""Attention of a decoder to the states of a recurrent encoder."""

import keras

from components.models.keras_layers import KerasLayers
from components.models.positional_embedding import add_positional_embedding


def attend_horizon(
    states: keras.KerasTensor,
    last: keras.KerasTensor,
    horizon: int,
    layers: KerasLayers,
    present: keras.KerasTensor | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Let every step ahead ask the past its own question.

    Args:
        states: the encoder's states, (batch, T, width).
        last: its last state, (batch, width).
        horizon: questions, one for each step ahead.
        layers: of the model; its attention is additive (Bahdanau, Cho and Bengio, 2015) or the dot product
            (Luong, Pham and Manning, 2015).
        present: (batch, T), False for the states that are not to be looked at; None: all are.

    Returns:
        The answers, (batch, horizon, width), and the weights, (batch, horizon, T), which sum to one over T.
    """
    questions = add_positional_embedding(
        keras.layers.RepeatVector(horizon, name="repeated")(last), "questions", layers
    )
    return attend_queries(states, questions, layers, present)


def attend_queries(
    states: keras.KerasTensor,
    questions: keras.KerasTensor,
    layers: KerasLayers,
    present: keras.KerasTensor | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Answer questions, (batch, horizon, width); everything else is as with `attend_horizon`."""
    only = {} if present is None else {"mask": [None, present]}
    context, weights = layers["attention"]([questions, states], return_attention_scores=True, **only)
    both = keras.layers.Concatenate(name="question_and_context")([questions, context])
    return layers["answers"](both), weights
