"""The third step of the page Data: what of a dataset will be used, and the way to train on it."""

import streamlit as st

from components.data.datasets import Dataset, Series
from components.data.splits.time_split import time_split
from components.glossary import explain
from components.recipe import Preparation
from components.tasks import suggest_recipe
from components.ui.data import cleaning
from components.ui.data.cleaning import TableState
from components.ui.experiments import cards_on
from components.ui.formatting import count, escape
from components.ui.navigation import Page, open_page
from components.ui.tasks import pages_for

_MAX_NAMED = 6  # columns


def show_series_use(dataset: Series, state: TableState) -> bool:
    """Say which rows and columns of a series will be used, and for what.

    Returns:
        whether the button to Train has just been pressed.
    """
    columns = dataset.columns
    named = ", ".join(columns[:_MAX_NAMED]) + (", …" if len(columns) > _MAX_NAMED else "")
    st.markdown(f"**{count(dataset.rows, 'row')}** of {escape(named)}, {escape(dataset.frequency)}")
    if state.steps:
        st.markdown(f"after **{count(len(state.steps), 'cleaning step')}**", help=explain("Cleaning step"))
    _show_sets(dataset.rows, state.preparation)
    return show_train_button(state)


def _show_sets(rows: int, preparation: Preparation) -> None:
    """Say how the rows are divided, in their order in time."""
    if rows < 3:
        return
    parts = time_split(rows, preparation)
    sets = {"Training set": parts.train, "Validation set": parts.validation, "Test set": parts.test}
    with st.container(gap="xsmall"):
        for name, part in sets.items():
            many = part.stop - part.start
            st.markdown(f"{name}: **{count(many, 'row')}** ({many / rows:.0%})", help=explain(name))


def show_train_button(state: TableState) -> bool:
    """Draw the button to Train, and why it can't be pressed yet.

    Returns:
        whether it has just been pressed.
    """
    why_not = cleaning.why_not_ready(state)
    pressed = st.button(
        "Train on this",
        type="primary",
        icon=":material/model_training:",
        key="data-train",
        width="stretch",
        disabled=why_not is not None,
    )
    if why_not:
        st.caption(why_not)
    return pressed


def show_dataset_use(dataset: Dataset) -> None:
    """Draw a button to Train for each task that a dataset of another kind fits, or say that none does."""
    fitting = pages_for(dataset)
    if not fitting:
        st.caption(f"No task can be trained on {escape(dataset.kind_phrase)} like this yet.")
        return
    st.markdown(next(iter(fitting.values())).dataset_line(dataset))
    for number, (kind, task) in enumerate(fitting.items()):
        pressed = st.button(
            f"Train on this: {task.title.lower()}" if len(fitting) > 1 else "Train on this",
            type="primary" if number == 0 else "secondary",
            icon=":material/model_training:" if len(fitting) == 1 else task.icon,
            key=f"data-train-{kind}" if number else "data-train",
            width="stretch",
        )
        st.caption(task.description)
        if pressed:
            ready = (card.recipe for card in cards_on(dataset.reference))
            own = next((recipe for recipe in ready if recipe.task.kind == kind), None)
            open_page(Page.TRAIN, recipe=(own or suggest_recipe(dataset, kind)).to_url())
