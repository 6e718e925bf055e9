"""From a recipe's model to one that tells the class or a number of a sequence, however long it is."""

from dataclasses import dataclass

import keras
from keras import ops

from components.models import attention, recurrent, transformer
from components.models.keras_layers import KerasLayers
from components.models.reader_spec import STEM, ReaderSpec
from components.models.strided_convolution import convolve_groups, group_steps
from components.models.summary import (
    KERNELS,
    summarize_of_codes,
    summarize_of_numbers,
    summarize_of_numbers_to_number,
)
from components.recipe import Model, Transformer

_PLAIN = ReaderSpec()


@dataclass(frozen=True)
class Classifier:
    """A model and its windows on itself, which share their layers.

    Steps that are filled in, to bring a batch to one length, change nothing, on whichever side they stand.

    Attributes:
        model: of sequences of numbers (batch, T, channels), or of codes (batch, T), gives the logits of the
            classes, (batch, classes), or of two classes only that of the second, (batch, 1). Steps that are
            filled in are NaN, or code 0. Where they are added to a start, that is a second input, of the
            logits' shape.
        reader: what comes after the embedding or the first look at the numbers: of vectors,
            (batch, T, width), of what is present, (batch, T), and of the start, if there is one, gives the
            same logits.
        vectors: the input → those vectors and what is present.
        attention: the input → the weights of the steps, (batch, T), which add up to 1; None without
            attention. A Transformer's are the mean of what its last layer's tokens give each step. Of steps
            that are read as one, each has an equal part of its weight.
        stride: steps that are read as one.
    """

    model: keras.Model
    reader: keras.Model
    vectors: keras.Model
    attention: keras.Model | None
    stride: int = 1


def build_sequence_classifier(
    model: Model,
    channels: int,
    classes: int,
    longest: int,
    symbols: int = 0,
    seed: int = 0,
    spec: ReaderSpec = _PLAIN,
) -> Classifier:
    """Build a model of sequences of numbers.

    Args:
        model: the recipe's.
        channels: numbers at each step.
        classes: to tell apart.
        longest: steps of the longest sequence.
        symbols: where the one channel holds codes of symbols: how many there are.
        seed: the recipe's.
        spec: what it has beside the layers that read.
    """
    layers = KerasLayers(summarize_of_numbers(model, channels, classes, longest, symbols, spec), seed)
    return _classifier(*_number_inputs(channels, symbols), model, "classes", layers, spec)


def build_sequence_regressor(
    model: Model,
    channels: int,
    longest: int,
    symbols: int = 0,
    seed: int = 0,
    spec: ReaderSpec = _PLAIN,
) -> Classifier:
    """Build a model of sequences of numbers that tells a number instead of a class: (batch, 1).

    Args:
        model: the recipe's.
        channels: numbers at each step.
        longest: steps of the longest sequence.
        symbols: where the one channel holds codes of symbols: how many there are.
        seed: the recipe's.
        spec: what it has beside the layers that read.
    """
    layers = KerasLayers(summarize_of_numbers_to_number(model, channels, longest, symbols, spec), seed)
    return _classifier(*_number_inputs(channels, symbols), model, "number", layers, spec)


def build_text_classifier(
    model: Model,
    vocabulary: int,
    embedding: int,
    classes: int,
    longest: int,
    seed: int = 0,
    spec: ReaderSpec = _PLAIN,
) -> Classifier:
    """Build a model of sequences of codes, of which 0 is no token.

    Args:
        model: the recipe's.
        vocabulary: codes that there are.
        embedding: numbers that stand for each.
        classes: to tell apart.
        longest: codes of the longest sequence.
        seed: the recipe's.
        spec: what it has beside the layers that read.
    """
    layers = KerasLayers(summarize_of_codes(model, vocabulary, embedding, classes, longest, spec), seed)
    given = keras.Input((None,), dtype="int32", name="codes")
    vectors = layers.dropout(layers["embedding"](given), "dropout_tokens")
    vectors = layers.dropout(vectors, "dropout_embedding")
    start = keras.Input((1 if classes == 2 else classes,), name="start") if spec.has_start else None
    return _classifier(given, vectors, ops.not_equal(given, 0), model, "classes", layers, spec, start)


def _number_inputs(
    channels: int, symbols: int
) -> tuple[keras.KerasTensor, keras.KerasTensor, keras.KerasTensor]:
    """Return the input, its vectors and what of them is present."""
    given = keras.Input((None, channels), name="sequence")
    present = ops.logical_not(ops.isnan(given[..., 0]))
    vectors = ops.where(present[..., None], given, 0.0)
    if symbols:
        # The input, times nothing: so a gradient can be asked for by these vectors, as by those of tokens.
        vectors = ops.one_hot(ops.cast(vectors[..., 0], "int32"), symbols) + 0.0 * vectors
    return given, vectors, present


def _classifier(
    given: keras.KerasTensor,
    vectors: keras.KerasTensor,
    present: keras.KerasTensor,
    model: Model,
    answer: str,
    layers: KerasLayers,
    spec: ReaderSpec,
    start: keras.KerasTensor | None = None,
) -> Classifier:
    """Build what answers once, with the layer of that name, and adds that to the start if there is one."""
    # A convolution sees neighbours, and so what is filled in besides: there it is to see nothing.
    kept = vectors * ops.cast(present, vectors.dtype)[..., None] if spec.filters or spec.kernel else vectors
    summary, weights = _encode(kept if spec.kernel else vectors, present, model, layers, spec)
    if spec.filters:
        patterns = _convolve(kept, present, layers)
        summary = keras.layers.Concatenate(name="summary_and_patterns")([summary, patterns])
    outputs, inputs, read = layers[answer](summary), given, [vectors, present]
    if start is not None:
        # Not the input itself: Keras can't save a model an input of which is one of another's too.
        begun = keras.layers.Identity(name="start_logits")(start)
        outputs = keras.layers.Add(name="with_start")([begun, outputs])
        inputs, read = [given, start], [*read, begun]
    return Classifier(
        keras.Model(inputs, outputs, name="classifier"),
        keras.Model(read, outputs, name="reader"),
        keras.Model(given, [vectors, present], name="vectors"),
        None if weights is None else keras.Model(given, weights, name="attention"),
        spec.stride,
    )


def _encode(
    vectors: keras.KerasTensor,
    present: keras.KerasTensor,
    model: Model,
    layers: KerasLayers,
    spec: ReaderSpec,
) -> tuple[keras.KerasTensor, keras.KerasTensor | None]:
    """Sum a sequence up in one vector, (batch, width); and give the weights of its steps, if it has some."""
    if spec.stride > 1:
        groups = group_steps(present, spec.stride)
        vectors = convolve_groups(vectors, groups, layers, spec.kernel, spec.stride)
        summary, weights = _summarize(vectors, groups.present, model, layers, spec)
        return summary, None if weights is None else groups.for_each_step(weights, present)
    if spec.kernel:
        vectors = layers[STEM](vectors)
    return _summarize(vectors, present, model, layers, spec)


def _summarize(
    vectors: keras.KerasTensor,
    present: keras.KerasTensor,
    model: Model,
    layers: KerasLayers,
    spec: ReaderSpec,
) -> tuple[keras.KerasTensor, keras.KerasTensor | None]:
    """Read vectors, (batch, T, width), and sum them up in one; and give their weights, (batch, T)."""
    if isinstance(model, Transformer):
        tokens, every = transformer.encode(vectors, model, layers, present)
        looked = ops.mean(every[-1], axis=1)
        pool = _mean_and_maximum if spec.pools else _masked_mean
        return pool(tokens, present), _masked_mean(looked, present)
    states, last = recurrent.encode(vectors, model, layers, present, keeps_states=spec.pools)
    if model.attention == "none":
        return (last if states is None else _mean_and_maximum(states, present)), None
    assert states is not None
    answers, weights = attention.attend_horizon(states, last, 1, layers, present)
    summary = answers[:, 0]
    if spec.pools:
        pooled = _mean_and_maximum(states, present)
        summary = keras.layers.Concatenate(name="answer_and_pooled")([summary, pooled])
    return summary, weights[:, 0]


def _convolve(
    vectors: keras.KerasTensor, present: keras.KerasTensor, layers: KerasLayers
) -> keras.KerasTensor:
    """Look for short patterns: (batch, T, features) → how much of each there is, (batch, filters).

    The branch of LSTM-FCN (Karim et al., 2018) without its batch normalisation, with which an example would
    depend on the others of its batch. Steps that are filled in are 0, and stay so all the way, as if there
    were none.
    """
    there = ops.cast(present, vectors.dtype)[..., None]
    for number in range(1, len(KERNELS) + 1):
        vectors = layers[f"convolution_{number}"](vectors) * there
    return keras.layers.Identity(name="patterns")(_masked_mean(vectors, present))


def _masked_mean(steps: keras.KerasTensor, present: keras.KerasTensor) -> keras.KerasTensor:
    """Average over the steps that are there: (batch, T, width) → (batch, width); of none it is 0."""
    counts = ops.cast(present, steps.dtype)[..., None]
    return ops.sum(steps * counts, axis=1) / ops.maximum(ops.sum(counts, axis=1), 1.0)


def _mean_and_maximum(steps: keras.KerasTensor, present: keras.KerasTensor) -> keras.KerasTensor:
    """Return mean and maximum over the steps that are there, (batch, 2 · width); of none it is 0."""
    there = present[..., None]
    largest = ops.max(ops.where(there, steps, -1e9), axis=1)
    largest = ops.where(ops.any(there, axis=1), largest, 0.0)
    both = keras.layers.Concatenate(name="mean_and_maximum")([_masked_mean(steps, present), largest])
    return keras.layers.Identity(name="pooled")(both)
