"""Controls of what a forecaster gets beside the target: other columns, the calendar, holidays."""

import pandas as pd
import streamlit as st

from components.data import calendar, time_axis
from components.data.datasets import Series
from components.glossary import explain
from components.ui.recipe_form.draft import key, value
from components.ui.recipe_form.form_fields import RecipeForm, with_selected


def reconcile() -> None:
    """See to it that no column is in two roles: the one that was chosen last keeps it; and that seasons are
    numbers."""
    taken = {value("task.target")}
    for name in ("task.together", "task.known", "task.covariates"):
        held = [column for column in value(name) if column not in taken]
        if held != value(name):
            st.session_state[key(name)] = held
        taken.update(held)
    # What was typed is a text, what was chosen a number.
    seasons = list(dict.fromkeys(int(one) for one in value("task.fourier") if str(one).isdecimal()))
    if seasons != value("task.fourier"):
        st.session_state[key("task.fourier")] = seasons


def controls(panel: RecipeForm, dataset: Series) -> None:
    """Draw which columns the model sees, which of them are known ahead, and what of the calendar."""
    target, together, covariates, known = (
        value(f"task.{name}") for name in ("target", "together", "covariates", "known")
    )
    columns = tuple(name for name in dataset.columns if name != target)
    if columns or together:
        panel.multichoice(
            "task.together",
            with_selected(columns, *together),
            "**Panel**: one global model learns all of these series. Each is scaled separately, and "
            "the model knows which one it sees. Good for related series, such as the sales of "
            "several shops.",
        )
    traits, static = tuple(dataset.static_features.columns), value("task.static")
    if traits or static:
        panel.multichoice(
            "task.static",
            with_selected(traits, *static),
            "Properties that never change within a series, such as the country of a shop. They show "
            "the model which series are alike.",
        )
    others = tuple(name for name in columns if name not in together)
    if others or covariates or known:
        panel.multichoice(
            "task.covariates",
            with_selected(tuple(name for name in others if name not in known), *covariates),
            "Columns whose past the model also sees. It never sees their future.",
        )
        panel.multichoice(
            "task.known",
            with_selected(others, *known),
            f"{explain('Future covariates')} Choose only what is really known in advance: a "
            "temperature isn't.",
        )
    seasons = {*time_axis.likely_seasons(dataset.table.index), *filter(None, [value("task.season")])}
    panel.multichoice(
        "task.fourier",
        with_selected(tuple(sorted(seasons)), *value("task.fourier")),
        f"{explain('Fourier features')} Choose several seasons, or type them: 48 and 336 are the days and "
        "the weeks of half-hourly rows.",
        accept_new_options=True,
    )
    if isinstance(dataset.table.index, pd.DatetimeIndex):
        _calendar(panel, dataset.table.index)
    elif value("task.calendar") or value("task.holidays"):
        panel.switch("task.calendar", "Rows without dates or times have none.")


def _calendar(panel: RecipeForm, index: pd.DatetimeIndex) -> None:
    cycles = [_CYCLE_NAMES[cycle.name] for cycle, _ in calendar.cycles(index)]
    if cycles or value("task.calendar"):
        what = " and ".join([", ".join(cycles[:-1]), cycles[-1]] if len(cycles) > 1 else cycles)
        panel.switch(
            "task.calendar",
            f"The {what or 'time'} of every step, past and future, as **waves**, so that Sunday is as "
            "close to Monday as Monday is to Tuesday.",
        )
    if not (value("task.calendar") or value("task.holidays")):
        return
    countries = calendar.countries()
    codes = with_selected(tuple(countries), *filter(None, [value("task.holidays")]))
    panel.choice(
        "task.holidays",
        "Marks the public holidays of this country, past and future.",
        options={code: countries.get(code, code) for code in codes},
        index=None,
        placeholder="No country",
    )


_CYCLE_NAMES = {"hour": "hour", "weekday": "weekday", "year": "time of year"}
