"""From a recipe's model to a keras.Model."""

from dataclasses import dataclass

import keras

from components.models import attention, recurrent, transformer
from components.recipe import Model, Transformer


@dataclass(frozen=True)
class Forecaster:
    """A model and its window on itself, which share their layers.

    Attributes:
        model: (batch, window, features) → (batch, horizon), all in scaled units.
        attention: the same input → the weights, (batch, horizon, window), or None without attention.
            A Transformer's are those of its last layer's newest token, (batch, heads, window).
    """

    model: keras.Model
    attention: keras.Model | None


def forecaster(model: Model, window: int, features: int, horizon: int) -> Forecaster:
    """Build a model that forecasts all steps ahead at once."""
    past = keras.Input((window, features), name="window")
    weights = None
    if isinstance(model, Transformer):
        tokens, layers = transformer.encode(past, model)
        weights = layers[-1][:, :, -1]
        forecast = keras.layers.Dense(horizon, name="forecast")(tokens[:, -1])
    else:
        states, last = recurrent.encode(past, model)
        if states is None:
            forecast = keras.layers.Dense(horizon, name="forecast")(last)
        else:
            answers, weights = attention.attend(states, last, horizon, model.attention)
            forecast = keras.layers.Dense(1, name="forecast")(answers)
            forecast = keras.layers.Reshape((horizon,), name="steps_ahead")(forecast)
    inside = keras.Model(past, weights, name="attention") if weights is not None else None
    return Forecaster(keras.Model(past, forecast, name="forecaster"), inside)
