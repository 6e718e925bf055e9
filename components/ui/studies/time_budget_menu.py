"""Fitting recipes into a time, on the pages where they are set up."""

from collections.abc import Sequence

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
        times = _possible(_TIMES)
        seconds = st.segmented_control(
            "Time",
            times,
            default=times[min(1, len(times) - 1)],
            format_func=_time_label,
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


def choose_time_budget(label: str, without: str, times: Sequence[int], key: str) -> int:
    """Let a person choose a time budget.

    Args:
        label: of the control.
        without: what it says where there is none.
        times: seconds that are offered, as far as a run may take that long.
        key: of the control.

    Returns:
        Seconds; 0 where there is no budget.
    """
    chosen = st.segmented_control(
        label,
        (0, *_possible(times)),
        default=0,
        format_func=lambda time: _time_label(time) if time else without,
        required=True,
        help=explain("Time budget"),
        key=key,
    )
    return chosen or 0


def _possible(times: Sequence[int]) -> tuple[int, ...]:
    return tuple(time for time in times if time <= settings().run_seconds)


def _time_label(seconds: int) -> str:
    return duration(seconds) if seconds < 90 else f"{seconds // 60} minutes"


def _words(recipe: Recipe, fitted: BudgetFit) -> str:
    """Say what changes, how long it takes, and how sure that is."""
    found = differences([recipe, fitted.recipe])
    changes = ", ".join(change_phrase(one, 1, 0) for one in found) or "nothing changes"
    time = f"About {fitted.seconds:.0f} ± {max(1, fitted.error):.0f} seconds"
    if fitted.similar < _FEW:
        return f"{time}: {changes}. This server has never had a run like it, so this is a guess."
    return f"{time}, judging by earlier runs on this server: {changes}."


def _take(recipe: Recipe) -> None:
    draft.fill_controls(recipe)
    draft.update_address(recipe)
