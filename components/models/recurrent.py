"""Stacks of recurrent layers."""

import keras

from components.models.fused.bidirectional import Bidirectional
from components.models.fused.gru import GRU
from components.models.fused.lstm import LSTM
from components.models.fused.simple_rnn import SimpleRNN
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


def _layer(model: Recurrent, number: int, **returns: bool) -> keras.Layer:
    name = f"{model.kind}_{number}"
    if not model.bidirectional:
        return LAYERS[model.kind](model.units, name=name, **returns)
    return Bidirectional(LAYERS[model.kind](model.units, **returns), name=name)


def _dropout(tensor: keras.KerasTensor, rate: float, name: str) -> keras.KerasTensor:
    return keras.layers.Dropout(rate, name=name)(tensor) if rate else tensor
