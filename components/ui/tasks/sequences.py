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
    "Takes an array (sequences, steps, channels) of raw values, with shorter sequences padded with NaN."
)


def longest_control(panel: RecipeForm, dataset: Sequences) -> None:
    """Draw how much of a sequence is read."""
    panel.number(
        "task.longest",
        f"The longest sequence has {int(dataset.lengths.max()):,} steps. Longer sequences are "
        "truncated; shorter ones are padded, and the model ignores the padding.",
        unit="steps",
    )


def cut_control(panel: RecipeForm) -> None:
    """Draw which end of a longer sequence isn't read."""
    panel.buttons("task.cut", "Which end of longer sequences is cut off.")


def filters_control(panel: RecipeForm) -> None:
    """Draw how many patterns a convolutional network beside the model looks for."""
    panel.number("task.filters", step=16)


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
        f"The nearest neighbour predicts {takes} of the closest training sequence by Euclidean "
        "distance, after all are scaled and resampled to the same length."
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
