"""A classifier reads sequences of any length: what fills a batch up changes nothing; the plan is kept."""

from dataclasses import replace

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from components.models.classifier import build_sequence_classifier, build_text_classifier
from components.models.reader_spec import ReaderSpec
from components.models.summary import summarize_of_codes, summarize_of_numbers
from components.recipe import Recurrent, Transformer
from tests.models.test_forecaster import recurrent, transformer

LENGTHS = (6, 1, 4)
MODELS = [
    Recurrent(kind=kind, units=3, layers=2, bidirectional=bidirectional, attention=attention)
    for kind in ("simple_rnn", "lstm", "gru")
    for bidirectional in (False, True)
    for attention in ("none", "additive", "dot")
] + [Transformer(units=4, heads=2, layers=2)]


def filled(sequences, width, side, empty):
    """Fill sequences up to one width."""
    block = np.full((len(sequences), width, *sequences[0].shape[1:]), empty, sequences[0].dtype)
    for row, sequence in zip(block, sequences, strict=True):
        row[slice(0, len(sequence)) if side == "right" else slice(width - len(sequence), width)] = sequence
    return block


def outcome(built, batch):
    """Give a model's outputs, the gradients of all its weights, and where it looks."""
    with tf.GradientTape() as tape:
        outputs = built.model(batch, training=True)
        loss = tf.reduce_mean(tf.square(outputs - 1))
    gradients = tape.gradient(loss, built.model.trainable_variables)
    looked = None if built.attention is None else np.array(built.attention(batch))
    return outputs.numpy(), [tf.convert_to_tensor(gradient).numpy() for gradient in gradients], looked


def agree(built, sequences, empty, sides):
    outputs, gradients, looked = outcome(built, filled(sequences, 6, "right", empty))
    assert np.abs(outputs).max() > 1e-3
    width = 9
    for side in sides:
        others, their_gradients, they_looked = outcome(built, filled(sequences, width, side, empty))
        np.testing.assert_allclose(others, outputs, atol=1e-5)
        for ours, theirs in zip(gradients, their_gradients, strict=True):
            np.testing.assert_allclose(theirs, ours, atol=1e-5)
        if looked is None:
            continue
        np.testing.assert_allclose(they_looked.sum(axis=1), 1, rtol=1e-5)
        for row, length in enumerate(LENGTHS):
            own = slice(0, length) if side == "right" else slice(width - length, width)
            np.testing.assert_allclose(they_looked[row, own], looked[row, :length], atol=1e-5)


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_a_batch_filled_up_more_gives_the_same_outputs_and_gradients(model):
    rng = np.random.default_rng(0)
    sequences = [rng.normal(size=(length, 2)).astype("float32") for length in LENGTHS]
    agree(build_sequence_classifier(model, 2, 3, 12), sequences, np.nan, ["left"])


@pytest.mark.parametrize("model", [MODELS[4], MODELS[-1]], ids=repr)
@pytest.mark.parametrize("filters", [0, 5])
def test_so_does_a_batch_of_codes(model, filters):
    rng = np.random.default_rng(0)
    sequences = [rng.integers(1, 9, length).astype("int32") for length in LENGTHS]
    built = build_text_classifier(model, 9, 4, 2, 12, spec=ReaderSpec(filters))
    agree(built, sequences, 0, ["left", "right"])


def test_convolutions_find_a_pattern_wherever_it_stands():
    built = build_sequence_classifier(Recurrent(units=2), 1, 3, 40, spec=ReaderSpec(filters=4))
    patterns = keras.Model(built.model.input, built.model.get_layer("patterns").output)
    batch = np.zeros((2, 40, 1), "float32")
    batch[0, 10:14, 0] = batch[1, 25:29, 0] = [1, -2, 3, -1]
    early, late = np.array(patterns(batch))
    np.testing.assert_allclose(early, late, atol=1e-6)
    assert np.abs(early).max() > 1e-4


@pytest.mark.parametrize(
    "model", [Recurrent(units=2, attention="dot"), Transformer(units=2, heads=1, layers=1)]
)
def test_a_text_without_any_token_has_outputs_all_the_same(model):
    built = build_text_classifier(model, 9, 4, 3, 5)
    assert np.isfinite(built.model(np.zeros((1, 5), "int32"))).all()


def test_what_the_reader_says_of_the_vectors_is_what_the_model_says():
    built = build_sequence_classifier(Recurrent(units=3, bidirectional=True), 1, 4, 6, symbols=5)
    batch = np.array([[[0], [4], [2], [np.nan]]], "float32")
    vectors, present = built.vectors(batch)
    assert vectors.shape == (1, 4, 5)
    np.testing.assert_allclose(built.reader([vectors, present]), built.model(batch), rtol=1e-6)


@settings(deadline=None, max_examples=15)
@given(
    model=recurrent | transformer,
    classes=st.integers(2, 4),
    longest=st.integers(1, 6),
    width=st.integers(1, 3),
    is_text=st.booleans(),
    spec=st.builds(
        ReaderSpec,
        filters=st.sampled_from([0, 3]),
        kernel=st.sampled_from([0, 4]),
        pools=st.booleans(),
        has_start=st.booleans(),
    )
    | st.builds(ReaderSpec, kernel=st.sampled_from([3, 4]), stride=st.sampled_from([2, 3])),
)
def test_the_plan_has_the_built_models_layers_and_parameters(model, classes, longest, width, is_text, spec):
    spec = spec if is_text else replace(spec, has_start=False)
    if is_text:
        built, plan = (
            build_text_classifier(model, 7, width, classes, longest, spec=spec),
            summarize_of_codes(model, 7, width, classes, longest, spec),
        )
    else:
        built = build_sequence_classifier(model, width, classes, longest, spec=spec)
        plan = summarize_of_numbers(model, width, classes, longest, spec=spec)
    for layer in plan.layers:
        real = built.model.get_layer(layer.name)
        assert sum(int(np.prod(v.shape)) for v in real.trainable_variables) == layer.parameters, layer.name
    assert plan.parameters == sum(int(np.prod(v.shape)) for v in built.model.trainable_variables)
