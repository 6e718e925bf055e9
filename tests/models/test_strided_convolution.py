"""A convolution with a stride makes a sequence shorter, and what is filled in changes nothing of it."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from components.models.classifier import build_sequence_classifier, build_text_classifier
from components.models.reader_spec import STEM, ReaderSpec
from components.models.strided_convolution import group_steps
from components.models.summary import summarize_of_numbers
from components.recipe import ClassifySequences, ClassifyTexts, Recurrent, Transformer
from tests.models.test_classifier import agree, filled

BOTH = Recurrent(kind="gru", units=3, bidirectional=True, attention="additive")
MODELS = {
    "lstm": Recurrent(kind="lstm", units=3, layers=2),
    "both ways, with attention": BOTH,
    "transformer": Transformer(units=4, heads=2, layers=1),
}
SPECS = {
    "groups": ReaderSpec(kernel=2, stride=2),
    "overlapping": ReaderSpec(kernel=5, stride=2, pools=True),
    "beside a branch": ReaderSpec(filters=3, kernel=4, stride=3),
    "at every step": ReaderSpec(filters=3, kernel=3),
}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_a_batch_filled_up_on_any_side_has_the_same_outputs_gradients_and_attention(model, spec):
    rng = np.random.default_rng(0)
    numbers = [rng.normal(size=(length, 2)).astype("float32") for length in (6, 1, 4)]
    agree(build_sequence_classifier(model, 2, 3, 12, spec=spec), numbers, np.nan, ["left", "right"])
    codes = [rng.integers(1, 9, length).astype("int32") for length in (6, 1, 4)]
    built = build_text_classifier(model, 9, 4, 3, 12, spec=spec)
    built.model.get_layer("embedding").set_weights([rng.normal(size=(9, 4))])  # new ones say next to nothing
    agree(built, codes, 0, ["left", "right"])


BUILT = {
    spec: build_sequence_classifier(BOTH, 2, 3, 20, spec=ReaderSpec(kernel=spec[0], stride=spec[1]))
    for spec in ((2, 2), (3, 2), (7, 3), (4, 4))
}
# Compiled once for batches of any size, as it is trained: a hundred calls step by step take far longer.
ASKED = {
    spec: tf.function(built.model, input_signature=[tf.TensorSpec([None, None, 2])])
    for spec, built in BUILT.items()
}


@settings(max_examples=25)
@given(
    spec=st.sampled_from(list(BUILT)),
    lengths=st.lists(st.integers(1, 15), min_size=1, max_size=4),
    more=st.integers(0, 5),
    side=st.sampled_from(["left", "right"]),
)
def test_a_batch_says_of_each_what_is_said_of_it_alone(spec, lengths, more, side):
    ask, rng = ASKED[spec], np.random.default_rng(len(lengths))
    every = [rng.normal(size=(length, 2)).astype("float32") for length in lengths]
    together = ask(filled(every, max(lengths) + more, side, np.nan)).numpy()
    alone = np.concatenate([ask(one[None]).numpy() for one in every])
    np.testing.assert_allclose(together, alone, atol=1e-5)


@given(
    present=st.lists(st.booleans(), min_size=1, max_size=12),
    stride=st.integers(2, 5),
    rows=st.integers(1, 3),
)
def test_groups_are_counted_from_the_first_step_that_is_there(present, stride, rows):
    width, first = len(present), present.index(True) if any(present) else 0
    groups = group_steps(keras.ops.convert_to_tensor([[True] * width] * (rows - 1) + [present]), stride)
    many, places = -(-width // stride), np.arange(width)
    order, group, sizes = (np.asarray(one)[-1] for one in (groups.order, groups.group, groups.sizes))
    np.testing.assert_array_equal(order - (rows - 1) * width, (places + first) % width)
    np.testing.assert_array_equal(group - (rows - 1) * many, (places - first) % width // stride)
    wanted = np.bincount(group - (rows - 1) * many, present, many)
    np.testing.assert_array_equal(sizes, wanted)
    assert np.asarray(groups.present)[-1].tolist() == (wanted > 0).tolist()


def test_a_step_for_the_model_is_made_of_its_group_and_of_as_much_on_each_side():
    built = build_sequence_classifier(Recurrent(units=2), 1, 3, 12, spec=ReaderSpec(kernel=4, stride=2))
    read = keras.Model(built.model.input, built.model.get_layer(STEM).output)
    weights = np.ones((4, 1, 2), "float32")
    built.model.get_layer(STEM).set_weights([weights, np.zeros(2, "float32")])
    found = np.array(read(np.arange(1.0, 8.0, dtype="float32")[None, :, None]))[0, :, 0]
    assert found.tolist() == [1 + 2 + 3, 2 + 3 + 4 + 5, 4 + 5 + 6 + 7, 6 + 7]


def test_a_stride_shortens_what_the_recurrent_layers_go_through():
    plain, short = (
        summarize_of_numbers(BOTH, 2, 3, 101, spec=spec)
        for spec in (ReaderSpec(kernel=8), ReaderSpec(kernel=8, stride=4))
    )
    assert short.turns == 2 * 26 and plain.turns == 2 * 101
    assert short.work < plain.work / 3 and short.kept < plain.kept / 2
    assert short.parameters == plain.parameters
    (stem,) = (layer for layer in short.layers if layer.name == STEM)
    assert stem.shape == (26, 3) and stem.note == "a vector for every 4 steps, of the 8 around them"


def test_without_a_kernel_it_is_as_wide_as_the_stride():
    assert ReaderSpec.of(ClassifySequences(stride=4)) == ReaderSpec(kernel=4, stride=4)
    assert ReaderSpec.of(ClassifyTexts(kernel=6, stride=4)) == ReaderSpec(kernel=6, stride=4)
    assert ReaderSpec.of(ClassifySequences()) == ReaderSpec()
    for task in (ClassifySequences, ClassifyTexts):
        with pytest.raises(ValueError, match="a size of 4 or more"):
            task(kernel=3, stride=4)
