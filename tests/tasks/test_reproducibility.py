"""The same recipe gives the same bits, whoever else draws random numbers in the meantime."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import keras
import numpy as np
import pytest

from components.data.datasets import Dataset
from components.recipe import Chat, Recipe, Recurrent, Transformer, Translate
from components.tasks import task_of
from components.tasks.forecasting.prediction_intervals import prediction_intervals
from components.training.loop import Loop
from tests.tasks import toys
from tests.tasks.forecasting import test_task as test_forecast
from tests.tasks.language_model import test_task as test_language
from tests.tasks.regression import test_task as test_regression
from tests.tasks.seq2seq import test_task as test_seq2seq
from tests.tasks.transcription import speech

BOTH_WAYS = {"bidirectional": True, "dropout": 0.3, "units": 3}
ATTENTIVE = Transformer(units=4, heads=2, layers=1, dropout=0.3)

RUNS: dict[str, tuple[Recipe, Dataset]] = {
    "forecast-lstm": (
        test_forecast.recipe(model=Recurrent(kind="lstm", attention="additive", **BOTH_WAYS), passes=2),
        test_forecast.dataset(),
    ),
    "forecast-recursive": (
        test_forecast.recipe(model=Recurrent(kind="gru", **BOTH_WAYS), strategy="recursive"),
        test_forecast.dataset(),
    ),
    "forecast-transformer": (test_forecast.recipe(model=ATTENTIVE), test_forecast.dataset()),
    "classify_sequences-simple_rnn": (
        toys.sequences_recipe(Recurrent(kind="simple_rnn", attention="dot", **BOTH_WAYS)),
        toys.sequences(),
    ),
    "classify_texts-gru": (
        toys.texts_recipe(Recurrent(kind="gru", attention="additive", **BOTH_WAYS)),
        toys.texts(),
    ),
    "classify_texts-subwords": (
        toys.texts_recipe(
            Recurrent(kind="gru", **BOTH_WAYS), level="byte_pair", vocabulary=60, base="tfidf_both"
        ),
        toys.texts(),
    ),
    "measure_sequences-transformer": (
        test_regression.recipe_of(ATTENTIVE),
        test_regression.measured(),
    ),
    "translate-lstm": (
        test_seq2seq.recipe(Translate(), Recurrent(kind="lstm", attention="additive", **BOTH_WAYS)),
        test_seq2seq.dataset(),
    ),
    "translate-gru-fed": (
        test_seq2seq.recipe(
            Translate(level="byte_pair", vocabulary=60, tied=True, input_feeding=True, label_smoothing=0.1),
            Recurrent(kind="gru", attention="dot", units=3, dropout=0.3),
        ),
        test_seq2seq.dataset(),
    ),
    "chat-transformer": (test_seq2seq.recipe(Chat(), ATTENTIVE), test_seq2seq.dataset()),
    "transcribe-gru": (speech.tones_recipe(Recurrent(kind="gru", **BOTH_WAYS)), speech.tones()),
    "language-gru": (
        test_language.recipe(Recurrent(kind="gru", units=3, layers=2, dropout=0.3)),
        test_language.dataset(),
    ),
    "language-transformer": (test_language.recipe(ATTENTIVE), test_language.dataset()),
}


@contextmanager
def others_drawing() -> Iterator[None]:
    """Have another thread draw from all generators that a process shares, and seed them anew."""
    over = threading.Event()

    def draw() -> None:
        number = 0
        while not over.is_set():
            random.seed(number)
            np.random.seed(number)
            random.random(), np.random.random()
            keras.random.normal((2,))
            keras.initializers.GlorotUniform()((2, 2))
            number += 1
            over.wait(0.0005)

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def made(recipe: Recipe, dataset: Dataset) -> tuple[Any, Any]:
    """Return the problem, and what the task builds for it."""
    task = task_of(recipe)
    problem = task.prepare(recipe, dataset)
    return problem, task.build(recipe, problem)


def values(model: keras.Model) -> list[bytes]:
    """Return all that a model's variables hold, the states of its dropouts included."""
    return [np.array(variable).tobytes() for variable in model.variables]


def bits(recipe: Recipe, dataset: Dataset) -> list[bytes]:
    """Build and train a little → every weight before and after, all losses, and what dropout spreads."""
    problem, built = made(recipe, dataset)
    begun, loop = values(built.model), Loop(built.model, problem, recipe)
    steps = loop.run(3)
    found = [np.array([steps.losses, steps.before]).tobytes()]
    if getattr(recipe.task, "passes", 0):
        found += [
            np.stack([band.tested.lower, band.tested.upper]).tobytes()
            for band in prediction_intervals(problem, loop.outputs, built)
        ]
    return begun + found + values(built.model)


QUICK = {"forecast-lstm", "classify_texts-gru", "translate-lstm", "measure_sequences-transformer"}
"""Each cell, each attention, one way and both, with dropout; the others differ in their task alone."""


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in QUICK else [pytest.mark.acceptance]) for name in RUNS],
)
def test_a_recipe_gives_the_same_bits_while_others_draw(name):
    recipe, dataset = RUNS[name]
    alone = bits(recipe, dataset)
    with others_drawing():
        assert bits(recipe, dataset) == alone
    _, other = made(recipe.model_copy(update={"seed": recipe.seed + 1}), dataset)
    assert values(other.model) != alone[: len(other.model.variables)]
