"""The backtest of a run on its Results page: chosen, watched, and seen."""

import streamlit as st

from components.charts.backtest import error_by_fold, fold_forecasts
from components.charts.series_errors import series_errors_chart
from components.data.datasets import Series, require_series
from components.engine import extra_trainings as work
from components.errors import UnrollError
from components.recipe import Forecast
from components.runs.store import Run
from components.settings import settings
from components.tasks.forecasting.backtest import (
    KINDS,
    Backtest,
    Fold,
    Part,
    by_series,
    fold_ranges,
    issue,
    panel_summary,
    series_errors,
)
from components.tasks.forecasting.metrics import MASE
from components.tasks.forecasting.result import ForecastResult
from components.ui.address import change_address
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, escape
from components.ui.tasks.forecasting import extra_trainings
from components.ui.widgets.chart_display import show_chart

_ADDRESS = "backtest"
_KINDS = dict(zip(KINDS, ("Expanding window", "Sliding window"), strict=True))
_FOLDS = (3, 4, 5, 6, 8, 10, 12)
_DEFAULT = Backtest(5)

_ABOUT = (
    "A single test set may happen to be easy. A **backtest** uses several: it trains on the "
    "data up to a point, forecasts the stretch that follows, and moves on. The baselines and "
    "the classical methods are tested in the same way."
)


def show_backtest(run: Run, result: ForecastResult) -> None:
    """Draw what is to be chosen, what goes on, and what came out."""
    st.caption(_ABOUT)
    try:
        dataset = require_series(dataset_of(run.recipe.dataset, run.recipe.preparation))
    except UnrollError:
        st.caption("The dataset is no longer available, so nothing can be trained on it.")
        return
    # Who can't start one sees the one that a link names.
    asked = _chosen(run) if extra_trainings.is_own(run) else _from_address()
    parts = _parts(run, asked)
    if all(part is not None for part in parts):
        _results([fold for part in parts if part for fold in part.folds], result, run, dataset)
        return
    if extra_trainings.is_running(run.id, asked.name):
        extra_trainings.show_progress(
            run,
            asked.name,
            lambda: sum(part is not None for part in _parts(run, asked)),
            asked.training_count,
            "trainings",
            "backtest-stop",
        )
        return
    extra_trainings.show_failures(run.id, asked.name)
    if not extra_trainings.is_own(run):
        extra_trainings.show_way_to_own(run, "start a backtest of it")
        return
    _start(run, asked, dataset, [number for number, part in enumerate(parts) if part is None])


def _from_address() -> Backtest:
    return Backtest.from_name(st.query_params.get(_ADDRESS, "")) or _DEFAULT


def _chosen(run: Run) -> Backtest:
    """Let a person choose, beginning with what the address says."""
    begun = _from_address()
    first, second, third = st.columns([1, 2, 1], vertical_alignment="bottom")
    folds = first.selectbox(
        "Folds",
        sorted({*_FOLDS, begun.folds}),
        sorted({*_FOLDS, begun.folds}).index(begun.folds),
        key=f"backtest-folds-{run.id}",
        help="How many stretches of the past are forecast, one after the other.",
    )
    kind = second.segmented_control(
        "Training data",
        tuple(_KINDS),
        default=begun.kind,
        format_func=_KINDS.__getitem__,
        required=True,
        key=f"backtest-kind-{run.id}",
        help=(
            "**Expanding**: everything before a fold. **Sliding**: always as many rows as before the "
            "first fold, so that old data is dropped."
        ),
    )
    refit = third.toggle(
        "Refit for each fold",
        begun.refit,
        key=f"backtest-refit-{run.id}",
        help="Off: one model, trained on the data before the first fold, forecasts all of them.",
    )
    asked = Backtest(folds, kind or "expanding", refit)
    if asked != begun:
        change_address({_ADDRESS: asked.name})
    return asked


def _start(run: Run, asked: Backtest, dataset: Series, missing: list[int]) -> None:
    found = issue(asked, run.recipe, dataset)
    if found is not None:
        st.markdown(f":red[:material/error: {escape(found.message)}]")
        return
    every = fold_ranges(asked, run.recipe.require_task(Forecast).horizon, dataset.rows)
    size = every[0].stop - every[0].start
    st.caption(
        f"{count(asked.training_count, 'training')}; {asked.folds} folds of {size:,} rows each, the first "
        "after "
        f"{every[0].start:,} rows."
    )
    recipe, artifacts = run.recipe.to_json(), settings().artifacts
    jobs: list[extra_trainings.Job] = [
        (work.train_fold, (run.id, recipe, artifacts, asked, number)) for number in missing
    ]
    st.button(
        "Continue the backtest" if len(missing) < asked.training_count else "Start the backtest",
        icon=":material/history:",
        key="backtest-start",
        on_click=_begin,
        args=(run.id, asked.name, jobs),
    )


def _begin(run_id: str, name: str, jobs: list[extra_trainings.Job]) -> None:
    change_address({_ADDRESS: name})
    extra_trainings.start(run_id, name, jobs)


def _parts(run: Run, asked: Backtest) -> list[Part | None]:
    files = [work.fold_file(asked, number) for number in range(asked.training_count)]
    return extra_trainings.results(run, files, Part)


def _chosen_series(
    series: dict[str, list[Fold]], result: ForecastResult
) -> tuple[list[Fold], ForecastResult]:
    """Draw what the backtest of each of several series came to, and let a person choose which is shown."""
    every = {one.target: one for one in (result, *result.others) if one.target in series}
    errors = series_errors({name: series[name] for name in every})
    if errors:
        show_chart(series_errors_chart(errors, MASE.title), key="backtest-by-series")
    st.caption(escape(panel_summary([fold for own in series.values() for fold in own])))
    name = st.selectbox("Series of the backtest", tuple(every), key="backtest-series")
    return series[name], every[name]


def _results(folds: list[Fold], result: ForecastResult, run: Run, dataset: Series) -> None:
    series = by_series(folds)
    if len(series) > 1:
        folds, result = _chosen_series(series, result)
    late = dataset.complete_rows((result.target, *run.recipe.require_task(Forecast).inputs)).start
    folds = [fold.without_first(late) for fold in folds]  # a series may begin later than the table
    show_chart(error_by_fold(folds, result.times, result.unit), key="backtest-by-fold")
    show_chart(
        fold_forecasts(folds, result.times, result.truth, result.target, result.unit),
        key="backtest-over-series",
    )
