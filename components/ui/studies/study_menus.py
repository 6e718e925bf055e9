"""What can be done with a recipe beside training it once, in one row of menus."""

import streamlit as st

from components.data.datasets import Dataset
from components.ui.navigation import Page, page_link
from components.ui.recipe_form.draft import Draft
from components.ui.studies.range_test_menu import show_range_test_button, show_range_test_result
from components.ui.studies.sweep_menu import show_sweep_menu
from components.ui.studies.time_budget_menu import show_time_budget_menu


def show_study_menus(made: Draft, dataset: Dataset) -> None:
    """Draw the menus, where the recipe can be trained."""
    if made.recipe is None or not made.ready:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="study-menus"):
        if made.recipe.training.epochs:
            show_time_budget_menu(made.recipe, dataset)
            show_sweep_menu(made.recipe, dataset)
            show_range_test_button(made.recipe)
        page_link(Page.TUNE, "Find better settings", ":material/tune:", recipe=made.recipe.to_url())
    show_range_test_result(made.recipe)
