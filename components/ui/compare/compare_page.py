"""Runs side by side: their differences in words and as a table, their curves, and their results."""

import re
import string
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from urllib.parse import urljoin

import pandas as pd
import streamlit as st

from components.charts.chart import index_label
from components.charts.comparison import confusion_difference, forecast_overlay
from components.engine.engine import engine
from components.errors import RunError
from components.export.csv_table import to_csv
from components.export.curves import Curves, curves_csv
from components.runs.store import Run
from components.tasks.classification.result import ClassesResult
from components.tasks.forecasting.result import ForecastResult
from components.ui.boundary import boundary, fragment
from components.ui.compare.differences import Difference, change_phrase, difference_sentence, differences
from components.ui.compare.effect import ComparedRun, effect_sentence, seed_sentence, spread_sentence
from components.ui.formatting import duration, escape, number, time_ago
from components.ui.navigation import Page, page_button, page_link
from components.ui.results.results_page import result_of
from components.ui.run.run_list import own_runs
from components.ui.run.visible_run import visible_run
from components.ui.runs.columns import dataset_title
from components.ui.runs.run_actions import MOST_COMPARED
from components.ui.widgets.chart_display import show_chart
from components.ui.widgets.live_charts import ComparisonRun, show_comparison

_ADDRESS, _BASE = "runs", "base"
_IDS = re.compile(r"[0-9a-f]{32}(,[0-9a-f]{32})*")
_BASE_KEY = "compare.base"
_OFFERED = 100  # of the visitor's runs, to be added


def show_comparison_page() -> None:
    """Show the runs that the address names beside each other, or a way to choose some."""
    st.title("Compare", anchor=False)
    runs = _runs_from_address()
    if len(runs) < 2:
        st.info(
            f"Tick 2 to {MOST_COMPARED} runs on the page Runs, and press Compare.",
            icon=":material/compare_arrows:",
        )
        _show_adding(runs)
        page_button(Page.RUNS, "Choose runs", ":material/table_rows:", primary=True)
        return
    compared = [
        ComparedRun(f"{letter} · {run.title}", run.recipe, result_of(run))
        for letter, run in zip(string.ascii_uppercase, runs, strict=False)
    ]
    letters = string.ascii_uppercase[: len(runs)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = _choose_base(compared)
        _show_adding(runs)
    found = differences([run.recipe for run in compared])
    _show_words(compared, letters, found, base)
    table = _table(runs, compared, found)
    st.header("What differs", anchor=False)
    st.dataframe(
        table,
        column_config={"_index": st.column_config.TextColumn("", width="medium")},
        alt="The settings that differ, and the results, one column a run",
    )
    st.header("Training", anchor=False)
    _show_curves(runs, compared)
    _show_results(compared, base)
    _show_downloads(runs, compared, table)


def _runs_from_address() -> tuple[Run, ...]:
    """Return the runs that the address names.

    Raises:
        RunError: if it names none, or too many, or one that isn't known.
    """
    named = st.query_params.get(_ADDRESS)
    if named is None:
        return ()
    ids = tuple(dict.fromkeys(named.split(",")))
    if not _IDS.fullmatch(named) or len(ids) > MOST_COMPARED:
        raise RunError(
            f"This link doesn't name 2 to {MOST_COMPARED} runs.", remedy="Copy the whole link again."
        )
    return tuple(visible_run(run_id) for run_id in ids)


def _choose_base(compared: Sequence[ComparedRun]) -> int:
    """Let a person choose the run that the others are held against → which it is. The address keeps it."""
    said = st.query_params.get(_BASE, "0")
    base = int(said) if re.fullmatch(r"[0-9]{1,2}", said) and int(said) < len(compared) else 0
    st.session_state[_BASE_KEY] = base
    st.selectbox(
        "Compared with",
        range(len(compared)),
        format_func=lambda at: compared[at].name,
        width=420,
        key=_BASE_KEY,
        on_change=_keep_base,
    )
    return base


def _keep_base() -> None:
    st.query_params[_BASE] = str(st.session_state[_BASE_KEY])


def _show_adding(runs: Sequence[Run]) -> None:
    """Let a person add one of their own last runs to those that are compared."""
    there = [run.id for run in runs]
    others = {run.id: run for run in own_runs(_OFFERED) if run.id not in there}
    if not runs or not others or len(runs) >= MOST_COMPARED:
        return
    key = f"compare.add-{len(runs)}"
    st.selectbox(
        "Add a run",
        list(others),
        None,
        format_func=lambda run_id: f"{others[run_id].title}, {time_ago(others[run_id].created)}",
        placeholder="Choose one of your runs",
        width=420,
        key=key,
        on_change=_add,
        args=(key, there),
    )


def _add(key: str, there: Sequence[str]) -> None:
    if added := st.session_state[key]:
        st.query_params[_ADDRESS] = ",".join([*there, added])


# --- In words ----------------------------------------------------------------------------------------


def _show_words(
    compared: Sequence[ComparedRun], letters: str, found: Sequence[Difference], base: int
) -> None:
    """Say how each run differs from the one they are held against, and what that did."""
    lines = [f"**{letters[base]}** is {escape(compared[base].name[4:])}."]
    for at, run in enumerate(compared):
        if at == base:
            continue
        lines.append(f"**{letters[at]}** is {escape(run.name[4:])}. ")
        words = difference_sentence(letters[at], letters[base], found, at, base)
        lines[-1] += escape(words)
        own = [one for one in found if one.values[at] != one.values[base]]
        if len(own) == 1 or not own:
            change = change_phrase(own[0], at, base) if own else "the same recipe"
            named = [
                ComparedRun(letters[place], compared[place].recipe, compared[place].result)
                for place in (base, at)
            ]
            lines[-1] += f" {escape(effect_sentence(change, *named))}"
    st.markdown("\n".join(f"- {line}" for line in lines))
    for sentence in _group_sentences(compared, found):
        st.markdown(f":material/casino: {escape(sentence)}")
    measured = [run.result for run in compared if run.result is not None]
    if len({result.test_set for result in measured}) > 1:
        st.warning(
            "These runs were measured on different test sets, so their results aren't ranked against each "
            "other.",
            icon=":material/balance:",
        )


def _group_sentences(compared: Sequence[ComparedRun], found: Sequence[Difference]) -> Iterator[str]:
    """Yield what several seeds say: of one recipe, or of two that differ in one thing."""
    groups: dict[str, list[int]] = {}  # a recipe itself may hold parameters, which have no hash
    for at, run in enumerate(compared):
        groups.setdefault(run.recipe.model_copy(update={"seed": 0}).to_json(), []).append(at)
    members = list(groups.values())
    if len(members) == 1 and len(members[0]) > 1:
        yield spread_sentence([compared[at] for at in members[0]])
    if len(members) != 2 or min(map(len, members)) < 2:
        return
    (one, *_), (other, *_) = members
    own = [d for d in found if d.name != "seed" and d.values[one] != d.values[other]]
    if len(own) == 1:
        every = [[compared[at] for at in group] for group in members]
        yield seed_sentence(change_phrase(own[0], other, one), *every)


# --- As a table, and as charts -----------------------------------------------------------------------


def _table(runs: Sequence[Run], compared: Sequence[ComparedRun], found: Sequence[Difference]) -> pd.DataFrame:
    """Return the settings that differ and what the runs came to, one column a run."""
    rows = {one.label: list(one.values) for one in found}
    outcomes = [None if run.result is None else run.result.outcome for run in compared]
    for measure in dict.fromkeys(outcome.measure for outcome in outcomes if outcome):
        rows[f"Test set: {measure}"] = [
            number(outcome.model) if outcome and outcome.measure == measure else "–" for outcome in outcomes
        ]
    rows["Best baseline"] = [
        f"{number(outcome.rule)} ({outcome.rule_name})" if outcome else "–" for outcome in outcomes
    ]
    rows["Status"] = [run.status for run in runs]
    rows["Parameters"] = [f"{run.parameters:,}" if run.parameters else "–" for run in runs]
    rows["Epochs trained"] = [f"{run.epoch:,}" for run in runs]
    rows["Duration"] = [
        duration((run.ended - run.started).total_seconds()) if run.started and run.ended else "–"
        for run in runs
    ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[run.name for run in compared])


def _show_curves(runs: Sequence[Run], compared: Sequence[ComparedRun]) -> None:
    """Draw loss, validation loss and gradient norms of all runs, live where they go on."""
    with boundary():
        entries = [
            ComparisonRun(run, one.name, dataset_title(run.recipe.dataset))
            for run, one in zip(runs, compared, strict=True)
        ]
        show_comparison(entries, "runs", loss="loss (scaled units)", score="", key="compare")
        kinds = {(run.recipe.task.kind, getattr(run.recipe.task, "loss", "")) for run in runs}
        data = {
            (run.recipe.dataset.model_dump_json(), run.recipe.preparation.model_dump_json()) for run in runs
        }
        if len(kinds) > 1 or len(data) > 1:
            st.caption("Losses of different tasks, loss functions or data can't be compared by their size.")


def _show_results(compared: Sequence[ComparedRun], base: int) -> None:
    """Draw what the runs predicted of the same test set, beside each other."""
    first = compared[base].result
    if first is None:
        return
    same = [run for run in compared if run.result is not None and run.result.test_set == first.test_set]
    if len(same) < 2:
        return
    if isinstance(first, ForecastResult):
        st.header("Forecasts", anchor=False)
        _show_forecasts(same)
    elif isinstance(first, ClassesResult):
        st.header("Predictions", anchor=False)
        _show_confusion(compared[base], [run for run in same if run is not compared[base]])


@fragment
def _show_forecasts(same: Sequence[ComparedRun]) -> None:
    results = [run.result for run in same if run.result is not None]
    many = len(results[0].origins)
    place = 0
    if many > 1:
        times = results[0].times
        place = st.slider("Window", 1, many, 1, key="compare.window") - 1
        st.caption(f"The last value known is that of {index_label(times[int(results[0].origins[place])])}.")
    show_chart(forecast_overlay([run.name for run in same], results, place), key="compare-forecasts")


@fragment
def _show_confusion(base: ComparedRun, others: Sequence[ComparedRun]) -> None:
    at = 0
    if len(others) > 1:
        at = st.selectbox(
            "Run", range(len(others)), format_func=lambda place: others[place].name, key="compare.other"
        )
    one, two = base.result, others[at].result
    if one is not None and two is not None:
        drawn = confusion_difference(one.names, one.confusion, two.confusion, base.name, others[at].name)
        show_chart(drawn, key="compare-confusion")


# --- To take away ------------------------------------------------------------------------------------


def _show_downloads(runs: Sequence[Run], compared: Sequence[ComparedRun], table: pd.DataFrame) -> None:
    st.header("Share and download", anchor=False)
    st.caption(
        "Anyone with this link sees the same comparison, as far as the link of each run would show it."
    )
    ids = ",".join(run.id for run in runs)
    base = st.query_params.get(_BASE)
    query = f"compare?{_ADDRESS}={ids}" + (f"&{_BASE}={base}" if base else "")
    st.code(urljoin(st.context.url or "", query), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        _download(
            "Table (CSV)",
            partial(to_csv, table.rename_axis("setting").reset_index()),
            "unroll-comparison.csv",
        )
        _download("Curves (CSV)", partial(_curves_csv, runs, compared), "unroll-curves.csv")
        for run, one in zip(runs, compared, strict=True):
            page = Page.RESULTS if one.result is not None else Page.TRAIN
            page_link(page, escape(one.name), ":material/insights:", run=run.id)


def _download(label: str, make: Callable[[], bytes], name: str) -> None:
    st.download_button(
        label, make, file_name=name, mime="text/csv", icon=":material/table:", on_click="ignore"
    )


def _curves_csv(runs: Sequence[Run], compared: Sequence[ComparedRun]) -> bytes:
    return curves_csv(_curves(run, one.name) for run, one in zip(runs, compared, strict=True))


def _curves(run: Run, name: str) -> Curves:
    store = engine().store
    values = store.curves(run.id)[:3].astype(float)
    columns = ("loss", "gradient_norm", "gradient_norm_after_clipping")
    steps = pd.DataFrame(
        dict(zip(columns, values, strict=True)),
        index=pd.RangeIndex(1, values.shape[1] + 1, name="step"),
    )
    return name, steps, store.epochs(run.id)
