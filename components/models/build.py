"""From a recipe's model to a keras.Model."""

from dataclasses import dataclass

import keras

from components.models import attention, recurrent, transformer
from components.models.ends import Scale, finished
from components.models.head import Head
from components.models.recursive import Recursive
from components.recipe import Model, Transformer


@dataclass(frozen=True)
class Forecaster:
    """A model and its window on itself, which share their layers.

    Attributes:
        model: (batch, window, features) → (batch, horizon), or (batch, horizon, numbers) where the head has
            several, all in scaled units.
        attention: the same input → the weights, (batch, horizon, window), or None without attention.
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
    scale, weights = Scale(past, head), None
    if isinstance(model, Transformer):
        tokens, layers = transformer.encode(scale.scaled, model)
        weights = layers[-1][:, :, -1]
        outputs = _all_steps(tokens[:, -1], horizon, head)
    elif head.strategy == "decoder":
        decoded, weights = recurrent.decode(scale.scaled, horizon, model)
        outputs = _each_step(decoded, horizon, head)
    else:
        states, last = recurrent.encode(scale.scaled, model)
        if states is None:
            outputs = _all_steps(last, horizon, head)
        else:
            answers, weights = attention.attend(states, last, horizon, model.attention)
            outputs = _each_step(answers, horizon, head)
    inside = keras.Model(past, weights, name="attention") if weights is not None else None
    return Forecaster(keras.Model(past, finished(outputs, scale, head), name="forecaster"), inside)


def _all_steps(state: keras.KerasTensor, horizon: int, head: Head) -> keras.KerasTensor:
    """Make all steps ahead of one state, (batch, width)."""
    outputs = _last_layer(horizon * head.numbers, head)(state)
    if head.numbers == 1:
        return outputs
    return keras.layers.Reshape((horizon, head.numbers), name="steps_ahead")(outputs)


def _each_step(states: keras.KerasTensor, horizon: int, head: Head) -> keras.KerasTensor:
    """Make each step ahead of a state of its own, (batch, horizon, width)."""
    outputs = _last_layer(head.numbers, head)(states)
    if head.numbers > 1:
        return outputs
    return keras.layers.Reshape((horizon,), name="steps_ahead")(outputs)


def _last_layer(numbers: int, head: Head) -> keras.Layer:
    # What is added to something begins with nothing, so that an untrained model is the simple rule itself.
    start = "glorot_uniform" if head.ground == "none" else "zeros"
    return keras.layers.Dense(numbers, kernel_initializer=start, name="forecast")
