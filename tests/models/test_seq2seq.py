"""Encoder–decoders: what is planned is built, padding changes nothing, a step is a step of the whole."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.tokenizers.tokenizer import SPECIAL, Vocabulary
from components.models.decoding import beam_search
from components.models.export_seq2seq import export_seq2seq
from components.models.seq2seq import build_seq2seq
from components.models.summary import summarize_translator
from components.recipe import Recurrent, Transformer

recurrent = st.builds(
    Recurrent,
    kind=st.sampled_from(["simple_rnn", "lstm", "gru"]),
    units=st.integers(1, 6),
    layers=st.integers(1, 3),
    bidirectional=st.booleans(),
    attention=st.sampled_from(["none", "additive", "dot"]),
)
transformer = st.builds(
    lambda heads, width, layers: Transformer(heads=heads, units=heads * width, layers=layers),
    heads=st.integers(1, 3),
    width=st.integers(1, 3),
    layers=st.integers(1, 3),
)
KINDS = [
    *(
        Recurrent(kind=kind, units=4, layers=2, bidirectional=both_ways, attention=attention)
        for kind in ("lstm", "gru", "simple_rnn")
        for both_ways, attention in ((False, "dot"), (True, "additive"))
    ),
    Recurrent(kind="lstm", units=4, bidirectional=True),
    Transformer(units=8, heads=2, layers=2),
]
SOURCES = np.array([[5, 6, 7, 8], [4, 9, 0, 0], [6, 0, 0, 0]], np.int32)
ANSWERS = np.array([[2, 4, 5], [2, 6, 0], [2, 7, 8]], np.int32)
TARGETS = np.array([[4, 5, 3], [6, 3, 0], [7, 8, 3]], np.int32)


def name(model) -> str:
    way = "both" if getattr(model, "bidirectional", False) else "one"
    return f"{model.kind}-{way}-{getattr(model, 'attention', 'self')}"


def outputs_and_gradients(built, sources, answers, targets):
    """Return logits and gradients; step after step, for a graph of so little takes longer to be traced."""
    with tf.GradientTape() as tape:
        logits = built.model([sources, answers], training=True)
        surprise = tf.nn.sparse_softmax_cross_entropy_with_logits(targets, logits)
        loss = tf.reduce_sum(surprise * tf.cast(targets != 0, tf.float32))
    gradients = tape.gradient(loss, built.model.trainable_variables)
    return logits.numpy(), [tf.convert_to_tensor(gradient) for gradient in gradients]


@settings(deadline=None, max_examples=8)
@given(model=recurrent | transformer, sizes=st.tuples(st.integers(5, 9), st.integers(5, 9)))
def test_the_plan_has_the_built_models_layers_and_parameters(model, sizes):
    built, plan = build_seq2seq(model, *sizes).model, summarize_translator(model, *sizes, (7, 4))
    for layer in plan.layers:
        real = built.get_layer(layer.name)
        assert sum(int(np.prod(v.shape)) for v in real.trainable_variables) == layer.parameters, layer.name
    assert plan.parameters == built.count_params()


@pytest.mark.parametrize("model", KINDS, ids=name)
def test_more_padding_gives_the_same_outputs_and_gradients(model):
    built = build_seq2seq(model, 10, 9)
    logits, gradients = outputs_and_gradients(built, SOURCES, ANSWERS, TARGETS)
    wider = [np.pad(side, ((0, 0), (0, 5))) for side in (SOURCES, ANSWERS, TARGETS)]
    wide_logits, wide_gradients = outputs_and_gradients(built, *wider)
    there = TARGETS != 0
    np.testing.assert_allclose(wide_logits[:, :3][there], logits[there], atol=1e-5)
    for wide, narrow in zip(wide_gradients, gradients, strict=True):
        np.testing.assert_allclose(wide, narrow, atol=1e-5)


@pytest.mark.parametrize("model", [KINDS[0], KINDS[3], KINDS[-1]], ids=name)
def test_writing_step_by_step_is_what_is_trained_on(model):
    built = build_seq2seq(model, 10, 9)
    whole = tf.nn.log_softmax(built.model([SOURCES, ANSWERS])).numpy()
    step = built.steps(SOURCES)
    steps = np.stack([step(ANSWERS[:, place], np.arange(3))[0] for place in range(3)], axis=1)
    there = ANSWERS != 0
    np.testing.assert_allclose(steps[there], whole[there], atol=1e-5)
    # What is written already may be given at once.
    later = built.steps(SOURCES, so_far=ANSWERS[:, :2])(ANSWERS[:, 2], np.arange(3))[0]
    np.testing.assert_allclose(later[[0, 2]], whole[[0, 2], 2], atol=1e-5)


@pytest.mark.parametrize("model", [KINDS[0], KINDS[1], KINDS[-1]], ids=name)
def test_attention_adds_up_to_one_over_the_text_and_passes_padding_over(model):
    weights = build_seq2seq(model, 10, 9).steps(SOURCES)(ANSWERS[:, 0], np.arange(3))[1]
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    assert weights[SOURCES == 0].max() < 1e-6


def test_beams_that_change_places_keep_their_own_states():
    built = build_seq2seq(Recurrent(units=4, attention="dot"), 10, 9)
    step = built.steps(SOURCES[:1], beams=2)
    step(np.array([2, 2]), np.array([0, 1]))
    step(np.array([4, 5]), np.array([0, 1]))
    swapped = step(np.array([6, 6]), np.array([1, 0]))[0]
    plain = built.steps(SOURCES[:1], so_far=np.array([[2, 5]], np.int32))(np.array([6]), np.array([0]))[0]
    np.testing.assert_allclose(swapped[0], plain[0], atol=1e-5)


@pytest.mark.parametrize("level", ["word", "character"])
@pytest.mark.parametrize("model", [Recurrent(units=5, bidirectional=True, attention="additive"), KINDS[-1]])
def test_what_is_taken_away_takes_texts_and_loads_in_plain_keras(model, level, tmp_path):
    texts = ["abba cab .", "cab a b ."]
    known = Vocabulary.fit(texts, level, most=50)
    built = build_seq2seq(model, len(known), len(known))
    export_seq2seq(built.model, known, known).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    text, so_far = "cab b abba", "abba"
    given = known.encode(so_far)
    begun = np.array([[SPECIAL.index("<start>"), *given]], np.int32)
    expected = tf.nn.softmax(built.model([known.encode(text)[None], begun])[:, -1]).numpy()
    # Another answer so far in the same batch is shorter.
    batch = {"text": tf.constant([text, "a b"]), "answer_so_far": tf.constant([so_far, ""])}
    said = loaded(batch)
    np.testing.assert_allclose(said["chances"][0], expected[0], atol=1e-5)
    assert said["next_token"][0].numpy().decode() == known.tokens[int(expected.argmax())]
    assert [token.decode() for token in said["tokens"][0].numpy()] == list(known.tokens)


def test_a_greedy_search_takes_the_most_probable_token_each_time():
    built = build_seq2seq(Recurrent(units=6, attention="additive"), 10, 9)
    (best,) = beam_search(built.steps(SOURCES[:1]), 1, 1, 5).answers(0)
    begun = np.array([[2, *best.codes[:-1]]], np.int32)
    logits = built.model([SOURCES[:1], begun]).numpy()[0]
    logits[:, [0, 1, 2]] = -np.inf
    np.testing.assert_array_equal(best.codes, logits.argmax(axis=1))
