"""Encoder–decoders: what is planned is built, padding changes nothing, a step is a step of the whole."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.tokenizers.subword_vocabulary import SubwordVocabulary
from components.data.tokenizers.tokenizer import SPECIAL, Vocabulary
from components.models.decoding import beam_search
from components.models.export_seq2seq import export_seq2seq
from components.models.seq2seq import build_seq2seq
from components.models.seq2seq_spec import PLAIN, Seq2SeqSpec
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
specs = st.builds(Seq2SeqSpec, is_tied=st.booleans(), is_shared=st.booleans(), feeds_attention=st.booleans())
FED = [
    (
        Recurrent(kind=kind, units=4, layers=layers, bidirectional=both_ways, attention=attention),
        Seq2SeqSpec(is_tied=True, is_shared=True, feeds_attention=True),
    )
    for kind, layers, both_ways, attention in (
        ("lstm", 2, True, "additive"),
        ("gru", 1, False, "dot"),
        ("simple_rnn", 1, True, "dot"),
    )
]
TIED = [
    (KINDS[-1], Seq2SeqSpec(is_tied=True)),
    (KINDS[-1], Seq2SeqSpec(is_tied=True, is_shared=True)),
    (KINDS[1], Seq2SeqSpec(is_tied=True, is_shared=True)),
]
SOURCES = np.array([[5, 6, 7, 8], [4, 9, 0, 0], [6, 0, 0, 0]], np.int32)
ANSWERS = np.array([[2, 4, 5], [2, 6, 0], [2, 7, 8]], np.int32)
TARGETS = np.array([[4, 5, 3], [6, 3, 0], [7, 8, 3]], np.int32)


def name(model) -> str:
    if not hasattr(model, "kind"):
        return "fed" if isinstance(model, Seq2SeqSpec) and model.feeds_attention else "tied"
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
@given(model=recurrent | transformer, sizes=st.tuples(st.integers(5, 9), st.integers(5, 9)), spec=specs)
def test_the_plan_has_the_built_models_layers_and_parameters(model, sizes, spec):
    sizes = sizes[:1] * 2 if spec.is_shared else sizes
    built = build_seq2seq(model, *sizes, spec=spec).model
    plan = summarize_translator(model, *sizes, (7, 4), spec)
    # Those of a decoder that is fed are a layer's own.
    every = {one.name: one for layer in built.layers for one in layer._flatten_layers()}
    for layer in plan.layers:
        real = every[layer.name]
        assert sum(int(np.prod(v.shape)) for v in real.trainable_variables) == layer.parameters, layer.name
    assert plan.parameters == built.count_params()


@pytest.mark.parametrize(("model", "spec"), [*((model, PLAIN) for model in KINDS), *TIED, *FED], ids=name)
def test_more_padding_gives_the_same_outputs_and_gradients(model, spec):
    built = build_seq2seq(model, 10, 10, spec=spec)
    logits, gradients = outputs_and_gradients(built, SOURCES, ANSWERS, TARGETS)
    wider = [np.pad(side, ((0, 0), (0, 5))) for side in (SOURCES, ANSWERS, TARGETS)]
    wide_logits, wide_gradients = outputs_and_gradients(built, *wider)
    there = TARGETS != 0
    np.testing.assert_allclose(wide_logits[:, :3][there], logits[there], atol=1e-5)
    for wide, narrow in zip(wide_gradients, gradients, strict=True):
        np.testing.assert_allclose(wide, narrow, atol=1e-5)


@pytest.mark.parametrize(
    ("model", "spec"),
    [(KINDS[0], PLAIN), (KINDS[3], PLAIN), (KINDS[-1], PLAIN), TIED[1], FED[0], FED[1]],
    ids=name,
)
def test_writing_step_by_step_is_what_is_trained_on(model, spec):
    built = build_seq2seq(model, 10, 10, spec=spec)
    whole = tf.nn.log_softmax(built.model([SOURCES, ANSWERS])).numpy()
    step = built.steps(SOURCES)
    steps = np.stack([step(ANSWERS[:, place], np.arange(3))[0] for place in range(3)], axis=1)
    there = ANSWERS != 0
    np.testing.assert_allclose(steps[there], whole[there], atol=1e-5)
    # What is written already may be given at once.
    later = built.steps(SOURCES, so_far=ANSWERS[:, :2])(ANSWERS[:, 2], np.arange(3))[0]
    np.testing.assert_allclose(later[[0, 2]], whole[[0, 2], 2], atol=1e-5)


@pytest.mark.parametrize(
    ("model", "spec"), [(KINDS[0], PLAIN), (KINDS[1], PLAIN), (KINDS[-1], PLAIN), FED[0]], ids=name
)
def test_attention_adds_up_to_one_over_the_text_and_passes_padding_over(model, spec):
    weights = build_seq2seq(model, 10, 10, spec=spec).steps(SOURCES)(ANSWERS[:, 0], np.arange(3))[1]
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


@pytest.mark.parametrize(("model", "spec"), FED, ids=name)
def test_input_feeding_is_that_of_plain_keras_layers_and_so_are_its_gradients(model, spec):
    built = build_seq2seq(model, 10, 10, spec=spec)
    assert built.unroll is not None
    found = []
    for one in (built.model, built.unroll(ANSWERS.shape[1])):
        with tf.GradientTape() as tape:
            logits = one([SOURCES, ANSWERS])
            loss = tf.reduce_sum(tf.nn.sparse_softmax_cross_entropy_with_logits(TARGETS, logits))
        weights = built.model.trainable_variables
        found.append([logits, *map(tf.convert_to_tensor, tape.gradient(loss, weights))])
    for looped, unrolled in zip(*found, strict=True):
        np.testing.assert_allclose(looped, unrolled, atol=1e-5)


def test_input_feeding_tells_a_step_what_attention_found_before_it():
    model, spec = FED[1]
    built = build_seq2seq(model, 10, 10, spec=spec)
    logits = built.model([SOURCES[:1], ANSWERS[:1]]).numpy()
    # Where nothing that is read gets into what attention gives, the first step's answer stays.
    built.model.get_layer("writer")._attention._output.bias.assign_add(tf.ones(4))
    changed = built.model([SOURCES[:1], ANSWERS[:1]]).numpy()
    plain = build_seq2seq(model, 10, 10)
    assert np.abs(changed - logits).max() > 1e-3
    assert plain.state_count + 1 == built.state_count


def test_dropout_of_a_fed_decoder_is_at_work_in_training_only_and_repeats_with_its_seed():
    model = Recurrent(kind="gru", units=4, layers=2, attention="dot", dropout=0.5)
    spec = Seq2SeqSpec(feeds_attention=True)
    one, other = (build_seq2seq(model, 10, 10, seed=3, spec=spec).model for _ in range(2))
    first, second = (built([SOURCES, ANSWERS], training=True).numpy() for built in (one, other))
    np.testing.assert_array_equal(first, second)
    assert np.abs(one([SOURCES, ANSWERS]).numpy() - first).max() > 1e-4


def test_tied_logits_are_products_with_the_vectors_of_the_tokens():
    built = build_seq2seq(KINDS[-1], 10, 10, spec=Seq2SeqSpec(is_tied=True, is_shared=True)).model
    vectors = built.get_layer("answer_tokens").embeddings
    assert sum(weight.path.endswith("embeddings") for weight in built.trainable_variables) == 1
    before = built([SOURCES, ANSWERS]).numpy()
    # A token that neither side holds enters by its logit alone.
    vectors.assign(np.where(np.arange(10)[:, None] == 1, 0, vectors.numpy()))
    after = built([SOURCES, ANSWERS]).numpy()
    assert (after[..., 1] == 0).all()
    np.testing.assert_array_equal(np.delete(after, 1, axis=-1), np.delete(before, 1, axis=-1))


def test_a_fed_model_is_taken_away_as_plain_keras_layers(tmp_path):
    texts = ["abba cab .", "cab a b ."]
    known = SubwordVocabulary.fit(texts, most=14)
    model, spec = FED[0]
    built = build_seq2seq(model, len(known), len(known), spec=spec)
    export_seq2seq(built.unroll(6), known, known).save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    spelled = [[piece.replace(" ", "▁") for piece in known.tokenize(text)] for text in ("cab b", "a")]
    begun = np.array([[SPECIAL.index("<start>"), *known.encode("a")]], np.int32)
    expected = tf.nn.softmax(built.model([known.encode("cab b")[None], begun])[:, -1]).numpy()
    batch = {
        "text": tf.constant([" ".join(spelled[0])]),
        "answer_so_far": tf.constant([" ".join(spelled[1])]),
    }
    said = loaded(batch)
    np.testing.assert_allclose(said["chances"], expected, atol=1e-5)
    assert said["next_token"][0].numpy().decode() == known.tokens[int(expected.argmax())].replace(" ", "▁")


def test_a_greedy_search_takes_the_most_probable_token_each_time():
    built = build_seq2seq(Recurrent(units=6, attention="additive"), 10, 9)
    (best,) = beam_search(built.steps(SOURCES[:1]), 1, 1, 5).answers(0)
    begun = np.array([[2, *best.codes[:-1]]], np.int32)
    logits = built.model([SOURCES[:1], begun]).numpy()[0]
    logits[:, [0, 1, 2]] = -np.inf
    np.testing.assert_array_equal(best.codes, logits.argmax(axis=1))
