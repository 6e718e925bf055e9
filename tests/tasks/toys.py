"""Small labelled datasets whose classes can be told at once."""

import numpy as np

from components.data.datasets import Classes, Provenance, Sequences, Texts, concatenate_sequences
from components.recipe import ClassifySequences, ClassifyTexts, Recipe, Recurrent, Sample, Training

HERE = Provenance("here", "none")


def sequences(many=40, seed=0, channels=2, classes=("flat", "rising", "falling")) -> Sequences:
    """Make sequences of 3 to 9 steps that go as their class says."""
    rng = np.random.default_rng(seed)
    codes = np.arange(many) % len(classes)
    slopes = np.array([0.0, 1.0, -1.0])[codes]
    lengths = rng.integers(3, 10, many)
    values, offsets = concatenate_sequences(
        np.arange(length)[:, None] * slope + 100 + 0.1 * rng.normal(size=(length, channels))
        for length, slope in zip(lengths, slopes, strict=True)
    )
    names = tuple(f"channel {number}" for number in range(channels))
    answer = Classes(codes.astype(np.int32), classes)
    return Sequences(Sample(name="toy"), "Toy", HERE, values, offsets, names, answer)


def texts(many=40) -> Texts:
    """Make texts that say a telling word, and one without any token."""
    fill = ("the film", "it was a", "So, what a", "Dinner!")
    words = ("good", "bad")
    said = [f"{fill[number % 4]} {words[number % 2]} thing {number}" for number in range(many)]
    said[0] = "   "
    return Texts(
        Sample(name="toy"), "Toy", HERE, tuple(said), Classes.of([words[n % 2] for n in range(many)])
    )


def sequences_recipe(model=None, **task) -> Recipe:
    return Recipe(
        dataset=Sample(name="toy"),
        task=ClassifySequences(**{"longest": 6} | task),
        model=model or Recurrent(kind="lstm", units=3),
        training=Training(batch=8, epochs=2, patience=None),
    )


def texts_recipe(model=None, **task) -> Recipe:
    return Recipe(
        dataset=Sample(name="toy"),
        task=ClassifyTexts(**{"longest": 5, "embedding": 3} | task),
        model=model or Recurrent(kind="lstm", units=3),
        training=Training(batch=8, epochs=2, patience=None),
    )
