"""The fused layers are Keras' own in all but speed."""

import logging
import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from components.models.fused.layers import GRU, LSTM, Bidirectional, SimpleRNN

OURS = {"LSTM": LSTM, "GRU": GRU, "SimpleRNN": SimpleRNN}
STEPS, FEATURES = 6, 3
MASKS = {  # of a row whose `count` first or last steps count
    "right": lambda count, rng: np.arange(STEPS) < count,
    "left": lambda count, rng: np.arange(STEPS) >= STEPS - count,
    "holes": lambda count, rng: rng.permutation(STEPS) < count,
}


@st.composite
def layers(draw, **fixed):
    """A kind of layer and its settings."""
    kind = draw(st.sampled_from(sorted(OURS)))
    options = {
        name: st.booleans() for name in ("return_sequences", "return_state", "go_backwards", "use_bias")
    }
    if kind == "GRU":
        options["reset_after"] = st.booleans()
    options |= {
        # Wide LSTMs go another way, and wider ones on the way there too.
        "units": st.sampled_from([4, 126, 128] if kind == "LSTM" else [4]),
        "zero_output_for_mask": st.booleans(),
        "dropout": st.sampled_from([0.0, 0.4]),
    }
    return kind, {name: draw(option) for name, option in options.items()} | {"seed": 1} | fixed


def pair(kind, options, bidirectional=False):
    """Our layer and Keras' own with the same weights, the biases among them not zero."""
    pair = [OURS[kind](**options), getattr(keras.layers, kind)(**options)]
    if bidirectional:
        pair = [Bidirectional(pair[0]), keras.layers.Bidirectional(pair[1])]
    rng = np.random.default_rng(0)
    for layer in pair:
        layer.build((None, None, FEATURES))
    weights = [
        w + 0.1 * rng.normal(size=w.shape) if w.dtype == np.float32 else w for w in pair[1].get_weights()
    ]
    pair[1].set_weights(weights)
    # Seeds too: Keras gives the two directions of a SimpleRNN seeds of chance, whatever it is told.
    for our, their in zip(pair[0].variables, pair[1].variables, strict=True):
        our.assign(their)
    return pair


def inputs(rows, steps=STEPS):
    return tf.constant(np.random.default_rng(rows).normal(size=(rows, steps, FEATURES)), tf.float32)


def results(layer, x, states=(), mask=None, training=True):
    """All that the layer gives out, and its gradients by inputs, states and weights."""
    states = [tf.constant(state, tf.float32) for state in states]
    with tf.GradientTape() as tape:
        tape.watch([x, *states])
        given = layer(x, initial_state=list(states) or None, mask=mask, training=training)
        given = list(given) if isinstance(given, list | tuple) else [given]
        loss = sum(tf.reduce_sum(tf.sin(3 * part)) for part in given)  # no gradient alike another
    return given + tape.gradient(loss, [x, *states, *(w.value for w in layer.trainable_variables)])


def assert_same(ours, theirs):
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert one.shape == other.shape
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5 * max(1, np.abs(other).max(initial=0)))


@settings(deadline=None, max_examples=20)
@given(
    layer=layers(),
    rows=st.sampled_from([1, 17, 18]),
    mask=st.sampled_from([None, *MASKS]),
    has_states=st.booleans(),
    bidirectional=st.booleans(),
    training=st.booleans(),
    seed=st.integers(0, 9),
)
def test_outputs_and_gradients_are_those_of_keras(
    layer, rows, mask, has_states, bidirectional, training, seed
):
    kind, options = layer
    rng = np.random.default_rng(seed)
    if mask:
        mask = np.stack([MASKS[mask](count, rng) for count in rng.integers(0, STEPS + 1, rows)])
    if bidirectional:
        options["go_backwards"] = False
    count = (2 if kind == "LSTM" else 1) * (2 if bidirectional else 1) if has_states else 0
    states = rng.normal(size=(count, rows, options["units"]))
    ours, theirs = pair(kind, options, bidirectional)
    assert_same(*(results(layer, inputs(rows), states, mask, training) for layer in (ours, theirs)))


@pytest.mark.parametrize("kind", OURS)
@pytest.mark.parametrize("shape", [(None, STEPS), (None, None), (5, STEPS)])
def test_a_compiled_stack_is_that_of_keras(kind, shape):
    def run_of(first, second, head):
        def run(x):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(head(second(first(x, training=True), training=True)) ** 2)
            variables = [w for layer in (first, second, head) for w in layer.trainable_variables]
            return [loss, *tape.gradient(loss, [w.value for w in variables])]

        return run

    below = pair(kind, {"units": FEATURES, "return_sequences": True})
    above = pair(kind, {"units": FEATURES})
    head = keras.layers.Dense(1)
    head.build((None, FEATURES))
    ours, theirs = (run_of(*stack, head) for stack in zip(below, above, strict=True))
    ours = tf.function(ours, input_signature=[tf.TensorSpec([*shape, FEATURES])])
    assert_same(ours(inputs(5)), theirs(inputs(5)))


@pytest.mark.parametrize("kind", OURS)
def test_a_batch_that_is_padded_more_gives_the_same(kind):
    layer, _ = pair(kind, {"units": 4})
    lengths = np.array([6, 2, 4])[:, None]
    x = inputs(3)
    more = tf.concat([x, 9 * tf.ones((3, 3, FEATURES))], 1)
    of_x, *rest = results(layer, x, mask=np.arange(STEPS) < lengths)[1:]
    of_more, *rest_of_more = results(layer, more, mask=np.arange(STEPS + 3) < lengths)[1:]
    assert_same(rest_of_more, rest)
    assert_same([of_more[:, :STEPS], of_more[:, STEPS:]], [of_x, np.zeros((3, 3, FEATURES))])


@pytest.mark.parametrize("kind", OURS)
def test_a_stateful_layer_goes_on_where_it_was(kind):
    layers = OURS[kind](4, stateful=True), getattr(keras.layers, kind)(4, stateful=True)
    for layer in layers:
        layer.build((5, STEPS, FEATURES))
    layers[1].set_weights(layers[0].get_weights())
    for _ in range(2):
        assert_same(*([layer(inputs(5))] for layer in layers))


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("LSTM", {"activation": "relu"}, "activation is not tanh"),
        ("GRU", {"recurrent_activation": "hard_sigmoid"}, "recurrent activation"),
        ("LSTM", {"recurrent_dropout": 0.3}, "recurrent dropout"),
        ("GRU", {"recurrent_dropout": 0.3}, "recurrent dropout"),
        ("SimpleRNN", {"recurrent_dropout": 0.3}, "recurrent dropout"),
        ("SimpleRNN", {"dtype": "float16"}, "float16"),
    ],
)
def test_what_it_cant_do_is_left_to_keras_and_said_once(kind, options, words, caplog):
    ours, theirs = pair(kind, options | {"units": 4, "seed": 1, "name": "layer"})
    with caplog.at_level(logging.WARNING):
        found = [results(layer, inputs(5)) for layer in (ours, theirs)]
        ours(inputs(5), training=True)
    (line,) = caplog.messages
    assert line.startswith("layer runs on Keras' own path") and words in line
    for one, other in zip(*found, strict=True):
        np.testing.assert_array_equal(one, other)


def test_with_dropout_between_states_it_still_forecasts_by_itself(caplog):
    ours, theirs = pair("LSTM", {"units": 4, "recurrent_dropout": 0.3})
    assert_same(*(results(layer, inputs(5), training=False) for layer in (ours, theirs)))
    assert not caplog.messages


@pytest.mark.parametrize("kind", OURS)
def test_a_gpu_is_left_to_keras(kind, monkeypatch):
    layer, _ = pair(kind, {"units": 4})
    asked = []
    owner = keras.layers.RNN if kind == "SimpleRNN" else getattr(keras.layers, kind)
    keras_own = owner.inner_loop
    monkeypatch.setattr(
        owner, "inner_loop", lambda *args, **kwargs: asked.append(1) or keras_own(*args, **kwargs)
    )
    layer(inputs(2))
    assert not asked
    monkeypatch.setattr(tf.config, "list_logical_devices", lambda kind: ["a device"])
    layer(inputs(2))
    assert asked


@pytest.mark.parametrize("kind", OURS)
def test_twice_the_same_is_the_same_to_the_last_bit(kind):
    layer, _ = pair(kind, {"units": 130, "return_sequences": True})
    run = tf.function(lambda x: results(layer, x))
    x = inputs(33, steps=20)
    first = run(x)
    for _ in range(5):
        for one, other in zip(run(x), first, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("kind", OURS)
def test_a_saved_model_is_of_keras_own_layers(kind, bidirectional, tmp_path):
    def sequential(layer, around):
        layer = (
            around(layer(4, name="recurrent"), name="around") if bidirectional else layer(4, name="recurrent")
        )
        return keras.Sequential([keras.Input((STEPS, FEATURES)), layer], name="model")

    plain = getattr(keras.layers, kind)
    model, same = sequential(OURS[kind], Bidirectional), sequential(plain, keras.layers.Bidirectional)
    assert [w.path for w in model.trainable_variables] == [w.path for w in same.trainable_variables]

    path = tmp_path / "model.keras"
    model.save(path)
    config = zipfile.ZipFile(path).read("config.json").decode()
    assert "components" not in config
    loaded = keras.models.load_model(path)
    found = {type(layer) for layer in loaded._flatten_layers()}
    assert plain in found and not found & {OURS[kind], Bidirectional}
    assert_same([model(inputs(2))], [loaded(inputs(2))])
