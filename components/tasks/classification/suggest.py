"""First recipes for classifying sequences and texts."""

import numpy as np

from components.data.datasets import Classes, Sequences, Texts
from components.data.tokenizers.subword_tokenizer import SubwordLevel
from components.data.tokenizers.tokenizer import natural_level
from components.recipe import (
    ClassifySequences,
    ClassifyTexts,
    Optimizer,
    Preparation,
    Recipe,
    Recurrent,
)
from components.tasks.classification.token_counts import fewest_subwords, text_lengths, tokens_of_texts
from components.tasks.split_check import training_size
from components.tasks.training_length import TrainingLength

_UNEVEN = 1.1  # times that a class is more frequent: beyond, all count the same, as in balanced accuracy
_MOST_STEPS = 500  # of a sequence that are read
_SEQUENCES = TrainingLength(updates=1500, fewest=20, most=300, batch=32, patient_updates=500)
_FILTERS = 64  # half of what LSTM-FCN has: patterns that stand anywhere are what most classes differ in
# About what a small model needs before it overfits.
_TEXTS = TrainingLength(updates=1200, fewest=8, most=60, batch=32, patience=5)
_FEW_WORDS = 2  # in the middle text: then its letters have more to say
_USUAL_SHARE = 0.98  # of the texts that are read whole
_WORDS, _SUBWORDS, _LETTERS, _SIGNS = 5000, 2000, 200, 5000  # that are known, signs of scripts without spaces


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


def at_level(recipe: Recipe, dataset: Texts, level: SubwordLevel) -> Recipe:
    """Return a recipe that reads texts by words, subwords or characters, most of them whole."""
    task = recipe.require_task(ClassifyTexts)
    base = "none" if task.base == "none" else "tfidf" if level == "character" else "tfidf_both"
    changed = {"level": level, "vocabulary": _vocabulary(recipe, dataset, level), "base": base}
    model = recipe.model.model_copy(update={"dropout": 0.1 if level == "character" else 0.4})
    read = recipe.model_copy(update={"task": task.model_copy(update=changed), "model": model})
    usual = int(np.quantile(tokens_of_texts(read, dataset), _USUAL_SHARE))
    whole = read.task.model_copy(update={"longest": max(4, min(200, usual))})
    return read.model_copy(update={"task": whole})


def _vocabulary(recipe: Recipe, dataset: Texts, level: SubwordLevel) -> int:
    """Return how many tokens a recipe that reads texts at a level knows."""
    if level == "word":
        return _WORDS
    if level == "byte_pair":
        lower = recipe.require_task(ClassifyTexts).lower
        # Of a script of thousands of characters as many tokens are left for what they make together.
        return max(_SUBWORDS, 2 * fewest_subwords(dataset, recipe.preparation, lower))
    return _SIGNS if natural_level(dataset.texts) == "character" else _LETTERS


def _is_imbalanced(classes: Classes) -> bool:
    """Return whether some classes are so much more frequent that a first recipe makes all count the same."""
    counts = classes.counts[classes.counts > 0]
    return bool(counts.max() > _UNEVEN * counts.min())
