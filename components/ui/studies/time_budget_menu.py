"""Fitting a recipe into a time, on the page where it is set up."""

import streamlit as st

from components.data.datasets import Dataset
from components.engine import admission
from components.engine.engine import engine
from components.glossary import explain
from components.recipe import Recipe
from components.settings import settings
from components.tasks.time_budget import BudgetFit, fit_to_budget
from components.ui.boundary import boundary
from components.ui.compare.differences import change_phrase, differences
from components.ui.formatting import duration, escape
from components.ui.recipe_form import draft

_TIMES = (20, 60, 300, 900)
_FEW = 1.0  # runs that are just alike; with less to go by, it is a guess


def show_time_budget_menu(recipe: Recipe, dataset: Dataset) -> None:
    """Draw the menu that fits the recipe into a time."""
    menu = st.popover("Time budget", icon=":material/timer:", on_change="rerun", key="time-budget")
    if not menu.open:
        return
    with menu:
        st.caption(explain("Time budget"))
        times = tuple(time for time in _TIMES if time <= settings().run_seconds)
        seconds = st.segmented_control(
            "Time",
            times,
            default=times[min(1, len(times) - 1)],
            format_func=lambda time: duration(time) if time < 90 else f"{time // 60} min",
            required=True,
            key="time-budget.seconds",
        )
        with boundary():
            fitted = fit_to_budget(recipe, dataset, float(seconds or 60), admission.costs(engine().store))
            st.caption(escape(_words(recipe, fitted)))
            st.button(
                f"Fit this in {duration(seconds or 60)}",
                type="primary",
                icon=":material/timer:",
                width="stretch",
                key="fit-budget",
                disabled=fitted.recipe == recipe,
                on_click=_take,
                args=(fitted.recipe,),
            )


def _words(recipe: Recipe, fitted: BudgetFit) -> str:
    """Say what changes, how long it takes, and how sure that is."""
    found = differences([recipe, fitted.recipe])
    changes = ", ".join(change_phrase(one, 1, 0) for one in found) or "nothing changes"
    time = f"About {fitted.seconds:.0f} ± {max(1, fitted.error):.0f} seconds"
    if fitted.similar < _FEW:
        return f"{time}: {changes}. This server has had no run like it, so that is a guess."
    return f"{time}, by the runs that this server has had: {changes}."


def _take(recipe: Recipe) -> None:
    draft.fill_controls(recipe)
    draft.update_address(recipe)
