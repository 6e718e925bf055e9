"""The task of telling classes of sequences, on the pages."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from components.charts.examples import class_balance
from components.data import NO_PREPARATION
from components.data.datasets import Classes, Sequences
from components.recipe import ClassifySequences, Optimizer, Preparation, Recipe, Recurrent, Training
from components.runs.store import Run
from components.tasks import classify_sequences
from components.tasks.classes.result import ClassesResult
from components.training.events import EpochEnd
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, escape
from components.ui.tasks import classes, sequences, ways
from components.ui.tasks.download import Download
from components.ui.tasks.inside import Bring, Inside
from components.ui.tasks.scaling import scaling_control
from components.ui.tasks.ways import way_of
from components.ui.train.form_fields import RecipeForm
from components.ui.widgets.chart_display import show_chart

NAME = "Tell the class"
ABOUT = "Read a whole sequence and tell which class it is of."
ICON = ":material/category:"
COUNTED, TEST_IS = "sequences", ", drawn by chance,"
EXAMPLES = "Sequences of the training part to learn from. All of them are gone through in every epoch."
MODEL_TAKES = f"{sequences.MODEL_TAKES} Scaling and the names of the classes are inside."
ESSENTIAL = "task.longest task.balanced"
RULES: dict[str, str] = {}

_LONGEST = 500
_UPDATES = 1500  # about what a small model needs
_BATCH = 32

_MOST_CLASSES = 12  # of which an example is drawn
_DRAWN = 6  # sequences of a cell


# --- Setting it up -----------------------------------------------------------------------------------


def suggest(dataset: Sequences, preparation: Preparation = NO_PREPARATION) -> Recipe:
    """Size the model and the training to a dataset.

    Args:
        dataset: sequences with classes.
        preparation: how it is divided.
    """
    train = int(dataset.size * (1 - preparation.validation - preparation.test))
    epochs = max(20, min(200, _UPDATES * _BATCH // max(1, train)))
    return Recipe(
        dataset=dataset.reference,
        preparation=preparation,
        task=ClassifySequences(
            longest=min(_LONGEST, int(dataset.lengths.max())), balanced=classes.are_uneven(_answer(dataset))
        ),
        model=Recurrent(kind="gru", units=32),
        optimizer=Optimizer(learning_rate=0.005),
        training=Training(batch=_BATCH, epochs=epochs),
    )


def settle() -> None:
    """There is nothing that could disagree."""


def essential_controls(panel: RecipeForm, dataset: Sequences) -> None:
    """Draw what a beginner chooses: how much is read, and what counts."""
    sequences.longest_control(panel, dataset)
    classes.balance_control(panel)


def data_controls(panel: RecipeForm, dataset: Sequences) -> None:
    """Draw what is done to the data before the model sees it."""
    sequences.cut_control(panel)
    scaling_control(panel)


def look(recipe: Recipe, dataset: Sequences) -> None:
    """Draw an example of each class, how many each has, and how long they are."""
    if dataset.notes:
        st.info(escape(" ".join(dataset.notes)), icon=":material/info:")
    answer = _answer(dataset)
    firsts = [np.flatnonzero(answer.codes == code)[:1] for code in range(len(answer.names))]
    groups = [
        (answer.names[code], int(members[0]))
        for code, members in enumerate(firsts[:_MOST_CLASSES])
        if len(members)
    ]
    way = way_of(dataset)
    show_chart(way.drawn(dataset, groups, "An example of each class"), key="train-examples")
    show_chart(class_balance(answer.names, answer.counts, what=way.COUNTED), key="train-balance")
    sequences.show_lengths(dataset, recipe.require_task(ClassifySequences).longest)


def said(dataset: Sequences) -> str:
    """Return how many sequences there are, and of how many classes."""
    classes = count(len(_answer(dataset).names), "class", "classes")
    return f"{count(dataset.size, way_of(dataset).EACH)} of {classes}"


def summary(recipe: Recipe, dataset: Sequences) -> str:
    """Return what is asked, in Markdown."""
    many = count(len(_answer(dataset).names), "class", "classes")
    return f"One of {many} for each of {count(dataset.size, way_of(dataset).EACH)}"


def picture(recipe: Recipe) -> str:
    """Draw what a card's recipe is about, as SVG."""
    return ways.picture(recipe.dataset)


def _answer(dataset: Sequences) -> Classes:
    assert isinstance(dataset.answer, Classes)  # as `fits` saw to
    return dataset.answer


# --- While it trains, and after ----------------------------------------------------------------------


def live(recipe: Recipe, dataset: Sequences) -> dict[str, Any]:
    """Return the live charts the classes whose counts they draw."""
    return classes.live(classify_sequences.preview(recipe, dataset).names)


def replay(run: Run, ends: Sequence[EpochEnd], dataset: Sequences) -> None:
    """Draw how much was told right after each epoch."""
    classes.replay(run, ends, _answer(dataset).names)


def show_results(run: Run, result: ClassesResult) -> None:
    """Draw the scores, what was taken for what, and how sure the model was."""

    def draw(numbers: np.ndarray, said: Sequence[str]) -> None:
        dataset = dataset_of(run.recipe.dataset, run.recipe.preparation)
        assert isinstance(dataset, Sequences)
        way = way_of(dataset)
        groups = [
            (f"{way.EACH} {number + 1:,}, {words}", int(number))
            for number, words in zip(numbers[:_DRAWN], said, strict=False)
        ]
        show_chart(way.drawn(dataset, groups, f"Its {way.COUNTED}, the surest first"), key="classes-examples")

    classes.show_results(result, draw)
    sequences.note_neighbour("the class")


def downloads(result: ClassesResult) -> tuple[Download, ...]:
    """Offer what was said as a table."""
    return classes.downloads(result)


def _bring(run: Run) -> Bring | None:
    dataset = dataset_of(run.recipe.dataset, run.recipe.preparation)
    assert isinstance(dataset, Sequences)
    bring = way_of(dataset).bring
    return partial(bring, dataset) if bring else None


INSIDE = Inside("Sequence of the test part", "Class", bring=_bring)


# --- Trying it ---------------------------------------------------------------------------------------


def try_it(run: Run) -> None:
    """Let a person give the model a sequence, and ask what it is, and why."""
    sequences.try_in_fold(run, lambda dataset: way_of(dataset).ask(run, dataset))
