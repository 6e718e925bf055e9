"""What a search has found so far: the best, what is left of it on the test set, where good settings lie."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from components.charts.search import (
    SettingAxis,
    history_chart,
    importance_chart,
    parallel_chart,
    slice_chart,
)
from components.engine.engine import engine
from components.runs.catalog import CatalogEntry
from components.runs.studies import AT_WORK, StoredStudy
from components.studies import Choices, NumberRange, Search, Trial
from components.studies.gain import SearchGain
from components.studies.sampling import importances, rung_epochs, winner
from components.ui.formatting import escape, number
from components.ui.navigation import Page, page_button, page_link
from components.ui.recipe_form.labels import label_in, setting_text
from components.ui.run.visible_run import visible_run
from components.ui.visitor import visitor
from components.ui.widgets.chart_display import show_chart

_FEWEST_DRAWN = 3  # trials with a loss, of which settings can be held against each other
_IMPORTANCE = "search.importance"


def show_search(study: StoredStudy, plan: Search) -> None:
    """Draw what a search has found so far."""
    trials = engine().store.studies.trials(study.id, with_losses=True)
    best = winner(trials)
    if best is None:
        st.caption("The first trials are running. The best one so far appears as soon as one finishes.")
    else:
        _show_best(study, trials, best)
    known = [
        trial for trial in trials if trial.lowest is not None and trial.status not in ("running", "held")
    ]
    if known:
        show_chart(history_chart(known), key="search-history")
    if len(known) >= _FEWEST_DRAWN:
        _show_settings(study, plan, trials, known)
    st.header("Trials", anchor=False)
    _show_trials(plan, trials)


# --- The best ----------------------------------------------------------------------------------------


def _show_best(study: StoredStudy, trials: Sequence[Trial], best: Trial) -> None:
    """Say what is best, and what is left of that on the test set where that was looked at."""
    chosen = ", ".join(
        f"{label_in(study.plan.recipe, name).lower()} {setting_text(name, value)}"
        for name, value in best.settings.items()
    )
    so_far = " so far" if study.status in AT_WORK else ""
    st.markdown(f"**Best{so_far}: trial {best.number + 1}**, with {escape(chosen)}.")
    gain = _gain(trials, best)
    if study.status == "finished":
        if gain is None:
            st.info(
                "The winner wasn't measured on the test set, so it isn't known how much of the gain is left.",
                icon=":material/info:",
            )
        else:
            st.info(escape(gain.sentence), icon=":material/balance:")
    elif study.status != "failed":
        st.caption("The test set hasn't been looked at.")
    start = trials[0].losses.get(0)
    if start is not None and best.value is not None:
        st.caption(_start_words(start, best.value))
    with st.container(horizontal=True, vertical_alignment="center"):
        if best.run:
            recipe = visible_run(best.run).recipe
            page_button(
                Page.TRAIN, "Use these settings", ":material/check:", primary=True, recipe=recipe.to_url()
            )
        if best.run and study.status == "finished":
            page_link(Page.RESULTS, "The winner's results", ":material/insights:", run=best.run)
            if best.number and trials[0].run:
                runs = f"{trials[0].run},{best.run}"
                page_link(Page.COMPARE, "Compare with the recipe", ":material/compare_arrows:", runs=runs)


def _start_words(start: float, lowest: float) -> str:
    """Hold the best validation loss against that of the start of a forecast, without any network."""
    if lowest >= start:
        return (
            f"The start of the forecast alone has a validation loss of {start:.3g}, and no trial has a "
            "lower one, so there is no reason to train a network."
        )
    lower = f", {1 - lowest / start:.0%} lower" if start > 0 else ""
    return (
        f"The start of the forecast alone has a validation loss of {start:.3g}, the best trial "
        f"{lowest:.3g}{lower}."
    )


def _gain(trials: Sequence[Trial], best: Trial) -> SearchGain | None:
    """Return what was gained; None where not both were measured on the test set."""
    first = trials[0]
    ids = [trial.run for trial in (first, best) if trial.run]
    entries = {entry.id: entry for entry in engine().store.catalog.entries(ids, visitor())}
    before, after = (_test_loss(entries, trial) for trial in (first, best))
    if before is None or after is None or first.value is None or best.value is None:
        return None
    return SearchGain(len(trials), (first.value, best.value), (before, after))


def _test_loss(entries: Mapping[str, CatalogEntry], trial: Trial) -> float | None:
    entry = entries.get(trial.run or "")
    return None if entry is None or entry.evaluation is None else entry.evaluation.loss


# --- The settings ------------------------------------------------------------------------------------


def _show_settings(study: StoredStudy, plan: Search, trials: Sequence[Trial], known: Sequence[Trial]) -> None:
    """Draw which settings mattered and where the good ones lie, one chart at a time."""
    view = st.segmented_control(
        "Settings",
        ("Importance", "Parallel coordinates", "Slices"),
        default="Importance",
        required=True,
        key="search.view",
    )
    axes = [_axis(plan, one, known) for one in plan.ranges]
    if view == "Parallel coordinates":
        show_chart(parallel_chart(known, axes), key="search-parallel")
    elif view == "Slices":
        show_chart(slice_chart(known, axes), key="search-slices")
    else:
        found = _importances(study, plan, trials, len(known))
        if found:
            named = {label_in(plan.recipe, name): share for name, share in found.items()}
            show_chart(importance_chart(named, rung_epochs(plan, 0)), key="search-importance")
        else:
            st.caption("A few more trials are needed to say which settings matter.")


def _importances(study: StoredStudy, plan: Search, trials: Sequence[Trial], over: int) -> Mapping[str, float]:
    """Return how much each setting mattered; it changes only as a trial ends."""
    held: Any = st.session_state.get(_IMPORTANCE)
    if held is None or held[0] != (study.id, over):
        held = (study.id, over), importances(plan, trials)
        st.session_state[_IMPORTANCE] = held
    return held[1]


def _axis(plan: Search, one: NumberRange | Choices, trials: Sequence[Trial]) -> SettingAxis:
    values = [trial.settings[one.setting] for trial in trials]
    label = label_in(plan.recipe, one.setting)
    if isinstance(one, Choices):
        ticks = tuple(setting_text(one.setting, value) for value in one.values)
        return SettingAxis(label, tuple(float(one.values.index(value)) for value in values), ticks)
    return SettingAxis(label, tuple(float(value) for value in values), is_logarithmic=one.logarithmic)


# --- The trials --------------------------------------------------------------------------------------


def _show_trials(plan: Search, trials: Sequence[Trial]) -> None:
    """List the trials, each with a link that opens its run."""
    words = {
        "running": "running",
        "held": "stopped",
        "complete": "complete",
        "pruned": "pruned",
        "failed": "failed",
    }
    rows = [
        {
            "Open": f"train?run={trial.run}" if trial.run else None,
            "Trial": trial.number + 1,
            "Status": words[trial.status],
            "Validation loss": "–" if trial.lowest is None else number(trial.lowest),
            "Epochs": max(trial.losses, default=0),
            **{
                label_in(plan.recipe, one.setting): setting_text(one.setting, trial.settings[one.setting])
                for one in plan.ranges
            },
        }
        for trial in trials
    ]
    if rows:
        st.dataframe(
            pd.DataFrame(rows[::-1]),
            hide_index=True,
            column_config={"Open": st.column_config.LinkColumn("Open", display_text="Open", width="small")},
            alt="The trials of the search, the newest first",
        )
