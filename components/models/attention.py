"""Attention of a decoder to the states of a recurrent encoder."""

from typing import Any, TypeAlias

import keras

from components.models.positional_embedding import add_positional_embedding
from components.models.seeds import Seeds

Shape: TypeAlias = tuple[int | None, ...]


class AdditiveAttention(keras.layers.AdditiveAttention):
    """`keras.layers.AdditiveAttention` whose weight is drawn from the layer's own seed; Keras takes none."""

    __module__ = "keras.layers"  # so that saved files name Keras' layer

    def add_weight(self, *args: Any, **kwargs: Any) -> keras.Variable:
        """Add the one weight that it has."""
        return super().add_weight(
            *args, **kwargs | {"initializer": keras.initializers.GlorotUniform(self.seed)}
        )


class MultiHeadAttention(keras.layers.MultiHeadAttention):
    """`keras.layers.MultiHeadAttention` each of whose four kernels is drawn from a seed of its own.

    Keras copies one initialiser for them all, and its seed with it: queries would begin equal to keys.
    """

    __module__ = "keras.layers"  # so that saved files name Keras' layer

    def build(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> None:
        """Make the weights."""
        super().build(query_shape, value_shape, key_shape)
        seeds = Seeds(self.seed)
        for part in (self.query_dense, self.key_dense, self.value_dense, self.output_dense):
            part.kernel_initializer = keras.initializers.GlorotUniform(seeds.of(part.name))
            part.kernel.assign(part.kernel_initializer(part.kernel.shape))


ATTENTION_LAYERS = {"additive": AdditiveAttention, "dot": keras.layers.Attention}


def attend_horizon(
    states: keras.KerasTensor,
    last: keras.KerasTensor,
    horizon: int,
    kind: str,
    seeds: Seeds,
    present: keras.KerasTensor | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Let every step ahead ask the past its own question.

    Args:
        states: the encoder's states, (batch, T, width).
        last: its last state, (batch, width).
        horizon: questions, one for each step ahead.
        kind: additive (Bahdanau, Cho and Bengio, 2015) or dot (Luong, Pham and Manning, 2015).
        seeds: of the model.
        present: (batch, T), False for the states that are not to be looked at; None: all are.

    Returns:
        The answers, (batch, horizon, width), and the weights, (batch, horizon, T), which sum to one over T.
    """
    questions = add_positional_embedding(
        keras.layers.RepeatVector(horizon, name="repeated")(last), "questions", seeds
    )
    return attend_queries(states, questions, kind, seeds, present)


def attend_queries(
    states: keras.KerasTensor,
    questions: keras.KerasTensor,
    kind: str,
    seeds: Seeds,
    present: keras.KerasTensor | None = None,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Answer questions, (batch, horizon, width); everything else is as with `attend_horizon`."""
    only = {} if present is None else {"mask": [None, present]}
    context, weights = seeds.layer(ATTENTION_LAYERS[kind], name="attention")(
        [questions, states], return_attention_scores=True, **only
    )
    both = keras.layers.Concatenate(name="question_and_context")([questions, context])
    answers = seeds.layer(keras.layers.Dense, questions.shape[-1], activation="tanh", name="answers")
    return answers(both), weights
