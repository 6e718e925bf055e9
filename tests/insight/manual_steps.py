"""Recurrent layers stepped by hand with Keras' own cells, step after step, nudged where a test says."""

import keras
import numpy as np
import tensorflow as tf

from components.models.fused.layers import LAYERS, Bidirectional

STEPS, FEATURES, UNITS = 6, 3, 2
MASKS = {
    "whole": None,
    "right": np.array([[1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1]], bool),
    "left": np.array([[0, 0, 1, 1, 1, 1], [0, 1, 1, 1, 1, 1]], bool),
    "holes": np.array([[0, 1, 1, 0, 1, 0], [1, 0, 0, 1, 1, 1]], bool),
}


def x() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(2, STEPS, FEATURES))


def stack(kind: str, directions: str, mask: str) -> keras.Model:
    """Two layers in float64 and a number at their end; the first returns all steps, the second its last.

    Every weight is a number by chance, the biases too.
    """
    options = {"units": UNITS, "dtype": "float64"}
    given = [keras.Input((STEPS, FEATURES), dtype="float64")]
    only = {}
    if MASKS[mask] is not None:
        given.append(keras.Input((STEPS,), dtype="bool"))
        only["mask"] = given[1]
    sequence = given[0]
    for number, returns in ((1, True), (2, False)):
        one = LAYERS[kind](
            **options, return_sequences=returns, go_backwards=directions == "backward", name=f"layer_{number}"
        )
        layer = Bidirectional(one, name=f"layer_{number}", dtype="float64") if directions == "both" else one
        sequence = layer(sequence, **only)
        if directions == "backward" and returns:
            sequence = keras.ops.flip(sequence, axis=1)
    model = keras.Model(given, keras.layers.Dense(1, dtype="float64", name="end")(sequence))
    rng = np.random.default_rng(2)
    model.set_weights([rng.normal(size=w.shape) for w in model.get_weights()])
    return model


def inputs(mask: str) -> list[np.ndarray]:
    return [x()] if MASKS[mask] is None else [x(), MASKS[mask]]


def directions(layer: keras.Layer) -> list[keras.Layer]:
    is_both = isinstance(layer, keras.layers.Bidirectional)
    return [layer.forward_layer, layer.backward_layer] if is_both else [layer]


def step_direction(layer, x, present, nudges=None):
    """Step one direction of a layer.

    Args:
        layer: of one direction.
        x: (rows, T, features).
        present: (rows, T) bool or None.
        nudges: (rows, T, states, units), added to the states after each step.

    Returns:
        What comes out at each step, (rows, T, units), in the order of time, and the states after each,
        (rows, T, states, units).
    """
    state = [tf.zeros((len(x), layer.units), tf.float64)] * len(layer.description.states)
    shown, outs, states = tf.zeros((len(x), layer.units), tf.float64), {}, {}
    for place in reversed(range(STEPS)) if layer.go_backwards else range(STEPS):
        out, new = layer.cell(x[:, place], state)
        if present is not None:
            there = tf.constant(present[:, place, None])
            new = [tf.where(there, one, old) for one, old in zip(new, state, strict=True)]
            out = tf.where(there, out, 0 if layer.zero_output_for_mask else shown)
        if nudges is not None:
            new = [one + nudges[:, place, number] for number, one in enumerate(new)]
            # What comes out is h itself wherever it isn't nothing.
            is_shown = np.ones((len(x), 1), bool) if present is None else _output_mask(layer, present, place)
            out = out + tf.where(tf.constant(is_shown), nudges[:, place, 0], 0)
        state, shown = new, out
        outs[place], states[place] = out, tf.stack(new, axis=1)
    return (
        tf.stack([outs[place] for place in range(STEPS)], axis=1),
        tf.stack([states[place] for place in range(STEPS)], axis=1),
    )


def _output_mask(layer, present, place):
    if layer.zero_output_for_mask:
        return present[:, place, None]
    so_far = present[:, place:] if layer.go_backwards else present[:, : place + 1]
    return so_far.any(axis=1, keepdims=True)


def outputs_with_nudge(model, x, present, nudged="", nudges=None):
    """Give the model's answers, (rows,), with the states of one direction of one layer nudged."""
    sequence = tf.constant(x)
    for name in ("layer_1", "layer_2"):
        parts = []
        for layer in directions(model.get_layer(name)):
            is_nudged = f"{name}-{layer.go_backwards}" == nudged
            outs, _ = step_direction(layer, sequence, present, nudges if is_nudged else None)
            parts.append(outs if name == "layer_1" else outs[:, 0 if layer.go_backwards else -1])
        sequence = tf.concat(parts, axis=-1)
    return model.get_layer("end")(sequence)[:, 0].numpy()
