"""Each weight and each dropout of a model is drawn from its own seed, and from nothing that others use."""

import random
from collections import Counter
from collections.abc import Callable
from functools import partial

import keras
import numpy as np
import pytest
from keras.src.random.seed_generator import global_seed_generator

from components.models.classifier import (
    build_sequence_classifier,
    build_sequence_regressor,
    build_text_classifier,
)
from components.models.forecaster import build_forecaster
from components.models.head_spec import HeadSpec
from components.models.language_model import StreamReader, build_core
from components.models.reader_spec import ReaderSpec
from components.models.seeds import Seeds
from components.models.seq2seq import build_seq2seq
from components.models.seq2seq_spec import Seq2SeqSpec
from components.recipe import Model, Recurrent, Transformer

KINDS: list[Model] = [
    Recurrent(kind=kind, units=3, layers=2, bidirectional=bidirectional, attention=attention, dropout=0.5)
    for kind in ("simple_rnn", "lstm", "gru")
    for bidirectional, attention in ((False, "none"), (True, "additive"), (True, "dot"))
] + [Transformer(units=4, layers=2, heads=2, dropout=0.5)]

Build = Callable[[Model, int], keras.Model]
TIED = Seq2SeqSpec(is_tied=True, is_shared=True, feeds_attention=True)
BUILDERS: dict[str, Build] = {
    "direct": lambda model, seed: build_forecaster(model, 4, 2, 3, seed=seed).model,
    "quantiles": lambda model, seed: (
        build_forecaster(
            model, 4, 2, 3, HeadSpec("quantile", 3, ahead=1, window_scaling="affine"), seed
        ).model
    ),
    "recursive": lambda model, seed: (
        build_forecaster(model, 4, 2, 3, HeadSpec(strategy="recursive"), seed).model
    ),
    "decoder": lambda model, seed: (
        build_forecaster(model, 4, 2, 3, HeadSpec(strategy="decoder", ahead=1), seed).model
    ),
    "classes": lambda model, seed: build_sequence_classifier(model, 2, 3, 9, seed=seed).model,
    "number": lambda model, seed: build_sequence_regressor(model, 1, 9, symbols=4, seed=seed).model,
    "filters": lambda model, seed: (
        build_sequence_classifier(model, 2, 3, 9, seed=seed, spec=ReaderSpec(filters=4)).model
    ),
    "texts": lambda model, seed: build_text_classifier(model, 7, 3, 2, 9, seed).model,
    "pairs": lambda model, seed: build_seq2seq(model, 9, 8, seed).model,
    "pairs-tied": lambda model, seed: build_seq2seq(model, 9, 9, seed, TIED).model,
    "language": lambda model, seed: StreamReader(build_core(model, 9, 3, 5, seed), 2),
}
WHOLE = ("direct", "classes")
"""Those that are built of every cell in every way. How a layer is named and drawn doesn't depend on the model
around it, so of the others each has every cell and every way once, and no two neighbours the same pairs."""


def is_built(name: str, place: int, number: int) -> bool:
    model = KINDS[number]
    if isinstance(model, Transformer):
        return name != "decoder"
    if name == "language":
        return not model.bidirectional
    cell, way = divmod(number, 3)
    return name in WHOLE or way == (cell + place) % 3


MODELS = [
    pytest.param((build, model), id=f"{name}-{number}")
    for place, (name, build) in enumerate(BUILDERS.items())
    for number, model in enumerate(KINDS)
    if is_built(name, place, number)
]


def parts(layer: keras.Layer) -> list[keras.Layer]:
    """List a layer and all that it is made of, each once."""
    found = {id(layer): layer}
    for inner in layer._flatten_layers(include_self=False):
        found[id(inner)] = inner
    return list(found.values())


def drawing_seeds(model: keras.Model) -> list[int | None]:
    """List the seeds of all that draws in a model: initialisers of weights, and dropouts."""
    layers = parts(model)
    initializers = {
        id(value): value
        for layer in layers
        if not isinstance(layer, keras.layers.MultiHeadAttention)  # its four layers have theirs
        for value in vars(layer).values()
        if isinstance(value, keras.initializers.Initializer) and "seed" in value.get_config()
    }
    generators = {id(one): one for layer in layers for one in layer._seed_generators}
    return [one.get_config()["seed"] for one in (*initializers.values(), *generators.values())]


def state_of_all() -> tuple[object, ...]:
    """Return where the generators stand that all of a process draws from: Python's, NumPy's and Keras'."""
    of_keras = np.array(global_seed_generator().state).tolist()  # the first time, it draws from Python's
    kind, keys, *rest = np.random.get_state()
    return of_keras, random.getstate(), kind, keys.tolist(), rest


@pytest.fixture(scope="module", params=MODELS)
def made(request):
    """How a model is built, one that was, and whether the generators of all stand where they stood."""
    build, model = request.param
    before = state_of_all()
    built = build(model, 5)
    return partial(build, model), built, state_of_all() == before


def test_a_model_draws_from_its_own_seeds_alone(made):
    _, built, is_alone = made
    assert is_alone
    seeds = drawing_seeds(built)
    assert seeds and None not in seeds
    assert max(Counter(seeds).values()) == 1
    weights = (np.ravel(weight).tolist() for weight in built.trainable_weights)
    drawn = Counter(tuple(weight) for weight in weights if len(set(weight)) > 2)  # not zeros and ones
    assert max(drawn.values()) == 1, "two weights begin with the same numbers"


def test_a_seed_is_a_model(made):
    build, built, _ = made
    again, other = build(5), build(6)
    assert [weight.path for weight in built.weights] == [weight.path for weight in again.weights]
    for weight, same in zip(built.variables, again.variables, strict=True):
        np.testing.assert_array_equal(weight, same)
    alike = zip(built.trainable_weights, other.trainable_weights, strict=True)
    assert any(not np.array_equal(weight, different) for weight, different in alike)


def test_a_seed_belongs_to_a_name_on_every_machine():
    assert Seeds(0).of("lstm_1/kernel_initializer") == 1243353899
    assert len({Seeds(seed).of(name) for seed in range(20) for name in map(str, range(50))}) == 1000
