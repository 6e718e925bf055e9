"""Setting up a search: what may vary, between which values, and for how long."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import streamlit as st

from components.data.datasets import Dataset
from components.engine import admission
from components.engine.engine import engine
from components.glossary import explain
from components.recipe import Forecast, Recipe
from components.settings import settings
from components.studies import Choices, NumberRange, Search, value_of
from components.studies.factors import Factor, factors
from components.studies.study import MOST_TRIALS, make_study
from components.tasks import forecast
from components.tasks.time_budget import fit_to_budget
from components.ui import tasks
from components.ui.boundary import boundary
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, duration, escape
from components.ui.navigation import Page, page_link
from components.ui.recipe_form.labels import MODELS, label_in, setting_text
from components.ui.runs.columns import dataset_title
from components.ui.studies.start import allow_another, start_study
from components.ui.studies.time_budget_menu import choose_time_budget

_TRIALS, _MINUTES = 40, 15
_TRIAL_SECONDS = (10, 20, 60)


def show_search_setup(recipe: Recipe) -> None:
    """Let a person set up a search that begins with a recipe, and start it."""
    st.title("Find better settings", anchor=False)
    dataset = dataset_of(recipe.dataset, recipe.preparation)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"{escape(dataset.title)} · {tasks.page_of(recipe).recipe_line(recipe, dataset)} · "
            f"{MODELS[recipe.model.kind]}, {recipe.model.units} units",
            width="content",
        )
        page_link(Page.TRAIN, "Change the recipe", ":material/tune:", recipe=recipe.to_url())
    st.markdown(
        f"{explain('Hyperparameter search')} A trial whose validation loss lags behind is pruned early. "
        "The test set is looked at once, at the end, for the winner."
    )
    recipe = _fit_trials(_with_network(recipe, dataset), dataset)
    left, right = st.columns(2, gap="large")
    with left, boundary():
        ranges = _choose_ranges(recipe)
    with right, boundary():
        _show_budget(recipe, dataset, ranges)


def _with_network(recipe: Recipe, dataset: Dataset) -> Recipe:
    """Return a recipe that trains something: the same, or one with a network for what is only a start."""
    if recipe.training.epochs or not isinstance(recipe.task, Forecast):
        return recipe
    trained = forecast.with_training(recipe, dataset)
    model = f"{MODELS[trained.model.kind]}, {count(trained.model.units, 'unit')}"
    st.info(
        "This recipe trains nothing: its forecast is its start alone, which has no settings to vary. So "
        f"the search begins with a network that learns what to add to it ({model}, "
        f"{count(trained.training.epochs, 'epoch')}), and the best trial is compared with the start alone as "
        "well.",
        icon=":material/info:",
    )
    return trained


def _fit_trials(recipe: Recipe, dataset: Dataset) -> Recipe:
    """Let a person fit each trial into a time → the recipe that the search begins with.

    Raises:
        RecipeError: if nothing like the recipe ends so soon.
    """
    seconds = choose_time_budget(
        "Time budget of a trial", "As the recipe says", _TRIAL_SECONDS, "search.trial-seconds"
    )
    if not seconds:
        return recipe
    return fit_to_budget(recipe, dataset, float(seconds), admission.costs(engine().store)).recipe


# --- What may vary -----------------------------------------------------------------------------------


def _choose_ranges(recipe: Recipe) -> list[dict[str, Any]]:
    """Let a person choose what may vary, and between which values."""
    found = {factor.setting: factor for factor in factors(recipe) if factor.range is not None}
    chosen = st.multiselect(
        "Settings to vary",
        tuple(found),
        [name for name, factor in found.items() if factor.is_usual],
        format_func=partial(label_in, recipe),
        key="search.settings",
    )
    return [_choose_range(recipe, found[name]) for name in chosen]


def _choose_range(recipe: Recipe, factor: Factor) -> dict[str, Any]:
    """Let a person choose between which values a setting may vary → the range, as it was chosen."""
    proposed, label = factor.range, label_in(recipe, factor.setting)
    if isinstance(proposed, Choices):
        values = st.multiselect(
            label,
            proposed.values,
            list(proposed.values),
            format_func=lambda value: setting_text(factor.setting, value),
            key=f"search.{factor.setting}",
        )
        return {"kind": "choices", "setting": factor.setting, "values": values}
    assert isinstance(proposed, NumberRange)
    own = setting_text(factor.setting, value_of(recipe, factor.setting))
    is_whole = bool(proposed.multiple)
    step: dict[str, Any] = {"step": proposed.multiple} if is_whole else {"step": 0.001, "format": "%g"}
    columns = st.columns(2)
    low, high = (
        column.number_input(
            f"{label}, {end}",
            value=int(value) if is_whole else float(value),
            key=f"search.{factor.setting}.{end}",
            help=f"The recipe has {own}, which the range must hold.",
            **step,
        )
        for column, end, value in zip(columns, ("from", "to"), (proposed.low, proposed.high), strict=True)
    )
    return proposed.model_dump() | {"low": low, "high": high}


# --- For how long ------------------------------------------------------------------------------------


def _show_budget(recipe: Recipe, dataset: Dataset, ranges: Sequence[dict[str, Any]]) -> None:
    """Let a person choose the budget, and start the search where it can be."""
    trials = st.number_input("Trials at most", 2, MOST_TRIALS, _TRIALS, key="search.trials")
    minutes = st.number_input(
        "Minutes at most",
        1,
        7 * 24 * 60,
        _MINUTES,
        key="search.minutes",
        help="Only time spent working counts. After that, no more trials are started.",
    )
    plan = make_study(
        {
            "kind": "search",
            "recipe": recipe,
            "ranges": tuple(ranges),
            "trials": trials,
            "seconds": 60.0 * minutes,
        }
    )
    assert isinstance(plan, Search)
    issues = admission.issues(engine().store, settings(), recipe, dataset)
    for issue in issues:
        st.markdown(f":red[:material/error: {escape(issue.message)}]")
    if not issues:
        st.caption(_time_words(plan, dataset))
    pressed = st.button(
        "Start the search",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        key="start-search",
        disabled=bool(issues),
    )
    if not pressed:
        allow_another()
        return
    with boundary():
        start_study(plan, f"{dataset_title(recipe.dataset)} · search", dataset)


def _time_words(plan: Search, dataset: Dataset) -> str:
    each = admission.estimate(engine().store, plan.recipe, dataset).seconds
    workers = engine().workers() if engine().ready() else 1
    at_once = "one trial at a time" if workers < 2 else f"{workers} trials at a time"
    whole = plan.trials * each / max(1, workers)
    return (
        f"A whole trial takes about {duration(each)}, and all of them at most {duration(whole)}, {at_once}; "
        "most are pruned early. Fewer epochs make it quicker."
    )
