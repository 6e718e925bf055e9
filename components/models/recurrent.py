"""Stacks of recurrent layers."""

import keras

from components.models.attention import attend_queries
from components.models.cells import CELLS
from components.models.head_spec import DECODER
from components.models.keras_layers import KerasLayers
from components.models.positional_embedding import add_positional_embedding
from components.recipe import Recurrent


def encode(
    sequence: keras.KerasTensor,
    model: Recurrent,
    layers: KerasLayers,
    present: keras.KerasTensor | None = None,
    keeps_states: bool = False,
) -> tuple[keras.KerasTensor | None, keras.KerasTensor]:
    """Read a sequence from its oldest step to its newest.

    Args:
        sequence: (batch, T, features).
        model: the recipe's; with attention, the states of all steps are kept.
        layers: of the model.
        present: (batch, T), False for the steps that are to be passed over; None: none is.
        keeps_states: whether the states of all steps are kept without attention too.

    Returns:
        The top layer's states, (batch, T, width), or None where they aren't kept; and its last state,
        (batch, width). The width is `units`, or twice that for two directions, whose last states
        stand side by side.
    """
    only = {} if present is None else {"mask": present}
    for number in range(1, model.layers):
        sequence = layers[f"{model.kind}_{number}"](sequence, **only)
        sequence = layers.dropout(sequence, f"dropout_{number}")
    top, dropout = f"{model.kind}_{model.layers}", f"dropout_{model.layers}"
    if model.attention == "none" and not keeps_states:
        return None, layers.dropout(layers[top](sequence, **only), dropout)
    states, *ends = layers.with_states(top)(sequence, **only)
    hidden = ends[:: len(CELLS[model.kind].states)]  # each direction's first state is what came out last
    last = keras.layers.Concatenate(name="last_states")(hidden) if model.bidirectional else hidden[0]
    return layers.dropout(states, dropout), last


def decode(
    sequence: keras.KerasTensor, horizon: int, model: Recurrent, layers: KerasLayers
) -> tuple[keras.KerasTensor, keras.KerasTensor | None]:
    """Read a sequence, and go on over the steps that follow it with a second layer.

    The second layer begins where the top one ended. At each step it reads the last state and a learnt vector
    that says how far ahead the step is, so all steps are gone through in one go; with attention, each looks
    back after that (Luong, Pham and Manning, 2015).

    Args:
        sequence: (batch, T, features).
        horizon: steps that follow.
        model: the recipe's.
        layers: of the model.

    Returns:
        A state for each step, (batch, horizon, width), and where it looked, (batch, horizon, T), or None
        without attention. The width is `units`, or twice that for two directions.
    """
    for number in range(1, model.layers):
        sequence = layers.dropout(layers[f"{model.kind}_{number}"](sequence), f"dropout_{number}")
    looks = model.attention != "none"
    states, *ends = layers.with_states(f"{model.kind}_{model.layers}")(sequence)
    if model.bidirectional:
        kinds = len(ends) // 2
        ends = [
            keras.layers.Concatenate(name=f"ends_{which}")([ends[which - 1], ends[which - 1 + kinds]])
            for which in range(1, kinds + 1)
        ]
    states = layers.dropout(states, f"dropout_{model.layers}")
    last = ends[0] if looks else states
    steps = add_positional_embedding(
        keras.layers.RepeatVector(horizon, name="repeated")(last), "questions", layers
    )
    decoded = layers.dropout(layers[DECODER](steps, initial_state=ends), "dropout_decoder")
    return attend_queries(states, decoded, layers) if looks else (decoded, None)
