"""The model that transcribes: padding changes nothing, what stands out is found, the file is exact."""

from itertools import product

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.models.summary import summarize_transcriber
from components.models.transcriber import (
    build_transcriber,
    ctc_decode,
    ctc_loss,
    export_transcriber,
    transcript_log_probabilities,
)
from components.recipe import Recurrent, Transformer
from tests.models.test_ctc import WORDS, collapsed, spikes

MODELS = {
    "gru": Recurrent(kind="gru", units=4, layers=2, bidirectional=True, dropout=0.2),
    "lstm": Recurrent(kind="lstm", units=4),
    "transformer": Transformer(units=4, heads=2, layers=1),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("kernel", [0, 7], ids=["segments", "overlapping"])
def test_padding_changes_nothing_and_the_plan_is_what_is_built(model, kernel):
    built = build_transcriber(model, 5, 3, 12, 3, kernel=kernel)
    assert built.model.count_params() == summarize_transcriber(model, 5, 3, 12, 3, kernel).parameters
    assert built.most_frames == (12 if isinstance(model, Transformer) else None)
    given_frames = np.random.default_rng(0).normal(size=(1, 6, 5)).astype("float32")
    filled = np.full((1, 12, 5), np.nan, "float32")
    filled[:, :6] = given_frames
    short, long = built.model(given_frames).numpy(), built.model(filled).numpy()
    assert short.shape == (1, 2, 4) and long.shape == (1, 4, 4)
    np.testing.assert_allclose(long[:, :2], short, atol=1e-5)
    assert np.isfinite(long).all()


@given(words=WORDS, gap=st.integers(1, 3), beams=st.sampled_from([1, 5]))
def test_of_perfect_probabilities_the_search_gives_the_words(words, gap, beams):
    logs = spikes(words, gap)
    padded = np.concatenate([logs, np.zeros((3, 4))])  # which isn't there
    (found,) = ctc_decode(padded[None].astype("float32"), np.array([len(logs)]), beams)
    assert found[0].tolist() == words.tolist()


def test_the_greedy_search_takes_the_likeliest_path_and_the_beam_the_likeliest_words():
    # Graves et al. (2006), section 3.2: blank is likeliest at each step, and yet a word is than none.
    logs = np.log([[[0.6, 0.4], [0.6, 0.4]]]).astype("float32")
    assert ctc_decode(logs, np.array([2]), 1)[0][0].tolist() == []
    best, *_ = ctc_decode(logs, np.array([2]), 4)[0]
    assert best.tolist() == [0]
    shares = np.exp(transcript_log_probabilities(logs[0], [np.array([0]), np.array([], int)]))
    np.testing.assert_allclose(shares, [1 - 0.36, 0.36], atol=1e-5)


def test_the_loss_is_the_sum_over_every_way_in_which_words_may_lie():
    logits = np.random.default_rng(1).normal(size=(4, 3)).astype("float32")
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    paths = [path for path in product(range(3), repeat=4) if collapsed(path) == [0, 0]]
    wanted = -np.log(sum(shares[range(4), path].prod() for path in paths))
    labels, lengths = np.array([[1, 1, 0]]), np.array([2])
    found = np.asarray(ctc_loss(labels, lengths, logits[None], np.array([4])))
    assert found[0] == pytest.approx(wanted, abs=1e-5)


def test_the_saved_model_takes_decibels_and_gives_words(tmp_path):
    built = build_transcriber(MODELS["gru"], 5, 3, 12, 3)
    offset, scale = np.arange(5.0) - 30, np.arange(5.0) + 1
    export_transcriber(built.model, ("one", "two", "three"), offset, scale).save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", safe_mode=True)
    raw = np.random.default_rng(0).normal(-30, 5, (2, 12, 5)).astype("float32")
    raw[1, 6:] = np.nan
    logits = built.model(((raw - offset) / scale).astype("float32")).numpy()
    said = loaded(raw)
    np.testing.assert_allclose(
        said["probabilities"], np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True), atol=1e-5
    )
    found = ctc_decode(logits, np.array([4, 2]), 1)
    for row, best in zip(said["words"].numpy(), found, strict=True):
        words = [word.decode() for word in row if word]
        assert words == [("one", "two", "three")[code] for code in best[0]]
