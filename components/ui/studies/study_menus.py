"""What can be done with a recipe beside training it once, in one row of menus."""

import streamlit as st

from components.data.datasets import Dataset
from components.ui.recipe_form.draft import Draft
from components.ui.studies.sweep_menu import show_sweep_menu


def show_study_menus(made: Draft, dataset: Dataset) -> None:
    """Draw the menus, where the recipe can be trained."""
    if made.recipe is None or not made.ready:
        return
    with st.container(horizontal=True, key="study-menus"):
        show_sweep_menu(made.recipe, dataset)
