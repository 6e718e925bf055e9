"""From a recipe's model to a keras.Model."""

from dataclasses import dataclass

import keras
from keras import ops

from components.models import attention, recurrent, transformer
from components.models.ensemble import Ensemble
from components.models.head_spec import FORECASTER, HeadSpec
from components.models.keras_layers import KerasLayers
from components.models.recursive import Recursive
from components.models.seeds import next_seed
from components.models.summary import summarize_forecaster
from components.models.window_scaling import WindowScaler, head_outputs
from components.recipe import Model, Transformer


@dataclass(frozen=True)
class Forecaster:
    """A model and its window on itself, which share their layers.

    Attributes:
        model: (batch, window, features) → (batch, horizon), or (batch, horizon, numbers) where the head has
            several, in scaled units. Where something is known ahead, or a forecast is given to start from,
            a second input is that of the steps to come, (batch, horizon, ahead + start).
        attention: the window → the weights, (batch, horizon, window), or None without attention.
            A Transformer's are those of its last layer's newest token, (batch, heads, window). Where each
            step is fed back, they are those of the first. A segment's weight is shared evenly by its steps.
            Of an ensemble, they are the members' mean.
    """

    model: keras.Model
    attention: keras.Model | None

    def dropout_outputs(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Return the model's outputs with dropout at work."""
        if isinstance(self.model, Ensemble):
            return self.model.dropout_outputs(inputs)
        if isinstance(self.model, Recursive):
            return self.model.unroll(inputs, training=True)
        return self.model(inputs, training=True)


_DEFAULT_HEAD = HeadSpec()


def build_forecaster(
    model: Model, window: int, features: int, horizon: int, head: HeadSpec = _DEFAULT_HEAD, seed: int = 0
) -> Forecaster:
    """Build a model that forecasts `horizon` steps ahead; `seed` is the recipe's.

    Of several members, each is the network that it would be alone with a seed one higher than the one before.
    """
    summary, members = summarize_forecaster(model, window, features, horizon, head), head.members
    built = _forecaster(model, window, features, horizon, head, KerasLayers(summary, seed, members))
    if members == 1:
        return built

    def single(place: int) -> Forecaster:
        layers = KerasLayers(summary, next_seed(seed, place))
        return _forecaster(model, window, features, horizon, head, layers)

    return Forecaster(
        Ensemble(built.model, members, lambda place: single(place).model),
        built.attention and Ensemble(built.attention, members, lambda place: single(place).attention, "mean"),
    )


def _forecaster(
    model: Model, window: int, features: int, horizon: int, head: HeadSpec, layers: KerasLayers
) -> Forecaster:
    if head.strategy != "recursive":
        return _direct_forecaster(model, window, features, horizon, head, layers)
    one = _direct_forecaster(model, window, features, 1, head, layers)
    return Forecaster(Recursive(one.model, horizon), one.attention)


def _direct_forecaster(
    model: Model, window: int, features: int, horizon: int, head: HeadSpec, layers: KerasLayers
) -> Forecaster:
    past = keras.Input((window, features), name="window")
    to_come = keras.Input((horizon, head.told), name="ahead") if head.told else None
    given = past if to_come is None else [past, to_come]
    start = None if to_come is None or not head.start else to_come[..., head.ahead : head.ahead + head.start]
    scale, weights = WindowScaler(past, head, layers, start), None
    if to_come is not None:
        to_come = scale.scale_ahead(to_come, head)
    read = _segmented(scale.scaled, model, head, layers)
    if isinstance(model, Transformer):
        tokens, every = transformer.encode(read, model, layers)
        weights = every[-1][:, :, -1]
        outputs = _outputs_from_state(tokens[:, -1], horizon, head, layers, to_come)
    elif head.strategy == "decoder":
        decoded, weights = recurrent.decode(read, head.segments(horizon), model, layers)
        if head.segment > 1:
            outputs = _outputs_from_segments(decoded, horizon, head, layers, to_come)
            weights = None if weights is None else _for_each_step(weights, horizon, head)
        else:
            outputs = _outputs_from_states(decoded, horizon, head, layers, to_come)
    else:
        states, last = recurrent.encode(read, model, layers)
        if states is None:
            outputs = _outputs_from_state(last, horizon, head, layers, to_come)
        else:
            answers, weights = attention.attend_horizon(states, last, horizon, layers)
            outputs = _outputs_from_states(answers, horizon, head, layers, to_come)
    if weights is not None and head.segment > 1:
        weights = ops.repeat(weights / head.segment, head.segment, axis=-1)
    inside = keras.Model(past, weights, name="attention") if weights is not None else None
    return Forecaster(keras.Model(given, head_outputs(outputs, scale, head), name=FORECASTER), inside)


def _segmented(
    sequence: keras.KerasTensor, model: Model, head: HeadSpec, layers: KerasLayers
) -> keras.KerasTensor:
    """Put the steps of each segment side by side; of a recurrent model, make a vector of each.

    A Transformer makes its tokens of them by itself. The window is a whole number of segments.
    """
    if head.segment == 1:
        return sequence
    window, features = sequence.shape[1:]
    shape = (window // head.segment, head.segment * features)
    beside = keras.layers.Reshape(shape, name="side_by_side")(sequence)
    return beside if isinstance(model, Transformer) else layers["segments"](beside)


def _for_each_step(by_segment: keras.KerasTensor, horizon: int, head: HeadSpec) -> keras.KerasTensor:
    """Give each step ahead what its segment has, (batch, segments, width) → (batch, horizon, width)."""
    return ops.repeat(by_segment, head.segment, axis=1)[:, :horizon]


def _outputs_from_segments(
    states: keras.KerasTensor,
    horizon: int,
    head: HeadSpec,
    layers: KerasLayers,
    to_come: keras.KerasTensor | None,
) -> keras.KerasTensor:
    """Make the steps of each segment ahead of its state, (batch, segments, width), and add what is made of
    what is known of each."""
    outputs = layers["forecast"](states)
    outputs = keras.layers.Reshape((-1, head.numbers), name="steps_ahead")(outputs)[:, :horizon]
    if to_come is not None:
        told = _join_known_ahead(_for_each_step(states, horizon, head), layers, to_come)
        outputs = keras.layers.Add(name="with_what_is_known")([outputs, layers["forecast_ahead"](told)])
    return outputs if head.numbers > 1 else outputs[..., 0]


def _outputs_from_state(
    state: keras.KerasTensor,
    horizon: int,
    head: HeadSpec,
    layers: KerasLayers,
    to_come: keras.KerasTensor | None,
) -> keras.KerasTensor:
    """Make all steps ahead of one state, (batch, width), and add what is made of what is known of each."""
    outputs = layers["forecast"](state)
    if head.numbers > 1:
        outputs = keras.layers.Reshape((horizon, head.numbers), name="steps_ahead")(outputs)
    if to_come is None:
        return outputs
    told = _join_known_ahead(keras.layers.RepeatVector(horizon, name="for_each_step")(state), layers, to_come)
    more = layers["forecast_ahead"](told)
    return keras.layers.Add(name="with_what_is_known")(
        [outputs, keras.layers.Reshape(outputs.shape[1:], name="more_ahead")(more)]
    )


def _outputs_from_states(
    states: keras.KerasTensor,
    horizon: int,
    head: HeadSpec,
    layers: KerasLayers,
    to_come: keras.KerasTensor | None,
) -> keras.KerasTensor:
    """Make each step ahead of a state of its own, (batch, horizon, width), and of what is known of it."""
    states = states if to_come is None else _join_known_ahead(states, layers, to_come)
    outputs = layers["forecast"](states)
    if head.numbers > 1:
        return outputs
    return keras.layers.Reshape((horizon,), name="steps_ahead")(outputs)


def _join_known_ahead(
    states: keras.KerasTensor, layers: KerasLayers, to_come: keras.KerasTensor
) -> keras.KerasTensor:
    """Tell each step ahead what is known of it."""
    both = keras.layers.Concatenate(name="state_and_ahead")([states, to_come])
    return layers["told"](both)
