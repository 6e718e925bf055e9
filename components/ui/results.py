"""What a run came to: the verdict, the scores, the forecasts, and everything to take away."""

from urllib.parse import urljoin

import numpy as np
import pandas as pd
import streamlit as st

from components.charts import residuals
from components.charts.attention import attention
from components.charts.chart import moment
from components.charts.forecast import beyond, on_test
from components.charts.scores import scores
from components.engine.engine import engine
from components.errors import UnrollError
from components.export.forecast import forecast_csv
from components.recipe import Recipe
from components.runs.store import Run
from components.settings import settings
from components.storage import Folder
from components.tasks.result import ForecastResult
from components.ui.boundary import fragment
from components.ui.boundary import show as show_error
from components.ui.figures import show
from components.ui.places import Place, button
from components.ui.runs import list_runs, own_runs
from components.ui.words import escape, number

_RESULT, _MODEL = "result.npz", "model.keras"
_BEST = "background-color: rgba(0, 158, 115, 0.28)"  # seen on light and on dark

_MOST_ORIGINS = 1000  # places of a slider, more than a screen has columns of dots

_MEASURES = {
    "mae": ("MAE", "How far off a forecast is on average, in the series' own unit."),
    "rmse": ("RMSE", "Like MAE, but big misses count more. In the series' own unit."),
    "mse": ("MSE", "The average of the squared misses; RMSE is its root."),
    "mape": (
        "MAPE %",
        "The average miss in percent of the true value; it says nothing where that is zero.",
    ),
    "smape": ("sMAPE %", "The miss in percent of the mean of truth and forecast: between 0 and 200."),
    "mase": (
        "MASE",
        "The miss compared with repeating last season over the training part. Below 1 is better than that.",
    ),
}


def show_results() -> None:
    """Show the run that the address names, or a way to one."""
    run_id = st.query_params.get("run")
    if run_id is None:
        _offer_runs()
        return
    try:
        run = engine().store.run(run_id)
    except UnrollError as error:
        st.title("Results", anchor=False)
        show_error(error)
        button(Place.RESULTS, "See your own results", ":material/insights:", primary=True)
        return
    st.title(escape(run.title), anchor=False)
    if not has_results(run.id):
        _no_result_yet(run)
        return
    result = _result(run.id, str(run.ended))
    _verdict(result)
    _scores(result)
    _forecast(result)
    st.header("Beyond the data", anchor=False)
    show(beyond(result), key="beyond")
    _residuals(result)
    _attention(result)
    _take_away(run, result)


def has_results(run_id: str) -> bool:
    """Tell whether a run has been measured."""
    return _folder(run_id).exists(_RESULT)


def _offer_runs() -> None:
    st.title("Results", anchor=False)
    runs = own_runs()
    if runs:
        st.markdown("Your runs, the newest first. Choose one.")
        list_runs(runs)
        return
    st.info(
        "Train a model first. Its verdict, its scores and its forecasts then stand here.",
        title="No results yet",
        icon=":material/insights:",
    )
    button(Place.HOME, "Pick an experiment", ":material/grid_view:", primary=True)


def _no_result_yet(run: Run) -> None:
    if run.status in {"waiting", "running", "paused"}:
        st.info(
            "The results come when the training ends. Until then, watch it learn.",
            title="Still learning",
            icon=":material/model_training:",
        )
    else:
        st.warning(
            escape(run.reason) or "It ended before anything could be measured.",
            title="This run has no results",
            icon=":material/report:",
        )
    button(Place.TRAIN, "Go to the run", ":material/model_training:", primary=True, run=run.id)


@st.cache_resource(max_entries=16, show_spinner=False)
def _result(run_id: str, _ended: str) -> ForecastResult:
    return ForecastResult.from_bytes(_folder(run_id).read(_RESULT))


def _folder(run_id: str) -> Folder:
    return Folder(settings().artifacts).folder("runs").folder(run_id)


# --- What is said ------------------------------------------------------------------------------------


def _verdict(result: ForecastResult) -> None:
    model, best = result.scores[0].mae, min(score.mae for score in result.scores[1:])
    says = st.success if model < best else st.warning
    says(escape(result.verdict), icon=":material/gavel:")


def _scores(result: ForecastResult) -> None:
    st.header("Scores on the test part", anchor=False)
    table = pd.DataFrame(
        {words: [getattr(score, name) for score in result.scores] for name, (words, _) in _MEASURES.items()},
        index=pd.Index([score.label for score in result.scores], name="Forecaster"),
        dtype=float,
    )
    marked = table.style.highlight_min(axis=0, props=_BEST).format(_cell)
    st.dataframe(
        marked,
        column_config={
            words: st.column_config.NumberColumn(words, help=about) for words, about in _MEASURES.values()
        },
        alt="Scores of the model and of the simple rules on the test part",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Smaller is better everywhere; the best of each column is marked.", width="content")
        with st.popover("What do they mean?", type="tertiary", icon=":material/help:"):
            for words, about in _MEASURES.values():
                st.markdown(f"**{words}** {about}")
    show(scores(result.scores, result.unit), key="scores")


def _cell(value: object) -> str:
    return number(value) if isinstance(value, float) else "–"


@fragment
def _forecast(result: ForecastResult) -> None:
    st.header("Forecast against truth", anchor=False)
    origin = 0
    if len(result.origins) > 1:
        count = len(result.origins)
        origin = st.select_slider(
            "Stand here and look ahead",
            np.unique(np.linspace(0, count - 1, min(count, _MOST_ORIGINS)).round().astype(int)).tolist(),
            format_func=lambda number: moment(result.times[result.origins[number]]),
            key="origin",
            help="The model knows everything up to the dashed line and forecasts what follows. "
            "Nothing of this part was seen in training.",
        )
    show(on_test(result, origin), key="on-test")


def _residuals(result: ForecastResult) -> None:
    st.header("What it missed", anchor=False)
    left, right = st.columns(2)
    with left:
        show(residuals.over_time(result), key="residuals")
    with right:
        show(residuals.histogram(result), key="residuals-histogram")


def _attention(result: ForecastResult) -> None:
    if result.attention is None or result.attention_rows == "none":
        return
    st.header("Where it looked", anchor=False)
    show(attention(result.attention, result.attention_rows), key="attention")
    st.caption("Attention is a claim of the model, not a proof: it says where it looked, not why.")


# --- What is taken away ------------------------------------------------------------------------------


def _take_away(run: Run, result: ForecastResult) -> None:
    st.header("Take it with you", anchor=False)
    with st.container(horizontal=True):
        st.download_button(
            "Forecast (CSV)",
            lambda: forecast_csv(result),
            file_name="unroll-forecast.csv",
            mime="text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
        st.download_button(
            "Model (.keras)",
            lambda: _folder(run.id).read(_MODEL),
            file_name="unroll-model.keras",
            mime="application/octet-stream",
            icon=":material/deployed_code:",
            on_click="ignore",
            help="Opens in plain Keras: `keras.saving.load_model(…)`. Give it raw values; scaling is inside.",
        )
        button(Place.TRAIN, "Change something and train again", ":material/tune:", recipe=run.recipe.to_url())
        button(Place.TRAIN, "See how it learned", ":material/model_training:", run=run.id)
    _recipe(run.recipe)


def _recipe(recipe: Recipe) -> None:
    with st.expander("The recipe, and a link to it", icon=":material/receipt_long:"):
        st.caption("Whoever opens this link finds the same experiment, ready to train.")
        st.code(
            urljoin(st.context.url or "", f"train?recipe={recipe.to_url()}"), language=None, wrap_lines=True
        )
        st.caption("Or as JSON:")
        st.code(recipe.model_dump_json(indent=2), language="json", height=320)
