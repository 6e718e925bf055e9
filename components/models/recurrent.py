"""Stacks of recurrent layers."""

import keras

from components.models.attention import attend_queries
from components.models.fused.bidirectional import Bidirectional
from components.models.fused.gru import GRU
from components.models.fused.lstm import LSTM
from components.models.fused.simple_rnn import SimpleRNN
from components.models.head_spec import DECODER
from components.models.positional_embedding import add_positional_embedding
from components.models.seeds import Seeds
from components.recipe import Recurrent

LAYERS = {"simple_rnn": SimpleRNN, "lstm": LSTM, "gru": GRU}


def encode(
    sequence: keras.KerasTensor, model: Recurrent, seeds: Seeds, present: keras.KerasTensor | None = None
) -> tuple[keras.KerasTensor | None, keras.KerasTensor]:
    """Read a sequence from its oldest step to its newest.

    Args:
        sequence: (batch, T, features).
        model: units, layers, directions, dropout; with attention, the states of all steps are kept.
        seeds: of the model.
        present: (batch, T), False for the steps that are to be passed over; None: none is.

    Returns:
        The top layer's states, (batch, T, width), or None without attention; and its last state,
        (batch, width). The width is `units`, or twice that for two directions, whose last states
        stand side by side.
    """
    only = {} if present is None else {"mask": present}
    for number in range(1, model.layers):
        sequence = recurrent_layer(model, f"{model.kind}_{number}", seeds, return_sequences=True)(
            sequence, **only
        )
        sequence = seeds.dropout(sequence, model.dropout, f"dropout_{number}")
    if model.attention == "none":
        last = recurrent_layer(model, f"{model.kind}_{model.layers}", seeds)(sequence, **only)
        return None, seeds.dropout(last, model.dropout, f"dropout_{model.layers}")
    states, *ends = recurrent_layer(
        model, f"{model.kind}_{model.layers}", seeds, return_sequences=True, return_state=True
    )(sequence, **only)
    hidden = ends[::2] if model.kind == "lstm" else ends  # an LSTM also gives its cell states
    last = keras.layers.Concatenate(name="last_states")(hidden) if model.bidirectional else hidden[0]
    return seeds.dropout(states, model.dropout, f"dropout_{model.layers}"), last


def decode(
    sequence: keras.KerasTensor, horizon: int, model: Recurrent, seeds: Seeds
) -> tuple[keras.KerasTensor, keras.KerasTensor | None]:
    """Read a sequence, and go on over the steps that follow it with a second layer.

    The second layer begins where the top one ended. At each step it reads the last state and a learnt vector
    that says how far ahead the step is, so all steps are gone through in one go; with attention, each looks
    back after that (Luong, Pham and Manning, 2015).

    Args:
        sequence: (batch, T, features).
        horizon: steps that follow.
        model: units, layers, directions, attention, dropout.
        seeds: of the model.

    Returns:
        A state for each step, (batch, horizon, width), and where it looked, (batch, horizon, T), or None
        without attention. The width is `units`, or twice that for two directions.
    """
    for number in range(1, model.layers):
        sequence = recurrent_layer(model, f"{model.kind}_{number}", seeds, return_sequences=True)(sequence)
        sequence = seeds.dropout(sequence, model.dropout, f"dropout_{number}")
    looks = model.attention != "none"
    states, *ends = recurrent_layer(
        model, f"{model.kind}_{model.layers}", seeds, return_sequences=looks, return_state=True
    )(sequence)
    if model.bidirectional:
        kinds = len(ends) // 2
        ends = [
            keras.layers.Concatenate(name=f"ends_{which}")([ends[which - 1], ends[which - 1 + kinds]])
            for which in range(1, kinds + 1)
        ]
    states = seeds.dropout(states, model.dropout, f"dropout_{model.layers}")
    last = ends[0] if looks else states
    steps = add_positional_embedding(
        keras.layers.RepeatVector(horizon, name="repeated")(last), "questions", seeds
    )
    decoder = seeds.layer(LAYERS[model.kind], ends[0].shape[-1], return_sequences=True, name=DECODER)
    decoded = seeds.dropout(decoder(steps, initial_state=ends), model.dropout, "dropout_decoder")
    return attend_queries(states, decoded, model.attention, seeds) if looks else (decoded, None)


def recurrent_layer(model: Recurrent, name: str, seeds: Seeds, **returns: bool) -> keras.Layer:
    """Return a recurrent layer of a model, or where it is bidirectional one for each direction.

    Args:
        model: kind, units, directions.
        name: the layer's.
        seeds: of the model.
        returns: `return_sequences`, `return_state`.
    """
    kind = LAYERS[model.kind]
    if not model.bidirectional:
        return seeds.layer(kind, model.units, name=name, **returns)
    # Left to Keras, the layer backward would be a copy of the one forward, seeds included.
    forward = seeds.layer(kind, model.units, name=f"forward_{name}", **returns)
    backward = seeds.layer(kind, model.units, name=f"backward_{name}", go_backwards=True, **returns)
    return Bidirectional(forward, backward_layer=backward, name=name)
