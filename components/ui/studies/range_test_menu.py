"""The learning rate range test of a recipe, a press away where it is set up."""

import streamlit as st

from components.charts.range_test import range_test_chart
from components.engine.engine import engine
from components.engine.range_test import PATIENCE, find_learning_rate
from components.glossary import explain
from components.insight.doctor.remedies import modified_recipe
from components.recipe import Recipe
from components.training.range_test import RangeTest
from components.ui.boundary import boundary
from components.ui.recipe_form import draft
from components.ui.visitor import visitor
from components.ui.widgets.chart_display import show_chart

_HELD = "range-test.held"


def show_range_test_button(recipe: Recipe) -> None:
    """Draw the button that runs the test."""
    pressed = st.button(
        "Learning rate range test",
        icon=":material/speed:",
        help=explain("Learning rate range test"),
        key="range-test",
    )
    if pressed:
        with boundary(), st.spinner("Trying ever larger learning rates"):
            found = engine().ask(find_learning_rate, recipe.to_json(), timeout=PATIENCE, visitor=visitor())
            st.session_state[_HELD] = (_tested(recipe), found)


def show_range_test_result(recipe: Recipe) -> None:
    """Draw what the test came to, as long as nothing but the learning rate has changed since."""
    tested, found = st.session_state.get(_HELD, (None, None))
    if tested != _tested(recipe) or not isinstance(found, RangeTest):
        return
    show_chart(range_test_chart(found, recipe.optimizer.learning_rate), key="range-test-chart")
    if found.proposed is not None and found.proposed != recipe.optimizer.learning_rate:
        st.button(
            f"Use {found.proposed:g}",
            icon=":material/check:",
            key="use-rate",
            on_click=_take,
            args=(modified_recipe(recipe, optimizer={"learning_rate": found.proposed}),),
        )


def _tested(recipe: Recipe) -> str:
    """Return all of a recipe that the test depends on."""
    same = {"learning_rate": 1.0, "schedule": "constant"}
    return modified_recipe(recipe, optimizer=same, training={"epochs": 1, "patience": None}).to_json()


def _take(recipe: Recipe) -> None:
    draft.fill_controls(recipe)
    draft.update_address(recipe)
