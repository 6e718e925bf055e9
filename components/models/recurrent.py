"""Stacks of recurrent layers."""

import keras

from components.models.attention import attend_queries
from components.models.fused.bidirectional import Bidirectional
from components.models.fused.gru import GRU
from components.models.fused.lstm import LSTM
from components.models.fused.simple_rnn import SimpleRNN
from components.models.head_spec import DECODER
from components.models.positional_embedding import add_positional_embedding
from components.recipe import Recurrent

LAYERS = {"simple_rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}


def encode(
    sequence: keras.KerasTensor, model: Recurrent, present: keras.KerasTensor | None = None
) -> tuple[keras.KerasTensor | None, keras.KerasTensor]:
    """Read a sequence from its oldest step to its newest.

    Args:
        sequence: (batch, T, features).
        model: units, layers, directions, dropout; with attention, the states of all steps are kept.
        present: (batch, T), False for the steps that are to be passed over; None: none is.

    Returns:
        The top layer's states, (batch, T, width), or None without attention; and its last state,
        (batch, width). The width is `units`, or twice that for two directions, whose last states
        stand side by side.
    """
    only = {} if present is None else {"mask": present}
    for number in range(1, model.layers):
        sequence = _layer(model, number, return_sequences=True)(sequence, **only)
        sequence = _dropout(sequence, model.dropout, f"dropout_{number}")
    if model.attention == "none":
        last = _layer(model, model.layers)(sequence, **only)
        return None, _dropout(last, model.dropout, f"dropout_{model.layers}")
    states, *ends = _layer(model, model.layers, return_sequences=True, return_state=True)(sequence, **only)
    hidden = ends[::2] if model.kind == "lstm" else ends  # an LSTM also gives its cell states
    last = keras.layers.Concatenate(name="last_states")(hidden) if model.bidirectional else hidden[0]
    return _dropout(states, model.dropout, f"dropout_{model.layers}"), last


def decode(
    sequence: keras.KerasTensor, horizon: int, model: Recurrent
) -> tuple[keras.KerasTensor, keras.KerasTensor | None]:
    """Read a sequence, and go on over the steps that follow it with a second layer.

    The second layer begins where the top one ended. At each step it reads the last state and a learnt vector
    that says how far ahead the step is, so all steps are gone through in one go; with attention, each looks
    back after that (Luong, Pham and Manning, 2015).

    Args:
        sequence: (batch, T, features).
        horizon: steps that follow.
        model: units, layers, directions, attention, dropout.

    Returns:
        A state for each step, (batch, horizon, width), and where it looked, (batch, horizon, T), or None
        without attention. The width is `units`, or twice that for two directions.
    """
    for number in range(1, model.layers):
        sequence = _layer(model, number, return_sequences=True)(sequence)
        sequence = _dropout(sequence, model.dropout, f"dropout_{number}")
    looks = model.attention != "none"
    states, *ends = _layer(model, model.layers, return_sequences=looks, return_state=True)(sequence)
    if model.bidirectional:
        kinds = len(ends) // 2
        ends = [
            keras.layers.Concatenate(name=f"ends_{which}")([ends[which - 1], ends[which - 1 + kinds]])
            for which in range(1, kinds + 1)
        ]
    states = _dropout(states, model.dropout, f"dropout_{model.layers}")
    last = ends[0] if looks else states
    steps = add_positional_embedding(keras.layers.RepeatVector(horizon, name="repeated")(last), "questions")
    decoder = LAYERS[model.kind](ends[0].shape[-1], return_sequences=True, name=DECODER)
    decoded = _dropout(decoder(steps, initial_state=ends), model.dropout, "dropout_decoder")
    return attend_queries(states, decoded, model.attention) if looks else (decoded, None)


def _layer(model: Recurrent, number: int, **returns: bool) -> keras.Layer:
    name = f"{model.kind}_{number}"
    if not model.bidirectional:
        return LAYERS[model.kind](model.units, name=name, **returns)
    return Bidirectional(LAYERS[model.kind](model.units, **returns), name=name)


def _dropout(tensor: keras.KerasTensor, rate: float, name: str) -> keras.KerasTensor:
    return keras.layers.Dropout(rate, name=name)(tensor) if rate else tensor
