"""Forecasting on the pages."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from components.charts import residuals
from components.charts.chart import axis_title, index_label
from components.charts.error_by_horizon import error_by_horizon
from components.charts.forecast import forecast_on_test_set, future_forecast
from components.charts.forecast_attention import forecast_attention
from components.charts.replay import forecast_replay as replayed
from components.charts.scores import error_bars
from components.charts.series import series, time_axis_title
from components.charts.thumbnails.series import series_thumbnail
from components.data import load
from components.data.datasets import Series, require_series
from components.errors import DataError
from components.export.forecast import forecast_csv
from components.glossary import explain
from components.recipe import Forecast, Recipe
from components.runs.store import Run
from components.tasks import forecast
from components.tasks.forecasting.metrics import near_zero
from components.tasks.forecasting.problem import own_rows_of
from components.tasks.forecasting.result import ForecastResult
from components.training.events import EpochEnd
from components.ui.boundary import fragment
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, escape
from components.ui.recipe_form.draft import value
from components.ui.recipe_form.form_fields import RecipeForm, with_selected
from components.ui.tasks.download import Download
from components.ui.tasks.forecasting import inputs
from components.ui.tasks.forecasting.anomalies import show_anomalies
from components.ui.tasks.forecasting.backtest import show_backtest
from components.ui.tasks.forecasting.outputs import OUTPUT_CONTROLS
from components.ui.tasks.forecasting.panel import chosen_series, show_series
from components.ui.tasks.forecasting.prediction_intervals import chosen_band, show_bands
from components.ui.tasks.forecasting.prices import is_shown_as_prices, show_prices
from components.ui.tasks.forecasting.seeds import show_seeds
from components.ui.tasks.forecasting.suggest import show_reasons
from components.ui.tasks.forecasting.what_if import what_if
from components.ui.tasks.inspection import InspectionTerms
from components.ui.tasks.page import OutputControls, TaskPage
from components.ui.tasks.result_section import ResultSection
from components.ui.tasks.scaling import scaling_control
from components.ui.tasks.score_table import best_count, show_scores
from components.ui.widgets.chart_display import folded, show_chart

_STEPS = {
    "hour": "hours",
    "day": "days",
    "week": "weeks",
    "month": "months",
    "quarter": "quarters",
    "year": "years",
}

_MOST_ORIGINS = 1000  # places of a slider, more than a screen has columns of dots
_HORIZONS = 14  # drawn of a series on a card, so that what is to be forecast can be seen

_OTHERS = (
    "**ETS**, **ARIMA** and **Theta** are classical statistical forecasting methods, fitted here by "
    "statsmodels. Their form is chosen and fitted once, on everything before the test set. **Averaged "
    "smoothing** averages many exponential smoothings, the better ones weighing more. The **pretrained "
    "network** was trained on millions of generated series and never on yours. On the test set they all "
    "work like the model: at each origin they know all values up to it, and none after."
)


class ForecastPage(TaskPage[Series, ForecastResult]):
    """What pages show of forecasting."""

    title = "Forecast"
    description = "Predict the next values of a time series from its latest ones."
    icon = ":material/ssid_chart:"
    examples_name = "rows"
    test_set_origin = ", the latest ones"
    examples_help = "How many training windows there are; each epoch goes through all of them."
    exported_model_help = (
        "Takes raw values; scaling is included. If the forecast starts from another one, the model takes "
        "that one as input too."
    )
    inspection = InspectionTerms("Test window", "Forecast")
    essential_fields = ("task.target", "task.horizon")
    task = forecast

    @property
    def rule_fields(self) -> Mapping[str, str]:
        """At which field a rule over several of them complains."""
        return {"task": "task.season"}

    @property
    def output_controls(self) -> OutputControls:
        """The controls of what its model's output means."""
        return OUTPUT_CONTROLS

    def reconcile_controls(self) -> None:
        """See to it that no column is in two roles."""
        inputs.reconcile()

    def essential_controls(self, panel: RecipeForm, dataset: Series) -> None:
        """Draw what a beginner chooses: the column, and how far ahead."""
        columns = with_selected(dataset.columns, value("task.target"))
        panel.choice("task.target", "The column to forecast.", options={name: name for name in columns})
        panel.number(
            "task.horizon",
            f"{explain('Horizon')} Near steps are easier than far ones.",
            unit=_steps(dataset),
        )

    def data_controls(self, panel: RecipeForm, dataset: Series) -> None:
        """Draw what is done to the data before the model sees it."""
        steps = _steps(dataset)
        panel.number("task.window", unit=steps)
        panel.number(
            "task.segment",
            f"{explain('Segment')} A Transformer's segments are its **patches**. 1 reads every step by "
            "itself; a day of hours or a year of months suits a window of several.",
            unit=steps,
        )
        inputs.controls(panel, dataset)
        panel.number(
            "task.season",
            "After how many steps the series repeats, such as 12 for monthly data with a yearly "
            "pattern. Leave it empty if it doesn't repeat.",
            unit=steps,
            value=None,
            placeholder="No seasonality",
        )
        panel.choice(
            "task.transform",
            "What the model learns to forecast instead of the raw values. Forecasts are converted back.",
        )
        scaling_control(panel)

    def show_data(self, recipe: Recipe, dataset: Series) -> None:
        """Draw the target with its parts, and say why the settings are as they are."""
        target = recipe.require_task(Forecast).target
        if target in dataset.columns:
            shown, parts = own_rows_of(recipe.require_task(Forecast), dataset, recipe.preparation)
            chart = series(shown.table, (target,), unit=dataset.column_unit(target), split=parts)
            show_chart(chart, key="train-series")
            show_reasons(recipe, dataset)

    def dataset_line(self, dataset: Series) -> str:
        """Return how long a dataset is."""
        return f"{count(dataset.rows, 'row')}, {dataset.frequency}"

    def recipe_line(self, recipe: Recipe, dataset: Series) -> str:
        """Return what is asked, in Markdown."""
        task = recipe.require_task(Forecast)
        return f"{escape(task.target)}, {task.horizon} {_steps(dataset)} ahead from the last {task.window}"

    def thumbnail(self, recipe: Recipe) -> str:
        """Draw the series of a card's recipe with its last horizon standing out, as SVG."""
        table, task = require_series(load(recipe.dataset)).table, recipe.require_task(Forecast)
        values = table[task.target].to_numpy()[-_HORIZONS * task.horizon :]
        return series_thumbnail(values[: -task.horizon], values[-task.horizon :])

    def live_chart(self, recipe: Recipe, dataset: Series) -> dict[str, Any]:
        """Return for the live charts the truth of the validation set, beside which they draw the forecast."""
        preview, target = forecast.preview(recipe, dataset), recipe.require_task(Forecast).target
        unit = dataset.column_unit(target)
        times = preview.times
        if isinstance(times, pd.DatetimeIndex):
            along = times.strftime("%Y-%m-%d" if (times == times.normalize()).all() else "%Y-%m-%d %H:%M:%S")
        else:
            along = times
        return {
            "kind": "forecast",
            "along": time_axis_title(times),
            "measures": axis_title(target, unit),
            "unit": unit,
            "times": along.tolist(),
            "truth": [None if np.isnan(value) else float(value) for value in preview.truth],
        }

    def show_replay(self, run: Run, ends: Sequence[EpochEnd], dataset: Series) -> None:
        """Replay how the forecast of the validation set took shape."""
        preview, target = forecast.preview(run.recipe, dataset), run.recipe.require_task(Forecast).target
        shaped = [end for end in ends if len(end.snapshot.numbers) == len(preview.truth)]
        if not shaped:
            return
        chart = replayed(
            preview.times,
            preview.truth,
            [end.epoch for end in shaped],
            np.array([end.snapshot.numbers for end in shaped]),
            target=target,
            unit=dataset.column_unit(target),
        )
        show_chart(chart, key=f"replay-{run.id}")

    def result_sections(self, run: Run, result: ForecastResult) -> Sequence[ResultSection]:
        """Return the forecast, its scores, its intervals, where it misses, and what other trainings say."""
        shown = chosen_series(result)
        sections = [
            ResultSection("forecast", "Forecast", "Forecast", partial(_forecast, run, shown)),
            ResultSection("scores", "How good", "Scores on the test set", partial(_scores, shown)),
            ResultSection("intervals", "How sure", "Prediction intervals", partial(show_bands, shown)),
            ResultSection("errors", "Where it fails", "Errors", partial(_errors, run, shown)),
            ResultSection("backtest", "Backtest", "Backtest", partial(show_backtest, run, result)),
            ResultSection("seeds", "Seeds", "Seed variability", partial(show_seeds, run, result)),
        ]
        if is_shown_as_prices(run.recipe, shown):
            about_prices = partial(show_prices, shown)
            sections.insert(
                2,
                ResultSection("random-walk", "Random walk", "Is it better than a random walk?", about_prices),
            )
        if not shown.bands:
            sections = [section for section in sections if section.key != "intervals"]
        if result.others:
            choice = ResultSection("series", "Series", "Results by series", partial(show_series, result))
            sections.insert(0, choice)
        return sections

    def downloads(self, result: ForecastResult) -> tuple[Download, ...]:
        """Return the forecasts as a table."""
        return (
            Download(
                "Forecast (CSV)",
                "unroll-forecast.csv",
                "text/csv",
                ":material/table:",
                lambda: forecast_csv(result),
            ),
        )

    def ask_model(self, run: Run) -> None:
        """Let a person change the newest rows and what is known ahead, and forecast what would follow."""
        what_if(run)


def _steps(dataset: Series) -> str:
    """Return the word for the steps of a dataset: `months` for one with a value every month."""
    return _STEPS.get(dataset.frequency.removeprefix("every "), "steps")


def _show_assumptions(task: Forecast) -> None:
    """Show what is assumed of future covariates, where there are any."""
    if task.known:
        names = ", ".join(f"“{name}”" for name in task.known)
        taken = "those of the last season" if task.season else "the last ones known"
        st.caption(
            f":material/info: After the end of the data, the values of {escape(names)} are assumed to "
            f"be {taken}. You can change them below, under “What if?”."
        )


def _dataset(run: Run) -> Series | None:
    """Return what a run learnt from; None where it is no longer there."""
    try:
        return require_series(dataset_of(run.recipe.dataset, run.recipe.preparation))
    except DataError:
        return None


def _scores(result: ForecastResult) -> None:
    show_chart(error_bars(result.scores, result.unit), key="scores")
    with st.expander(best_count(result.scores, forecast.metrics), icon=":material/table_rows:"):
        show_scores(
            result.scores,
            forecast.metrics,
            who="Model",
            alt="Scores of the model, the baselines and the classical methods on the test set",
            caption="Smaller is better in every column; the best of each is marked.",
        )
        if warning := near_zero(result):
            st.caption(warning)
        if result.notes:
            with st.popover("How do the other methods work?", type="tertiary", icon=":material/help:"):
                st.markdown(_OTHERS)
                for note in result.notes:
                    st.markdown(f"- {escape(note)}")


@fragment
def _forecast(run: Run, result: ForecastResult) -> None:
    """Draw what was forecast of the test set beside the truth, and what comes after the data."""
    origin = 0
    if len(result.origins) > 1:
        many = len(result.origins)
        origin = st.select_slider(
            "Forecast from",
            np.unique(np.linspace(0, many - 1, min(many, _MOST_ORIGINS)).round().astype(int)).tolist(),
            format_func=lambda number: index_label(result.times[result.origins[number]]),
            key="origin",
            help=(
                "The model knows everything up to the dashed line and forecasts what follows. The test "
                "set wasn't used in training."
            ),
        )
    band = chosen_band(result)
    pair = st.grid(2, min_column_width=420)
    with pair.cell():
        show_chart(forecast_on_test_set(result, origin, band), key="on-test")
    with pair.cell():
        show_chart(future_forecast(result, band=band), key="beyond")
        _show_assumptions(run.recipe.require_task(Forecast))


def _errors(run: Run, result: ForecastResult) -> None:
    """Draw how the error grows with the steps ahead; the rest waits in folds, each under its finding."""
    if result.horizon > 1:
        show_chart(error_by_horizon(result), key="by-step")
    _residuals(result)
    show_anomalies(result, next(iter(result.bands), None), _dataset(run))
    _attention(result)


@fragment
def _residuals(result: ForecastResult) -> None:
    with folded("Residuals", residuals.residuals_sentence(result), "residuals-fold") as is_open:
        if is_open:
            pair = st.grid(2, min_column_width=420)
            with pair.cell():
                show_chart(residuals.residuals_over_time(result), key="residuals")
            with pair.cell():
                show_chart(residuals.residual_histogram(result), key="residuals-histogram")


@fragment
def _attention(result: ForecastResult) -> None:
    if result.attention is None or result.attention_rows == "none":
        return
    drawn = forecast_attention(result.attention, result.attention_rows)
    with folded("Attention", drawn.sentence, "attention-fold") as is_open:
        if is_open:
            show_chart(drawn, key="attention")
            st.caption("Attention weights show where the model looked, not why.")


PAGE = ForecastPage()
