"""Controls of what a forecaster is told beside the target: other columns, the calendar, holidays."""

import pandas as pd
import streamlit as st

from components.data import calendar
from components.data.datasets import Series
from components.ui.recipe_form.draft import key, value
from components.ui.recipe_form.form_fields import RecipeForm, with_selected


def reconcile() -> None:
    """See to it that no column is in two roles: the one that was chosen last keeps it."""
    taken = {value("task.target")}
    for name in ("task.together", "task.known", "task.covariates"):
        held = [column for column in value(name) if column not in taken]
        if held != value(name):
            st.session_state[key(name)] = held
        taken.update(held)


def controls(panel: RecipeForm, dataset: Series) -> None:
    """Draw which columns the model sees, which of them are known ahead, and what of the calendar."""
    target, together, covariates, known = (
        value(f"task.{name}") for name in ("target", "together", "covariates", "known")
    )
    columns = tuple(name for name in dataset.columns if name != target)
    if columns or together:
        panel.multichoice(
            "task.together",
            "Other series to forecast too",
            with_selected(columns, *together),
            "**A panel**: one model learns from all of these series together, each brought to one size, and "
            "is told which it sees. Good for series of the same kind, such as the sales of several shops.",
        )
    traits, static = tuple(dataset.static_features.columns), value("task.static")
    if traits or static:
        panel.multichoice(
            "task.static",
            "What is known of each series",
            with_selected(traits, *static),
            "**Static features**: what never changes within a series, such as the country of a shop. The "
            "model is told it of each, and so which of them are alike.",
        )
    others = tuple(name for name in columns if name not in together)
    if others or covariates or known:
        panel.multichoice(
            "task.covariates",
            "Other columns to look at",
            with_selected(tuple(name for name in others if name not in known), *covariates),
            "**Past covariates**: the model also sees the past of these columns. It never sees their future.",
        )
        panel.multichoice(
            "task.known",
            "Columns that are known ahead",
            with_selected(others, *known),
            "**Future covariates**: the model sees these columns for the steps to come as well, as you know "
            "a planned price or a timetable. Choose only what you really know before: a temperature isn't.",
        )
    if isinstance(dataset.table.index, pd.DatetimeIndex):
        _calendar(panel, dataset.table.index)
    elif value("task.calendar") or value("task.holidays"):
        panel.switch("task.calendar", "Tell it the calendar", "Rows without times have none.")


def _calendar(panel: RecipeForm, index: pd.DatetimeIndex) -> None:
    told = [_TOLD[cycle.name] for cycle, _ in calendar.cycles(index)]
    if told or value("task.calendar"):
        what = " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
        panel.switch(
            "task.calendar",
            "Tell it the calendar",
            f"The model is told the {what or 'time'} of every step, past and to come, as **waves** that "
            "come round: so Sunday is as near to Monday as Monday to Tuesday.",
        )
    if not (value("task.calendar") or value("task.holidays")):
        return
    countries = calendar.countries()
    panel.choice(
        "task.holidays",
        "Holidays of",
        with_selected(tuple(countries), *filter(None, [value("task.holidays")])),
        "The model is told which steps are public holidays there, past and to come.",
        countries,
        index=None,
        placeholder="No country",
    )


_TOLD = {"hour": "hour", "weekday": "weekday", "year": "time of year"}
