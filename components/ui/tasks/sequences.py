"""What the pages of all tasks on sequences share: how much of them is read, how long they are, a try."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from components.charts.examples import length_histogram
from components.data.datasets import Sequences
from components.runs.store import Run
from components.ui.dataset_cache import dataset_of
from components.ui.recipe_form.form_fields import RecipeForm
from components.ui.tasks.sequence_kinds import kind_of
from components.ui.widgets.chart_display import show_chart

MODEL_TAKES = (
    "Give it an array (sequences, steps, channels) of raw values, shorter sequences filled up with NaN."
)

_SIDES = {"left": "The beginning", "right": "The end"}


def longest_control(panel: RecipeForm, dataset: Sequences) -> None:
    """Draw how much of a sequence is read."""
    panel.number(
        "task.longest",
        "How many steps it reads",
        f"The longest sequence has {int(dataset.lengths.max()):,} steps. Shorter ones are read to their end: "
        "the model passes over what only fills them up.",
    )


def cut_control(panel: RecipeForm) -> None:
    """Draw which end of a longer sequence isn't read."""
    panel.buttons("task.cut", "What longer sequences lose", _SIDES, "Which end of a longer one isn't read.")


def show_lengths(dataset: Sequences, longest: int) -> None:
    """Draw how long they are, and how many are cut, where that differs.

    Args:
        dataset: the sequences.
        longest: steps that are read of one.
    """
    if len(np.unique(dataset.lengths)) > 1:
        counted = kind_of(dataset).plural
        show_chart(
            length_histogram(dataset.lengths, what=counted, unit="steps", cut=longest), key="train-lengths"
        )


def note_neighbour(takes: str) -> None:
    """Say what the nearest neighbour is, which `takes` something of one: “the class”."""
    st.caption(
        f"The nearest neighbour takes {takes} of the training sequence that differs least, by Euclid's "
        "distance, after all are scaled and brought to equally many steps on straight lines."
    )


def ask_in_expander(run: Run, ask: Callable[[Sequences], None]) -> None:
    """Draw the fold in which the run's own model is asked; nobody is asked before it is open."""
    dataset = dataset_of(run.recipe.dataset, run.recipe.preparation)
    assert isinstance(dataset, Sequences)
    kind = kind_of(dataset)
    fold = st.expander(kind.invitation, icon=kind.icon, on_change="rerun", key="try-open")
    if fold.open:
        with fold:
            ask(dataset)
