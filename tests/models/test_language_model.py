"""A reader remembers between windows, never looks ahead, writes as it reads, and is saved whole."""

import zipfile

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.data.tokenizers.subword_tokenizer import SubwordTokenizer
from components.models.language_model import (
    StreamReader,
    TokenGenerator,
    build_core,
    export_language_model,
    next_token_logits,
)
from components.models.summary import summarize_writer
from components.recipe import Recurrent, Transformer

MODELS = [
    Recurrent(kind="lstm", units=5, layers=2),
    Recurrent(kind="gru", units=4),
    Recurrent(kind="simple_rnn", units=4, dropout=0.2),
    Transformer(units=4, heads=2, layers=1),
]
WINDOW, VOCABULARY = 6, 9
CODES = np.random.default_rng(0).integers(0, VOCABULARY, (3, 2 * WINDOW)).astype(np.int32)
TEXT = "abba acab\n" * 3


def _logits(inner: keras.Model, codes: np.ndarray) -> np.ndarray:
    nothing = [np.zeros((len(codes), held.shape[-1]), np.float32) for held in inner.inputs[1:]]
    return np.array(next_token_logits(inner, codes, nothing)[0])


@settings(max_examples=20)
@given(
    model=st.builds(
        Recurrent,
        kind=st.sampled_from(["simple_rnn", "lstm", "gru"]),
        units=st.integers(1, 5),
        layers=st.integers(1, 4),
        dropout=st.sampled_from([0.0, 0.3]),
    )
    | st.builds(Transformer, units=st.sampled_from([2, 4]), heads=st.just(2), layers=st.integers(1, 3)),
    sizes=st.tuples(st.integers(2, 9), st.integers(1, 5), st.integers(1, 7)),
    tied=st.booleans(),
)
def test_the_plan_is_the_built_model(model, sizes, tied):
    built, plan = build_core(model, *sizes, tied=tied), summarize_writer(model, *sizes, tied=tied)
    for layer in plan.layers:
        real = built.get_layer(layer.name)
        output = real.output[0] if isinstance(real.output, list | tuple) else real.output
        assert all(a in (None, b) for a, b in zip(output.shape[1:], layer.shape, strict=True)), layer.name
        assert sum(int(np.prod(v.shape)) for v in real.trainable_variables) == layer.parameters, layer.name
    assert plan.parameters == sum(int(np.prod(v.shape)) for v in built.trainable_variables)


@pytest.mark.parametrize("model", MODELS[:3], ids=lambda model: model.kind)
def test_two_windows_are_read_as_one_long_one_and_a_fresh_row_from_nothing(model):
    inner = build_core(model, VOCABULARY, 3, WINDOW)
    reader, whole = StreamReader(inner, 3), _logits(inner, CODES)
    first, second = CODES[:, :WINDOW], CODES[:, WINDOW:]
    np.testing.assert_allclose(reader((first, np.array([True] * 3))), whole[:, :WINDOW], atol=1e-6)
    gone_on = reader((second, np.array([False, False, True])))
    np.testing.assert_allclose(gone_on[:2], whole[:2, WINDOW:], atol=1e-6)
    np.testing.assert_allclose(gone_on[2], _logits(inner, second)[2], atol=1e-6)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.kind)
def test_what_comes_later_changes_nothing(model):
    inner, codes = build_core(model, VOCABULARY, 3, WINDOW), CODES[:, :WINDOW]
    changed = codes.copy()
    changed[:, 4:] = (changed[:, 4:] + 1) % VOCABULARY
    np.testing.assert_allclose(_logits(inner, codes)[:, :4], _logits(inner, changed)[:, :4], atol=1e-6)
    assert not np.allclose(_logits(inner, codes)[:, 4:], _logits(inner, changed)[:, 4:])


@pytest.mark.parametrize("tied", [False, True])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.kind)
def test_a_pen_foretells_step_by_step_what_the_model_does_at_once(model, tied):
    inner = build_core(model, VOCABULARY, 3, WINDOW, tied=tied)
    pen, row = TokenGenerator(inner, model), CODES[0]
    memory, found = pen.begin(), []
    for code in row.tolist():
        logits, memory = pen.read(code, memory)
        found.append(logits)
    if isinstance(model, Transformer):  # it sees the newest tokens
        expected = [_logits(inner, row[None, at : at + WINDOW])[0, -1] for at in range(WINDOW + 1)]
        np.testing.assert_allclose(found[WINDOW - 1 :], expected, atol=1e-5)
        np.testing.assert_allclose(found[:WINDOW], _logits(inner, row[None, :WINDOW])[0], atol=1e-5)
    else:
        np.testing.assert_allclose(found, _logits(inner, row[None])[0], atol=1e-5)


@pytest.mark.parametrize("level", ["character", "word", "byte_pair"])
@pytest.mark.parametrize("model", [MODELS[0], MODELS[3]], ids=lambda model: model.kind)
def test_the_saved_model_takes_texts_and_gives_the_chances_of_what_follows(model, level, tmp_path):
    lexicon = SubwordTokenizer.fit(TEXT, level, most=12)
    inner = build_core(model, len(lexicon), 3, WINDOW, tied=level == "word")
    export_language_model(inner, model, lexicon).save(tmp_path / "model.keras")
    assert b"components" not in zipfile.ZipFile(tmp_path / "model.keras").read("config.json"), "plain Keras"
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    pen, texts = TokenGenerator(inner, model), ["abba", "acab\nabba acab", "ab ? ac"]
    expected = []
    for text in texts:
        memory = pen.begin()
        for code in lexicon.encode_tokens(lexicon.tokenize(text)).tolist():
            logits, memory = pen.read(code, memory)
        expected.append(np.exp(logits) / np.exp(logits).sum())
    cut = [lexicon.tokenize(text) for text in texts]
    longest = max(map(len, cut))
    given = texts if level == "character" else [[*row, *[""] * (longest - len(row))] for row in cut]
    np.testing.assert_allclose(loaded(np.array(given))["next"], expected, atol=1e-5)
    names = loaded.get_layer("tokens").get_vocabulary()
    assert names[-len(lexicon) + 1 :] == list(lexicon.tokens[1:])
