"""A dataset that is no series on a page: one view for each kind."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from components.data.dataset import Dataset, Kind
from components.ui.datasets import pairs, recordings, sequences, texts
from components.ui.datasets.common import facts
from components.ui.gallery import CARDS
from components.ui.places import Place, go
from components.ui.suggestion import suggest
from components.ui.tasks import modules_for
from components.ui.words import escape

# What draws each kind. A new kind is a file, and a line here.
VIEWS: dict[Kind, Callable[[Any], None]] = {
    "sequences": sequences.look_at,
    "recordings": recordings.look_at,
    "texts": texts.look_at,
    "pairs": pairs.look_at,
}


def look_at(dataset: Dataset) -> None:
    """Show what is in a dataset, what there is to know before training, and what it is."""
    train_on(dataset)
    VIEWS[dataset.kind](dataset)
    facts(dataset)


def train_on(dataset: Dataset) -> None:
    """Lead to Train with a recipe for each task that the dataset fits, or say that there is none."""
    fitting = modules_for(dataset)
    if not fitting:
        st.caption(f"Nothing here can be trained on {escape(dataset.said)} like this yet.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        for number, (kind, task) in enumerate(fitting.items()):
            pressed = st.button(
                f"Train on this: {task.NAME.lower()}" if len(fitting) > 1 else "Train on this",
                type="primary" if number == 0 else "secondary",
                icon=":material/model_training:" if len(fitting) == 1 else task.ICON,
                help=task.ABOUT,
                key=f"data-train-{kind}" if number else "data-train",
            )
            if pressed:
                ready = (card.recipe for card in CARDS if card.recipe.dataset == dataset.reference)
                own = next((recipe for recipe in ready if recipe.task.kind == kind), None)
                go(Place.TRAIN, recipe=(own or suggest(dataset, kind)).to_url())
