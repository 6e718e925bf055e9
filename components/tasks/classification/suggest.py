"""First recipes for classifying sequences and texts."""

import numpy as np

from components.data.datasets import Classes, Sequences, Texts
from components.data.tokenizers.token_stats import first_texts, token_lengths
from components.data.tokenizers.tokenizer import TokenLevel, natural_level
from components.recipe import (
    ClassifySequences,
    ClassifyTexts,
    Optimizer,
    Preparation,
    Recipe,
    Recurrent,
)
from components.tasks.per_dataset_cache import cached_per_dataset
from components.tasks.split_check import training_size
from components.tasks.training_length import TrainingLength

_UNEVEN = 1.5  # times that a class is more frequent than another before both are made to count the same
_MOST_STEPS = 500  # of a sequence that are read
_SEQUENCES = TrainingLength(updates=1500, fewest=20, most=300, batch=32, patient_updates=500)
_FILTERS = 64  # half of what LSTM-FCN has: patterns that stand anywhere are what most classes differ in
# About what a small model needs before it overfits.
_TEXTS = TrainingLength(updates=1200, fewest=8, most=60, batch=32, patience=5)
_FEW_WORDS = 2  # in the middle text: then its letters have more to say
_USUAL_SHARE = 0.98  # of the texts that are read whole


def suggest_for_sequences(dataset: Sequences, classes: Classes, preparation: Preparation) -> Recipe:
    """Size the model and the training to sequences with classes."""
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=ClassifySequences(
            longest=min(_MOST_STEPS, int(dataset.lengths.max())),
            balanced=_is_imbalanced(classes),
            filters=_FILTERS,
        ),
        model=Recurrent(kind="gru", units=32, bidirectional=True, dropout=0.3),
        optimizer=Optimizer(learning_rate=0.002),
        training=_SEQUENCES.training(training_size(dataset, preparation)),
    )


def suggest_for_texts(dataset: Texts, classes: Classes, preparation: Preparation) -> Recipe:
    """Size the reading, the model and the training to texts with classes."""
    unspaced = natural_level(dataset.texts) == "character"
    is_short = np.median(text_lengths(dataset, "word")) <= _FEW_WORDS
    proposed = Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=ClassifyTexts(balanced=_is_imbalanced(classes), base="tfidf"),
        model=Recurrent(kind="gru", units=32),
        optimizer=Optimizer(learning_rate=0.002),
        training=_TEXTS.training(training_size(dataset, preparation)),
    )
    return at_level(proposed, dataset, "character" if unspaced or is_short else "word")


def at_level(recipe: Recipe, dataset: Texts, level: TokenLevel) -> Recipe:
    """Return a recipe that reads texts by words or by characters, as much of them as most texts have."""
    unspaced = natural_level(dataset.texts) == "character"
    lengths, base = text_lengths(dataset, level), recipe.require_task(ClassifyTexts).base
    task = recipe.require_task(ClassifyTexts).model_copy(
        update={
            "level": level,
            "vocabulary": 5000 if level == "word" or unspaced else 200,
            "longest": max(4, min(200, int(np.quantile(lengths, _USUAL_SHARE)))),
            "base": "none" if base == "none" else "tfidf_both" if level == "word" else "tfidf",
        }
    )
    model = recipe.model.model_copy(update={"dropout": 0.4 if level == "word" else 0.1})
    return recipe.model_copy(update={"task": task, "model": model})


@cached_per_dataset
def text_lengths(dataset: Texts, level: TokenLevel) -> np.ndarray:
    """Count the tokens of each text that `first_texts` gives, (N,) int64."""
    return token_lengths(first_texts(dataset.texts), level)


def _is_imbalanced(classes: Classes) -> bool:
    """Return whether some classes are so much more frequent that a first recipe makes all count the same."""
    counts = classes.counts[classes.counts > 0]
    return bool(counts.max() > _UNEVEN * counts.min())
