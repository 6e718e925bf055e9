"""What a run came to: the verdict, what its task has to show, and everything to take away."""

from typing import Any
from urllib.parse import urljoin

import streamlit as st

from components.data.dataset import Dataset
from components.errors import UnrollError
from components.insight.doctor import Outcome
from components.recipe import Recipe
from components.runs.store import Run
from components.settings import settings
from components.storage import Folder
from components.tasks import task_of
from components.tasks.packing import unpack
from components.ui import tasks
from components.ui.boundary import fragment
from components.ui.boundary import show as show_error
from components.ui.doctor import doctor
from components.ui.loading import dataset_of
from components.ui.places import Place, button
from components.ui.runs import run_of_address
from components.ui.words import escape

_RESULT, _MODEL = "result.npz", "model.keras"


def show_results() -> None:
    """Show the run that the address names, or a way to one."""
    run = run_of_address(
        Place.RESULTS,
        ":material/insights:",
        "Results",
        "Your runs, the newest first. Choose one.",
        (
            "No results yet",
            "Train a model first. Its verdict, its scores and its forecasts then stand here.",
        ),
    )
    if run is None:
        return
    st.title(escape(run.title), anchor=False)
    if not has_results(run.id):
        _no_result_yet(run)
        return
    try:
        result = _result(run.id, str(run.ended), task_of(run.recipe).Result)
    except UnrollError as error:
        show_error(error)
        button(Place.TRAIN, "Train it again", ":material/tune:", primary=True, recipe=run.recipe.to_url())
        return
    _verdict(result)
    doctor(run, _dataset(run.recipe), result.outcome)
    tasks.module_of(run.recipe).show_results(run, result)
    try_it(run)
    _take_away(run, result)


def has_results(run_id: str) -> bool:
    """Tell whether a run has been measured."""
    return _folder(run_id).exists(_RESULT)


def outcome_of(run: Run) -> Outcome | None:
    """Give what a run came to; None where it hasn't been measured, or by another version."""
    if not has_results(run.id):
        return None
    try:
        return _result(run.id, str(run.ended), task_of(run.recipe).Result).outcome
    except UnrollError:
        return None


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
def _result(run_id: str, _ended: str, _kind: type[Any]) -> Any:
    return unpack(_folder(run_id).read(_RESULT), _kind)


def _dataset(recipe: Recipe) -> Dataset | None:
    """Give what a run learnt from; None where it is no longer there: its results are all the same."""
    try:
        return dataset_of(recipe.dataset, recipe.preparation)
    except UnrollError:
        return None


def _folder(run_id: str) -> Folder:
    return Folder(settings().artifacts).folder("runs").folder(run_id)


# --- What is said ------------------------------------------------------------------------------------


def _verdict(result: Any) -> None:
    says = st.success if result.won else st.warning
    says(escape(result.verdict), icon=":material/gavel:")


@fragment
def try_it(run: Run, title: str = "Try it") -> None:
    """Let a person ask the run's own model, as it stands now."""
    st.header(title, anchor=False)
    tasks.module_of(run.recipe).try_it(run)


# --- What is taken away ------------------------------------------------------------------------------


def _take_away(run: Run, result: Any) -> None:
    task = tasks.module_of(run.recipe)
    st.header("Take it with you", anchor=False)
    with st.container(horizontal=True):
        for download in task.downloads(result):
            st.download_button(
                download.label,
                download.make,
                file_name=download.file_name,
                mime=download.mime,
                icon=download.icon,
                on_click="ignore",
            )
        st.download_button(
            "Model (.keras)",
            lambda: _folder(run.id).read(_MODEL),
            file_name="unroll-model.keras",
            mime="application/octet-stream",
            icon=":material/deployed_code:",
            on_click="ignore",
            help=f"Opens in plain Keras: `keras.saving.load_model(…)`. {task.MODEL_TAKES}",
        )
        button(Place.TRAIN, "Change something and train again", ":material/tune:", recipe=run.recipe.to_url())
        button(Place.TRAIN, "See how it learned", ":material/model_training:", run=run.id)
        button(Place.INSIDE, "See inside", ":material/troubleshoot:", run=run.id)
    _recipe(run.recipe)


def _recipe(recipe: Recipe) -> None:
    with st.expander("The recipe, and a link to it", icon=":material/receipt_long:"):
        st.caption("Whoever opens this link finds the same experiment, ready to train.")
        st.code(
            urljoin(st.context.url or "", f"train?recipe={recipe.to_url()}"), language=None, wrap_lines=True
        )
        st.caption("Or as JSON:")
        st.code(recipe.model_dump_json(indent=2), language="json", height=320)
