"""What a sweep came to so far: a sentence, a chart with bands, and its runs."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.charts.sweep import SweepResult, SweptValue, sweep_chart
from components.engine.engine import engine
from components.runs.catalog import CatalogEntry
from components.runs.studies import StoredStudy
from components.studies import Sweep, Trial, value_of
from components.ui.formatting import number
from components.ui.recipe_form.labels import label_in, setting_text
from components.ui.visitor import visitor
from components.ui.widgets.chart_display import show_chart


def show_sweep(study: StoredStudy, plan: Sweep) -> None:
    """Draw what a sweep came to so far."""
    trials = engine().store.studies.trials(study.id)
    ids = [trial.run for trial in trials if trial.run]
    entries = {entry.id: entry for entry in engine().store.catalog.entries(ids, visitor())}
    result = _result(plan, trials, entries)
    if result is None:
        st.caption("The chart appears as soon as a run has been measured on the test set.")
    elif len({entry.evaluation.test_set for entry in entries.values() if entry.evaluation}) > 1:
        st.warning(
            "Some of these values change the test set, so the results aren't ranked against "
            "each other. See the table below.",
            icon=":material/balance:",
        )
    else:
        show_chart(sweep_chart(result), key="sweep-chart")
    st.header("Runs", anchor=False)
    _show_runs(plan, trials, entries)


def _result(plan: Sweep, trials: Sequence[Trial], entries: dict[str, CatalogEntry]) -> SweepResult | None:
    """Return what was measured so far; None where nothing was."""
    found: dict[int, list[float]] = {at: [] for at in range(len(plan.values))}
    evaluation = None
    for trial in trials:
        entry = entries.get(trial.run or "")
        if entry is not None and entry.evaluation is not None and entry.evaluation.model is not None:
            evaluation = entry.evaluation
            found[plan.values.index(trial.settings[plan.setting])].append(entry.evaluation.model)
    if evaluation is None:
        return None
    own = value_of(plan.recipe, plan.setting)
    rule = None if evaluation.rule is None else (evaluation.rule_name, evaluation.rule)
    return SweepResult(
        label_in(plan.recipe, plan.setting),
        evaluation.measure,
        evaluation.larger_is_better,
        tuple(
            SweptValue(setting_text(plan.setting, value), tuple(found[at]))
            for at, value in enumerate(plan.values)
        ),
        plan.values.index(own) if own in plan.values else None,
        rule,
    )


def _show_runs(plan: Sweep, trials: Sequence[Trial], entries: dict[str, CatalogEntry]) -> None:
    """List the runs, each with a link that opens it."""
    rows = []
    for trial in trials:
        entry = entries.get(trial.run or "")
        measured = entry.evaluation if entry else None
        rows.append(
            {
                "Open": None
                if entry is None
                else f"{'results' if entry.status == 'finished' else 'train'}?run={entry.id}",
                label_in(plan.recipe, plan.setting): setting_text(plan.setting, trial.settings[plan.setting]),
                "Seed": trial.settings["seed"],
                "Status": "deleted" if entry is None else entry.status,
                "Validation loss": "–" if trial.value is None else number(trial.value),
                "Test set": "–"
                if measured is None or measured.model is None
                else f"{number(measured.model)} {measured.measure}",
            }
        )
    if rows:
        st.dataframe(
            pd.DataFrame(rows),
            hide_index=True,
            column_config={"Open": st.column_config.LinkColumn("Open", display_text="Open", width="small")},
            alt="The runs of the sweep, one a row",
        )
    else:
        st.caption("Its first run is about to begin.")
