"""Setting up a sweep: a setting, the values to try, how many seeds of each."""

import re
from collections.abc import Sequence
from functools import partial

import streamlit as st

from components.data.datasets import Dataset
from components.engine import admission
from components.engine.engine import engine
from components.errors import RecipeError, UnrollError
from components.glossary import explain
from components.recipe import Recipe
from components.settings import settings
from components.studies import SettingValue, Sweep, value_of
from components.studies.factors import Factor, factors
from components.studies.study import MOST_SEEDS, MOST_VALUES, make_study
from components.ui.boundary import boundary, error_text
from components.ui.formatting import count, duration, escape
from components.ui.recipe_form.labels import label_in, setting_text
from components.ui.runs.columns import dataset_title
from components.ui.studies.start import allow_another, start_study

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?(e-?[0-9]{1,2})?")


def show_sweep_menu(recipe: Recipe, dataset: Dataset) -> None:
    """Draw the menu that starts a sweep."""
    menu = st.popover("Sweep", icon=":material/stacked_line_chart:", on_change="rerun", key="sweep")
    if not menu.open:
        allow_another()
        return
    with menu:
        st.caption(explain("Sweep"))
        found = {factor.setting: factor for factor in factors(recipe)}
        setting = st.selectbox(
            "Setting", tuple(found), format_func=partial(label_in, recipe), key="sweep.setting"
        )
        factor = found[setting]
        with boundary():
            values = _choose_values(recipe, factor)
            seeds = st.number_input(
                "Seeds of each value", 1, MOST_SEEDS, 3, key="sweep.seeds", help=explain("Seed variability")
            )
            plan = make_study(
                {"kind": "sweep", "recipe": recipe, "setting": setting, "values": values, "seeds": seeds}
            )
            if isinstance(plan, Sweep):
                _show_start(plan, dataset)


def _choose_values(recipe: Recipe, factor: Factor) -> list[SettingValue]:
    """Let a person choose the values to try.

    Raises:
        RecipeError: if one of them can't be read.
    """
    own, key = value_of(recipe, factor.setting), f"sweep.values.{factor.setting}"
    if factor.choices:
        return list(
            st.pills(
                "Values",
                factor.choices,
                selection_mode="multi",
                default=list(factor.values),
                format_func=lambda value: setting_text(factor.setting, value),
                key=key,
            )
        )
    texts = [_typed(value) for value in factor.values]
    chosen = st.multiselect(
        "Values",
        texts,
        texts,
        accept_new_options=True,
        max_selections=MOST_VALUES,
        help="Type a number to add it.",
        key=f"{key}.{own}",
    )
    return sorted(_read(text, isinstance(own, int)) for text in chosen)


def _typed(value: SettingValue) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _read(text: str, is_whole: bool) -> int | float:
    """Return a number that a person typed.

    Raises:
        RecipeError: if it is none.
    """
    if not _NUMBER.fullmatch(text.strip()) or (is_whole and not text.strip().isdigit()):
        raise RecipeError(
            f"{text[:20]!r} isn't a number that this setting can take.", where="values", remedy="Remove it."
        )
    return int(text) if is_whole else float(text)


def _show_start(plan: Sweep, dataset: Dataset) -> None:
    """Say how much the sweep is, and offer to start it where all of it can be trained."""
    recipes = [recipe for _, recipe in plan.trials[: len(plan.values)]]
    store = engine().store
    for value, recipe in zip(plan.values, recipes, strict=True):
        for issue in admission.issues(store, settings(), recipe, dataset)[:1]:
            st.markdown(
                f":red[:material/error: {escape(setting_text(plan.setting, value))}: {escape(issue.message)}]"
            )
            return
    st.caption(f"About {duration(_seconds(plan, recipes, dataset))}, {_at_once()}.")
    pressed = st.button(
        f"Start {count(len(plan.trials), 'run')}",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        key="start-sweep",
    )
    if pressed:
        try:
            start_study(
                plan, f"{dataset_title(plan.recipe.dataset)} · {label_in(plan.recipe, plan.setting)}", dataset
            )
        except UnrollError as error:
            st.error(error_text(error), title=escape(error.what), icon=":material/report:")


def _seconds(plan: Sweep, recipes: Sequence[Recipe], dataset: Dataset) -> float:
    """Guess how long the whole sweep takes."""
    each = [admission.estimate(engine().store, recipe, dataset).seconds for recipe in recipes]
    return plan.seeds * sum(each) / max(1, _workers())


def _workers() -> int:
    return engine().workers() if engine().ready() else 1


def _at_once() -> str:
    workers = _workers()
    return "one run at a time" if workers < 2 else f"{workers} runs at a time"
