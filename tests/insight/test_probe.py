"""What the probe sees is what the model does: gates, states, and gradients through time, to the digit."""

import keras
import numpy as np
import pytest

from components.insight.bptt import backpropagate, norms, ratio
from components.insight.gates import saturation, trace
from components.insight.probe import Probe
from components.models.cells import CELLS
from components.models.classifier import build_sequence_classifier, build_text_classifier
from components.models.forecaster import build_forecaster
from components.models.language_model import StreamReader, build_core
from components.models.seq2seq import build_seq2seq
from components.models.seq2seq_spec import Seq2SeqSpec
from components.recipe import Recurrent, Transformer
from tests.insight import manual_steps

FED = Seq2SeqSpec(is_tied=True, is_shared=True, feeds_attention=True)
KINDS = ("lstm", "gru", "simple_rnn")
WAYS = [
    (kind, directions, mask)
    for kind in KINDS
    for directions, mask in (
        ("forward", "whole"),
        ("backward", "holes"),
        ("both", "right"),
        ("both", "holes"),
    )
]


def total(targets, outputs):
    return keras.ops.sum(outputs * targets)


@pytest.mark.parametrize(("kind", "directions", "mask"), WAYS)
def test_states_are_those_of_keras_own_cell(kind, directions, mask):
    model = manual_steps.stack(kind, directions, mask)
    seen = Probe(model, compiled=False).forward(manual_steps.inputs(mask))
    assert [strand.layer for strand in seen.layer_passes] == sorted(
        strand.layer for strand in seen.layer_passes
    )
    for strand in seen.layer_passes:
        layer = manual_steps.directions(model.get_layer(strand.layer))[-1 if strand.backward else 0]
        _, states = manual_steps.step_direction(layer, strand.sequence, manual_steps.MASKS[mask])
        traced = trace(strand)
        np.testing.assert_allclose(np.stack(traced.states, axis=2), states, atol=1e-10)
        assert saturation(traced.h, strand.present).either <= 1


@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_gates_are_what_keras_own_cell_computes(kind):
    model = manual_steps.stack(kind, "forward", "whole")
    (strand, _) = Probe(model, compiled=False).forward(manual_steps.inputs("whole")).layer_passes
    traced, layer, told = trace(strand), model.get_layer("layer_1"), []

    def listening(activation):
        def listen(values):
            told.append(activation(values))
            return told[-1]

        return listen

    cell = layer.cell
    cell.activation, cell.recurrent_activation = (
        listening(one) for one in (cell.activation, cell.recurrent_activation)
    )
    manual_steps.step_direction(layer, strand.sequence, None)
    # Keras asks an LSTM for i, f, the candidate, o and the cell's tanh, and a GRU for z, r and the candidate.
    names = ("i", "f", None, "o", "tanh") if kind == "lstm" else ("z", "r", None)
    assert len(told) == manual_steps.STEPS * len(names)
    for number, values in enumerate(told):
        place, which = divmod(number, len(names))
        if names[which] == "tanh":
            continue
        ours = traced.candidate if names[which] is None else traced.gates[names[which]]
        np.testing.assert_allclose(ours[:, place], values, atol=1e-10)


@pytest.mark.parametrize(("kind", "directions", "mask"), WAYS)
def test_gradients_through_time_are_finite_differences(kind, directions, mask):
    model = manual_steps.stack(kind, directions, mask)
    assert_finite_differences(model, kind, mask)


def assert_finite_differences(model, kind, mask, nudge=1e-5):
    seen = Probe(model, total, compiled=False).gradients(manual_steps.inputs(mask), np.ones((2, 1)))
    many = len(CELLS[kind].states)
    each = manual_steps.STEPS * many * manual_steps.UNITS
    nudges = np.eye(each).reshape(each, manual_steps.STEPS, many, manual_steps.UNITS) * nudge
    # Both rows go through all nudges, up and down, in one batch: (rows · signs · nudges, …).
    x = np.repeat(manual_steps.x(), 2 * each, axis=0)
    present = manual_steps.MASKS[mask]
    present = None if present is None else np.repeat(present, 2 * each, axis=0)
    every = np.tile(np.concatenate([nudges, -nudges]), (2, 1, 1, 1))
    for strand in seen.layer_passes:
        through = backpropagate(strand)
        by_states = np.stack(through.grad_states, axis=2)
        name = f"{strand.layer}-{strand.backward}"
        found = manual_steps.outputs_with_nudge(model, x, present, name, every).reshape(2, 2, each)
        wanted = ((found[:, 0] - found[:, 1]) / (2 * nudge)).reshape(by_states.shape)
        np.testing.assert_allclose(by_states, wanted, rtol=1e-3, atol=1e-8)


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_read_has_the_gradient_that_tensorflow_finds(kind):
    model = manual_steps.stack(kind, "both", "holes")
    seen = Probe(model, total).gradients(manual_steps.inputs("holes"), np.ones((2, 1)))
    found = sum(backpropagate(strand).grad_x for strand in seen.layer_passes if strand.layer == "layer_1")
    np.testing.assert_allclose(found, seen.entries[0].gradient, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(seen.outputs, model(manual_steps.inputs("holes")), rtol=1e-12)
    assert seen.score == pytest.approx(seen.outputs.sum())


@pytest.mark.parametrize(("kind", "both_ways"), [("lstm", False), ("gru", True)])
def test_it_looks_into_every_model_of_the_tasks(kind, both_ways):
    recurrent = Recurrent(kind=kind, units=3, bidirectional=both_ways, attention="dot")
    rng, codes = np.random.default_rng(0), np.array([[4, 5, 6, 0], [7, 4, 0, 0]], np.int32)
    one_way = recurrent.model_copy(update={"bidirectional": False, "attention": "none"})
    models = {
        "forecast": (build_forecaster(recurrent, 4, 2, 3).model, rng.normal(size=(2, 4, 2)), 1, 1),
        "numbers": (
            build_sequence_classifier(recurrent, 1, 3, 4).model,
            np.where(codes, codes, np.nan)[..., None],
            1,
            1,
        ),
        "codes": (build_text_classifier(recurrent, 9, 3, 2, 4).model, codes, 1, 1),
        "pairs": (build_seq2seq(recurrent, 9, 9).model, (codes, codes), 2, 1),
        "pairs-fed": (build_seq2seq(recurrent, 9, 9, spec=FED).model, (codes, codes), 2, 1),
        "language": (StreamReader(build_core(one_way, 9, 3, 4), 2), (codes, np.ones(2, bool)), 1, 0),
    }
    for name, (model, given, sequences, looks) in models.items():
        probe = Probe(model, lambda targets, outputs: keras.ops.sum(outputs**2), compiled=False)
        seen = probe.gradients(given, 0.0)
        assert len(seen.entries) == sequences, name
        assert len(seen.attention) == looks, name
        for looked in seen.attention:
            assert looked.weights.min() >= 0, name
            np.testing.assert_allclose(looked.weights.sum(axis=-1), 1, atol=1e-5)
        for entry in seen.entries:
            assert entry.gradient.shape == entry.vectors.shape, name
            assert np.isfinite(entry.vectors).all(), name
        own = [layer for layer in _recurrent(model) if not isinstance(layer, keras.layers.Bidirectional)]
        both = [layer for layer in _recurrent(model) if isinstance(layer, keras.layers.Bidirectional)]
        assert len(seen.layer_passes) == len(own) + 2 * len(both), name
        for strand in seen.layer_passes:
            through = backpropagate(strand)
            assert np.isfinite(through.grad_h).all(), name
        # The directions of the first layer together have the gradient of what goes in.
        first = [strand for strand in seen.layer_passes if strand.layer == seen.layer_passes[0].layer]
        by_x = sum(backpropagate(strand).grad_x for strand in first)
        np.testing.assert_allclose(by_x, seen.entries[0].gradient, rtol=1e-3, atol=1e-6)


def _recurrent(model):
    layers = (model.core if isinstance(model, StreamReader) else model).layers
    return [layer for layer in layers if isinstance(layer, keras.layers.RNN | keras.layers.Bidirectional)]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_compiled_is_the_same(kind):
    """Steps gone through in NumPy give what the kernels give, and their gradients."""
    model = Recurrent(kind=kind, units=3, bidirectional=True, attention="dot")
    codes = np.array([[4, 5, 6, 0], [0, 7, 4, 5]], np.int32)
    built = build_seq2seq(model, 9, 9).model
    probes = [
        Probe(built, lambda _, outputs: keras.ops.sum(outputs**2), compiled) for compiled in (True, False)
    ]
    ours, theirs = (probe.gradients((codes, codes), 0.0) for probe in probes)
    np.testing.assert_allclose(probes[1].outputs((codes, codes)), built([codes, codes]), atol=1e-5)
    np.testing.assert_allclose(ours.attention[0].weights, theirs.attention[0].weights, atol=1e-5)
    for one, other in zip(ours.entries, theirs.entries, strict=True):
        np.testing.assert_allclose(one.gradient, other.gradient, rtol=1e-3, atol=1e-6)
    for one, other in zip(ours.layer_passes, theirs.layer_passes, strict=True):
        np.testing.assert_allclose(one.grad_outputs, other.grad_outputs, rtol=1e-3, atol=1e-6)
        for by_one, by_other in zip(one.grad_final_states, other.grad_final_states, strict=True):
            np.testing.assert_allclose(by_one, by_other, rtol=1e-3, atol=1e-6)


def test_padding_is_never_looked_at():
    codes = np.array([[4, 5, 6, 0], [7, 4, 0, 0]], np.int32)
    for model in (Recurrent(units=3, attention="additive"), Transformer(units=4, heads=2, layers=2)):
        for built, given in (
            (build_text_classifier(model, 9, 3, 2, 4), codes),
            (build_seq2seq(model, 9, 9), (codes, codes)),
        ):
            for looked in Probe(built.model, compiled=False).forward(given).attention:
                there = codes[:, None, None] != 0
                if looked.layer.startswith("writer") and looked.layer.endswith("own"):
                    there = np.tri(4, dtype=bool)  # an answer is filled up behind its end, where nobody looks
                assert np.abs(np.where(there, 0, looked.weights)).max() < 1e-6
                np.testing.assert_allclose(looked.weights.sum(axis=-1), 1, atol=1e-5)


def test_norms_and_their_ratio():
    gradient = np.zeros((2, 12, 2))
    gradient[:, :, 0] = np.geomspace(1e-3, 1, 12)
    lengths = norms(gradient)
    np.testing.assert_allclose(lengths, np.geomspace(1e-3, 1, 12))
    assert ratio(lengths) == pytest.approx(lengths[:5].mean() / lengths[-5:].mean())
    present = np.ones((2, 12), bool)
    present[:, :3] = False
    assert np.isnan(norms(gradient, present)[:3]).all()
    assert ratio(norms(gradient, present)) == pytest.approx(lengths[3:7].mean() / lengths[-4:].mean())
    assert np.isnan(ratio(np.zeros(4)))
