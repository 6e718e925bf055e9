"""A dataset that is no series on a page: one view for each kind."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.data.datasets import Dataset, Kind
from components.tasks import suggest_recipe
from components.ui.data.views import pairs, recordings, sequences, texts
from components.ui.data.views.common import show_facts
from components.ui.experiments import cards_on
from components.ui.formatting import escape
from components.ui.navigation import Page, open_page
from components.ui.tasks import pages_for

# What draws each kind. A new kind is a file, and a line here.
VIEWS: dict[Kind, Callable[[Any], None]] = {
    "sequences": sequences.show_sequences,
    "recordings": recordings.show_recordings,
    "texts": texts.show_texts,
    "pairs": pairs.show_pairs,
}


def show_dataset(dataset: Dataset) -> None:
    """Show the ways to train on a dataset, its charts, and its facts."""
    show_train_buttons(dataset)
    VIEWS[dataset.kind](dataset)
    show_facts(dataset)


def show_train_buttons(dataset: Dataset) -> None:
    """Show a button to Train for each task that the dataset fits, or a note that there is none."""
    fitting = pages_for(dataset)
    if not fitting:
        st.caption(f"No task can be trained on {escape(dataset.kind_phrase)} like this yet.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for number, (kind, task) in enumerate(fitting.items()):
            pressed = st.button(
                f"Train on this: {task.title.lower()}" if len(fitting) > 1 else "Train on this",
                type="primary" if number == 0 else "secondary",
                icon=":material/model_training:" if len(fitting) == 1 else task.icon,
                help=task.description,
                key=f"data-train-{kind}" if number else "data-train",
            )
            if pressed:
                ready = (card.recipe for card in cards_on(dataset.reference))
                own = next((recipe for recipe in ready if recipe.task.kind == kind), None)
                open_page(Page.TRAIN, recipe=(own or suggest_recipe(dataset, kind)).to_url())
