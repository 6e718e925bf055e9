"""From a recipe's model to a keras.Model."""

from dataclasses import dataclass

import keras

from components.models import attention, recurrent, transformer
from components.models.ends import Scale, finished
from components.models.head import FORECASTER, Head
from components.models.recursive import Recursive
from components.recipe import Model, Transformer


@dataclass(frozen=True)
class Forecaster:
    """A model and its window on itself, which share their layers.

    Attributes:
        model: (batch, window, features) → (batch, horizon), or (batch, horizon, numbers) where the head has
            several, all in scaled units. Where something is known ahead, a second input is that of the steps
            to come, (batch, horizon, ahead).
        attention: the window → the weights, (batch, horizon, window), or None without attention.
            A Transformer's are those of its last layer's newest token, (batch, heads, window). Where each
            step is fed back, they are those of the first.
    """

    model: keras.Model
    attention: keras.Model | None

    def by_chance(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Give the model's outputs with dropout at work."""
        if isinstance(self.model, Recursive):
            return self.model.walk(inputs, training=True)
        return self.model(inputs, training=True)


_PLAIN = Head()


def forecaster(model: Model, window: int, features: int, horizon: int, head: Head = _PLAIN) -> Forecaster:
    """Build a model that forecasts `horizon` steps ahead."""
    if head.strategy != "recursive":
        return _at_once(model, window, features, horizon, head)
    one = _at_once(model, window, features, 1, head)
    return Forecaster(Recursive(one.model, horizon), one.attention)


def _at_once(model: Model, window: int, features: int, horizon: int, head: Head) -> Forecaster:
    past = keras.Input((window, features), name="window")
    to_come = keras.Input((horizon, head.ahead), name="ahead") if head.ahead else None
    given = past if to_come is None else [past, to_come]
    scale, weights = Scale(past, head), None
    if isinstance(model, Transformer):
        tokens, layers = transformer.encode(scale.scaled, model)
        weights = layers[-1][:, :, -1]
        outputs = _all_steps(tokens[:, -1], horizon, head, to_come)
    elif head.strategy == "decoder":
        decoded, weights = recurrent.decode(scale.scaled, horizon, model)
        outputs = _each_step(decoded, horizon, head, to_come)
    else:
        states, last = recurrent.encode(scale.scaled, model)
        if states is None:
            outputs = _all_steps(last, horizon, head, to_come)
        else:
            answers, weights = attention.attend(states, last, horizon, model.attention)
            outputs = _each_step(answers, horizon, head, to_come)
    inside = keras.Model(past, weights, name="attention") if weights is not None else None
    return Forecaster(keras.Model(given, finished(outputs, scale, head), name=FORECASTER), inside)


def _all_steps(
    state: keras.KerasTensor, horizon: int, head: Head, to_come: keras.KerasTensor | None
) -> keras.KerasTensor:
    """Make all steps ahead of one state, (batch, width), and add what is made of what is known of each."""
    outputs = _last_layer(horizon * head.numbers, head, "forecast")(state)
    if head.numbers > 1:
        outputs = keras.layers.Reshape((horizon, head.numbers), name="steps_ahead")(outputs)
    if to_come is None:
        return outputs
    told = _told(keras.layers.RepeatVector(horizon, name="for_each_step")(state), to_come)
    more = _last_layer(head.numbers, head, "forecast_ahead")(told)
    return keras.layers.Add(name="with_what_is_known")(
        [outputs, keras.layers.Reshape(outputs.shape[1:], name="more_ahead")(more)]
    )


def _each_step(
    states: keras.KerasTensor, horizon: int, head: Head, to_come: keras.KerasTensor | None
) -> keras.KerasTensor:
    """Make each step ahead of a state of its own, (batch, horizon, width), and of what is known of it."""
    states = states if to_come is None else _told(states, to_come)
    outputs = _last_layer(head.numbers, head, "forecast")(states)
    if head.numbers > 1:
        return outputs
    return keras.layers.Reshape((horizon,), name="steps_ahead")(outputs)


def _told(states: keras.KerasTensor, to_come: keras.KerasTensor) -> keras.KerasTensor:
    """Tell each step ahead what is known of it."""
    both = keras.layers.Concatenate(name="state_and_ahead")([states, to_come])
    return keras.layers.Dense(states.shape[-1], activation="tanh", name="told")(both)


def _last_layer(numbers: int, head: Head, name: str) -> keras.Layer:
    # What is added to something begins with nothing, so that an untrained model is the simple rule itself.
    start = "glorot_uniform" if head.ground == "none" else "zeros"
    return keras.layers.Dense(numbers, kernel_initializer=start, name=name)
