"""The plan on paper is the model that is built; attention is what it says."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.models.forecaster import build_forecaster
from components.models.head_spec import HeadSpec
from components.models.recursive import Recursive
from components.models.summary import summarize_forecaster
from components.recipe import Forecast, Recurrent, Transformer

recurrent = st.builds(
    Recurrent,
    kind=st.sampled_from(["simple_rnn", "lstm", "gru"]),
    units=st.integers(1, 7),
    layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    attention=st.sampled_from(["none", "additive", "dot"]),
    dropout=st.sampled_from([0.0, 0.3]),
)
transformer = st.builds(
    lambda heads, width, **rest: Transformer(heads=heads, units=heads * width, **rest),
    heads=st.integers(1, 3),
    width=st.integers(1, 3),
    layers=st.integers(1, 3),
    dropout=st.sampled_from([0.0, 0.3]),
)

LOSSES = ["mse", "mae", "huber", "quantile", "gaussian", "student_t", "negative_binomial"]
heads = st.builds(
    lambda **settings: HeadSpec.of(Forecast(target="y", season=2, window=9, **settings)),
    loss=st.sampled_from(LOSSES),
    base=st.sampled_from(["none", "last", "season"]),
    transform=st.sampled_from(["none", "difference"]),
    window_scaling=st.sampled_from(["none", "standard", "affine"]),
    level=st.sampled_from([0.5, 0.8]),
)
sizes = st.tuples(st.integers(2, 5), st.integers(1, 3), st.integers(1, 4))


@settings(deadline=None, max_examples=25)
@given(
    model=recurrent | transformer,
    size=sizes,
    head=heads,
    strategy=st.sampled_from(["direct", "recursive", "decoder"]),
    ahead=st.integers(0, 2),
    segment=st.sampled_from([1, 1, 2, 3]),
)
def test_the_plan_has_the_built_models_layers_shapes_and_parameters(
    model, size, head, strategy, ahead, segment
):
    is_recurrent, is_single = isinstance(model, Recurrent), head.numbers == 1
    if (strategy == "decoder" and is_recurrent) or (strategy == "recursive" and is_single):
        head = replace(head, strategy=strategy)
    head = replace(head, ahead=ahead, segment=segment)
    size = (size[0] * segment, size[1] + ahead, size[2])
    built, plan = build_forecaster(model, *size, head).model, summarize_forecaster(model, *size, head)
    window, to_come = np.zeros((2, size[0], size[1])), np.zeros((2, size[2], ahead))
    outputs = built([window, to_come] if ahead else window)
    assert outputs.shape == ((2, size[2]) if is_single else (2, size[2], head.numbers))
    built = built.core if isinstance(built, Recursive) else built
    for layer in plan.layers:
        real = built.get_layer(layer.name)
        output = real.output[0] if isinstance(real.output, list | tuple) else real.output
        assert tuple(output.shape[1:]) == layer.shape, layer.name
        assert sum(int(np.prod(v.shape)) for v in real.trainable_variables) == layer.parameters, layer.name
    assert plan.parameters == sum(int(np.prod(v.shape)) for v in built.trainable_variables)


@pytest.mark.parametrize("attention", ["additive", "dot"])
@pytest.mark.parametrize("kind", ["simple_rnn", "lstm", "gru"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_attention_gives_each_step_ahead_weights_over_the_window(kind, attention, bidirectional):
    model = Recurrent(kind=kind, units=4, attention=attention, bidirectional=bidirectional)
    weights = build_forecaster(model, 7, 2, 3).attention(np.random.default_rng(0).normal(size=(5, 7, 2)))
    assert weights.shape == (5, 3, 7)
    np.testing.assert_allclose(np.sum(weights, axis=-1), 1, rtol=1e-5)


def test_a_transformer_shows_the_newest_tokens_attention_by_head():
    weights = build_forecaster(Transformer(units=8, heads=2), 7, 2, 3).attention(np.zeros((5, 7, 2)))
    assert weights.shape == (5, 2, 7)
    np.testing.assert_allclose(np.sum(weights, axis=-1), 1, rtol=1e-5)


@pytest.mark.parametrize("strategy", ["direct", "decoder"])
@pytest.mark.parametrize("model", [Recurrent(kind="gru", units=4, attention="dot"), Transformer(units=8)])
def test_a_segment_s_attention_is_shared_by_its_steps(model, strategy):
    strategy = "direct" if isinstance(model, Transformer) else strategy
    head = HeadSpec(segment=3, strategy=strategy)
    weights = np.array(
        build_forecaster(model, 12, 2, 5, head).attention(np.random.default_rng(0).normal(size=(2, 12, 2)))
    )
    assert weights.shape == (2, 4 if isinstance(model, Transformer) else 5, 12)
    np.testing.assert_allclose(weights.sum(-1), 1, rtol=1e-5)
    np.testing.assert_array_equal(weights[..., ::3], weights[..., 2::3])
    if strategy == "decoder":
        np.testing.assert_array_equal(weights[:, 0], weights[:, 2])


def test_only_the_first_layers_know_of_segments():
    long, short = (
        summarize_forecaster(Recurrent(kind="gru", units=4), window, 1, 6, HeadSpec(segment=segment)).turns
        for window, segment in ((96, 1), (96, 24))
    )
    assert (long, short) == (96, 4)


@pytest.mark.parametrize("base", ["none", "last"])
def test_a_window_is_forecast_alike_in_a_batch_of_any_size(base):
    head = HeadSpec(window_scaling="standard", residual_base=base)
    model = build_forecaster(Recurrent(kind="gru", units=3), 6, 1, 5, head).model
    windows = np.random.default_rng(0).normal(size=(8, 6, 1)).astype(np.float32)
    alone = np.concatenate([model(one[None]) for one in windows])
    for rows in (4, 5, 6, 8):
        np.testing.assert_allclose(model(windows[:rows]), alone[:rows], atol=1e-6)


def test_a_segmented_model_loads_in_plain_keras(tmp_path):
    head = HeadSpec(segment=3, strategy="decoder", window_scaling="standard", residual_base="last")
    built = build_forecaster(Recurrent(kind="gru", units=4), 12, 1, 7, head).model
    built.get_layer("forecast").set_weights([np.ones((4, 3)), np.zeros(3)])
    past = np.random.default_rng(0).normal(size=(2, 12, 1))
    built.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    np.testing.assert_allclose(loaded(past), built(past), atol=1e-6)


def test_without_attention_there_is_nothing_to_see():
    assert build_forecaster(Recurrent(), 7, 2, 3).attention is None


def test_a_transformer_tells_the_order_of_its_steps():
    model = build_forecaster(Transformer(units=8, heads=2, layers=1), 6, 1, 1).model
    model.get_layer("positions").set_weights([np.random.default_rng(0).normal(size=(6, 8))])
    past = np.random.default_rng(1).normal(size=(1, 6, 1))
    swapped = past[:, [1, 0, 2, 3, 4, 5]]
    assert abs(float(model(past)[0, 0]) - float(model(swapped)[0, 0])) > 1e-6


@pytest.mark.parametrize("model", [Recurrent(attention="additive", dropout=0.2), Transformer(dropout=0.2)])
def test_a_saved_model_loads_in_plain_keras_with_the_same_outputs(model, tmp_path):
    built = build_forecaster(model, 6, 2, 3).model
    built.save(tmp_path / "model.keras")
    past = np.random.default_rng(0).normal(size=(2, 6, 2))
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    # Ours and Keras' own recurrent layers round differently.
    np.testing.assert_allclose(loaded(past), built(past), atol=1e-6)
