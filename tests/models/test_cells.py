"""A cell's description is the one that trains: its step forward is Keras', its step back the derivative."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from components.insight.doctor.run_evidence import RECURRENT
from components.models.cells import CANDIDATE, CELLS
from components.models.cells.arrays import NUMPY
from components.models.cells.lstm import LSTM
from components.models.fused import block_lstm, cell_scan
from components.models.fused.layers import LAYERS
from components.models.fused.scan import dense
from components.recipe import RECURRENT_KINDS
from components.ui.recipe_form.labels import MODELS

BATCH, UNITS, STEPS, FEATURES = 3, 4, 7, 2
KINDS = list(CELLS)


def numbers(*shapes):
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape) for shape in shapes]


def inputs(cell):
    """What a step of a cell is given: x, y and the states."""
    width = len(cell.blocks) * UNITS
    x, y, *states = numbers((BATCH, width), (BATCH, width), *[(BATCH, UNITS)] * len(cell.states))
    return x, y, states


def test_whatever_is_keyed_by_kind_has_every_kind():
    assert tuple(CELLS) == tuple(LAYERS) == RECURRENT_KINDS
    assert set(CELLS) <= set(MODELS) and set(CELLS) <= set(RECURRENT)
    for cell in CELLS.values():
        assert {gate.name for gate in cell.gates} <= set(cell.kept)
        assert bool(cell.gates) == (CANDIDATE.name in cell.kept)
        assert len({quantity.name for quantity in cell.quantities}) == len(cell.quantities)


@pytest.mark.parametrize("kind", KINDS)
def test_a_step_is_that_of_keras_own_cell(kind):
    cell, layer = CELLS[kind], LAYERS[kind](UNITS, dtype="float64")
    layer.build((None, None, FEATURES))
    layer.set_weights(numbers(*(weight.shape for weight in layer.get_weights())))
    read, *states = numbers((BATCH, FEATURES), *[(BATCH, UNITS)] * len(cell.states))
    kernel, recurrent, (bias, *inner) = (np.array(part) for part in layer.cell_weights())
    found, _ = cell.forward(NUMPY, read @ kernel + bias, sum(inner, states[0] @ recurrent), states)
    _, wanted = layer.cell(tf.constant(read), [tf.constant(state) for state in states])
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_the_step_back_is_the_derivative_of_the_step_forward(kind):
    cell = CELLS[kind]
    x, y, states = inputs(cell)
    by = numbers(*[(BATCH, UNITS)] * len(states))
    given = [tf.constant(array) for array in (x, y, *states)]
    with tf.GradientTape() as tape:
        tape.watch(given)
        after, _ = cell.forward(tf, given[0], given[1], given[2:])
        score = sum(tf.reduce_sum(path * one) for path, one in zip(after, by, strict=True))
    wanted = tape.gradient(score, given, unconnected_gradients="zero")
    ours, kept = cell.forward(NUMPY, x, y, states)
    by_x, by_y, by_states = cell.backward(NUMPY, by, kept, states, ours)
    found = [by_x, by_y, *(0.0 * x[:, :UNITS] if one is None else one for one in by_states)]
    for one, other in zip(found, wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
    assert (by_x is by_y) == (cell.biases == 1)


@pytest.mark.parametrize("kind", KINDS)
def test_numpy_takes_the_step_that_tensorflow_takes(kind):
    cell = CELLS[kind]
    x, y, states = inputs(cell)
    ours, kept = cell.forward(NUMPY, x, y, states)
    theirs, held = cell.forward(tf, tf.constant(x), tf.constant(y), [tf.constant(one) for one in states])
    assert len(kept) == len(cell.kept) and len(ours) == len(cell.states)
    for one, other in zip((*ours, *kept), (*theirs, *held), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
    by = numbers(*[(BATCH, UNITS)] * len(states))
    by_x, by_y, _ = cell.backward(NUMPY, by, kept, states, ours)
    by_theirs = cell.backward(tf, [tf.constant(one) for one in by], held, states, theirs)
    for one, other in zip((by_x, by_y), by_theirs[:2], strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@pytest.mark.parametrize(
    "units", [4, block_lstm.MANY]
)  # narrow ones go back in the kernel, wide ones by scans
def test_tensorflows_own_kernel_is_the_described_lstm(units):
    x, h, c, weights, bias = (
        tf.constant(0.5 * one, tf.float32)
        for one in numbers(
            (STEPS, BATCH, FEATURES),
            (BATCH, units),
            (BATCH, units),
            (FEATURES + units, 4 * units),
            (4 * units,),
        )
    )
    weights = weights / np.sqrt(units)

    def described(x, h, c, weights, bias):
        outside = dense(x, weights[:FEATURES], bias)
        return cell_scan.run(LSTM, outside, (h, c), weights[FEATURES:], (), training=True)

    def results(function):
        with tf.GradientTape() as tape:
            tape.watch([x, h, c, weights, bias])
            paths = function(x, h, c, weights, bias)
            score = sum(tf.reduce_sum(tf.sin(3 * path)) for path in paths)
        return [*paths, *tape.gradient(score, [x, h, c, weights, bias])]

    for one, other in zip(results(block_lstm.run), results(described), strict=True):
        np.testing.assert_allclose(one, other, atol=2e-5 * max(1, np.abs(other).max()))


@pytest.mark.parametrize("kind", KINDS)
def test_its_parameters_are_those_of_keras_layer(kind):
    layer = getattr(keras.layers, LAYERS[kind].__name__)(UNITS)
    layer.build((None, None, FEATURES))
    assert layer.count_params() == CELLS[kind].parameters(FEATURES, UNITS)
