"""A run on a page: its charts, its controls and the links to its results."""

import streamlit as st
from pydantic import ValidationError

from components.data.datasets import Dataset
from components.engine.engine import engine
from components.errors import DataError, UnrollError
from components.recipe import Recipe
from components.runs.event_writer import ACTIVE
from components.runs.shelf import SHELF_OWNER
from components.runs.store import Run
from components.settings import settings
from components.training.events import (
    Command,
    Pause,
    Resume,
    Rewind,
    SetClip,
    SetLearningRate,
    SingleStep,
    Stop,
)
from components.ui import tasks
from components.ui.boundary import boundary, fragment, show_error
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import escape
from components.ui.navigation import Page, open_page, page_button, page_link
from components.ui.recipe_form.labels import MODELS
from components.ui.results.results_page import has_results, outcome_of, show_model_trial, show_verdict
from components.ui.run.doctor import show_training_doctor
from components.ui.run.shelf_runs import SHELF_NOTE, train_it_yourself_button
from components.ui.run.visible_run import visible_run
from components.ui.runs.run_actions import delete_runs, show_keep_button
from components.ui.studies.study_link import show_study_link
from components.ui.visitor import visitor
from components.ui.widgets.chart_display import folded
from components.ui.widgets.live_charts import show_live_charts

_ERROR = "run.refused"
_RESUMABLE = {"stopped", "interrupted", "failed"}


def run_id_from_address() -> str | None:
    """Return the id of the run that the address names."""
    return st.query_params.get("run")


def show_run(run_id: str) -> None:
    """Show a run as it goes on, or as it ended."""
    try:
        run = visible_run(run_id)
    except UnrollError as error:
        _show_missing_run(error)
        return
    dataset, task = _data_of(run), tasks.page_of(run.recipe)
    _show_heading(run, dataset)
    show_study_link(run.id)
    if run.owner == visitor():
        _show_run_controls(run.id)
    elif run.owner == SHELF_OWNER:
        _show_shelf_actions(run)
    else:
        _show_guest_actions(run)
    if run.status not in ACTIVE:
        show_verdict(run)
    show_training_doctor(run, dataset, outcome_of(run))
    preview = None if dataset is None else task.live_chart(run.recipe, dataset)
    show_live_charts(run, preview, key=f"live-{run.id}")
    if dataset is None:
        return
    if run.status in {"running", "paused"}:
        show_model_trial(run, "Try the model while it trains")
    if run.status not in ACTIVE and run.epoch:
        _show_replay(run, dataset)


@fragment
def _show_replay(run: Run, dataset: Dataset) -> None:
    """Show how the validation set was predicted after each epoch, in a fold: beside the live charts, a chart
    of Streamlit's costs a browser a second more."""
    with folded("Epoch by epoch", "How the validation set was predicted.", "replay-fold") as is_open:
        if is_open:
            tasks.page_of(run.recipe).show_replay(run, engine().store.epochs(run.id), dataset)


def _data_of(run: Run) -> Dataset | None:
    """Return what a run learns from; None where it is no longer kept, or isn't shared."""
    try:
        return dataset_of(run.recipe.dataset, run.recipe.preparation)
    except DataError:
        return None


def _show_heading(run: Run, dataset: Dataset | None) -> None:
    st.title(escape(run.title), anchor=False)
    if dataset is not None:
        st.caption(_summary(run.recipe, dataset))
        return
    why = (
        "This run is shared without its data" if run.without_data else "The data of this run can't be opened"
    )
    st.info(f"{why}: you see its curves and its scores.", icon=":material/lock:")


def _summary(recipe: Recipe, dataset: Dataset) -> str:
    model = recipe.model
    return (
        f"{tasks.page_of(recipe).recipe_line(recipe, dataset)} · "
        f"{MODELS[model.kind]}, {model.units} units"
        f"{f', {model.layers} layers' if model.layers > 1 else ''} · "
        f"learning rate {recipe.optimizer.learning_rate:g} · seed {recipe.seed}"
    )


def _show_missing_run(error: UnrollError) -> None:
    st.title("Train", anchor=False)
    show_error(error)
    page_button(Page.TRAIN, "Train a new model", ":material/model_training:", primary=True)
    page_link(Page.HOME, "See the experiments", ":material/grid_view:")


def _show_guest_actions(run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(":material/visibility: You're watching someone else's run.", width="content")
        _results_button(run)
        _other_views(run)
        page_button(Page.TRAIN, "Use this recipe", ":material/content_copy:", recipe=run.recipe.to_url())
        show_keep_button(run.id)
        _gradients_link(run)


def _show_shelf_actions(run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        train_it_yourself_button(run)
        _results_button(run, primary=False)
        _other_views(run)
        show_keep_button(run.id)
        _gradients_link(run)
    st.caption(f":material/inventory_2: {SHELF_NOTE}")


# --- Controls ----------------------------------------------------------------------------------------


@fragment
def _show_run_controls(run_id: str) -> None:
    """Draw the buttons that fit what the run is doing."""
    run = visible_run(run_id)
    if refused := st.session_state.pop(_ERROR, None):
        show_error(refused)
    with st.container(horizontal=True, vertical_alignment="center", key="run-controls"):
        if run.status == "running":
            _command_button("Pause", ":material/pause:", run, Pause())
        if run.status == "paused":
            _command_button("Resume", ":material/play_arrow:", run, Resume(), primary=True)
            _command_button("Single step", ":material/skip_next:", run, SingleStep())
        if run.status in ACTIVE:
            _command_button("Cancel" if run.status == "waiting" else "Stop", ":material/stop:", run, Stop())
        if run.status in {"running", "paused"}:
            _rewind_menu(run)
            _adjust_menu(run)
        _results_button(run)
        _other_views(run)
        if run.status in _RESUMABLE:
            if run.step and not has_results(run.id):
                _evaluate_button(run)
            _resume_button(run)
        if run.status not in ACTIVE:
            _keep_controls(run)
        page_button(Page.TRAIN, "Change the recipe", ":material/tune:", recipe=run.recipe.to_url())
        _gradients_link(run)


def _gradients_link(run: Run) -> None:
    if run.step:
        page_link(Page.GRADIENTS, "Gradient through time", ":material/gradient:", view="through", run=run.id)


def _command_button(label: str, icon: str, run: Run, command: Command, primary: bool = False) -> None:
    st.button(
        label,
        icon=icon,
        key=f"command-{command.kind}",
        type="primary" if primary else "secondary",
        on_click=_send_command,
        args=(run.id, command),
    )


def _send_command(run_id: str, command: Command) -> None:
    """Send a command to a run.

    Called as a press comes in, before anything is drawn: the charts ask for the page anew whenever the
    run's status changes, and a press that is only seen while drawing would then be lost.
    """
    try:
        engine().control(run_id, command, visitor())
    except UnrollError as error:
        st.session_state[_ERROR] = error


def _resume_button(run: Run) -> None:
    pressed = st.button(
        "Resume", icon=":material/play_arrow:", key="go-on", help="Continues from the last checkpoint."
    )
    if pressed:
        with boundary():
            engine().submit(run, visitor())
            st.rerun()


def _evaluate_button(run: Run) -> None:
    pressed = st.button(
        "Evaluate",
        icon=":material/insights:",
        key="evaluate",
        type="primary",
        help="Measures the model, as it is now, on the test set, alongside the baselines.",
    )
    if pressed:
        with boundary():
            engine().submit(run, visitor(), "evaluate")
            st.rerun()


def _keep_controls(run: Run) -> None:
    """Draw what decides whether a run that is over is kept: a pin, and a way to delete it."""
    st.button(
        "Unpin" if run.pinned else "Pin",
        icon=":material/keep_off:" if run.pinned else ":material/keep:",
        key="pin",
        help=f"A pinned run is kept. Any other is deleted {settings().keep_days:g} days after its end, or "
        "sooner when the disk is full.",
        on_click=_pin,
        args=(run.id, not run.pinned),
    )
    with st.popover("Delete", icon=":material/delete:", key="delete"):
        st.caption("Deletes the run with its results, its model and its checkpoints.")
        if st.button("Delete this run", icon=":material/delete:", key="delete-now"):
            delete_runs([run.id])
            open_page(Page.RUNS)


def _pin(run_id: str, pinned: bool) -> None:
    try:
        engine().pin(run_id, pinned, visitor())
    except UnrollError as error:
        st.session_state[_ERROR] = error


def _rewind_menu(run: Run) -> None:
    fold = st.popover("Rewind", icon=":material/history:", on_change="rerun", key="rewind")
    if not fold.open:
        return
    with fold:
        kept = engine().store.checkpoints(run.id)
        if not kept:
            st.caption("There is no checkpoint yet. The first is saved early in the training.")
            return
        chosen = st.selectbox(
            "Back to",
            kept[::-1],
            format_func=lambda checkpoint: f"Epoch {checkpoint.epoch}, step {checkpoint.step:,}",
            key="rewind-to",
        )
        st.caption("Everything after this checkpoint is discarded. The run pauses there until you resume it.")
        st.button(
            "Rewind to this",
            key="rewind-now",
            on_click=_send_command,
            args=(run.id, Rewind(step=chosen.step)),
        )


def _adjust_menu(run: Run) -> None:
    with st.popover("Adjust", icon=":material/tune:", key="adjust"):
        rate = run.learning_rate or run.recipe.optimizer.learning_rate
        _value_form("Learning rate", rate, run, SetLearningRate)
        if run.recipe.clipping.mode != "none":
            _value_form("Clipping threshold", run.clip or run.recipe.clipping.threshold, run, SetClip)
        st.caption("Changes take effect at once and are marked on the charts.")


def _value_form(label: str, now: float, run: Run, command: type[SetLearningRate] | type[SetClip]) -> None:
    name = command.model_fields["kind"].default
    with st.form(f"form-{name}", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        # The worker calculates with fewer digits: 0.003 comes back as 0.003000000026.
        st.number_input(label, value=float(f"{now:.6g}"), step=0.001, format="%g", key=f"new-{name}")
        st.form_submit_button("Set", key=f"set-{name}", on_click=_send_value, args=(run.id, command))
        if st.session_state.pop(f"refused-{name}", False):
            st.markdown(":red[:material/error: Enter a number above 0.]")


def _send_value(run_id: str, command: type[SetLearningRate] | type[SetClip]) -> None:
    name = command.model_fields["kind"].default
    try:
        _send_command(run_id, command(value=st.session_state[f"new-{name}"]))
    except ValidationError:
        st.session_state[f"refused-{name}"] = True


# --- The end -----------------------------------------------------------------------------------------


def _results_button(run: Run, *, primary: bool = True) -> None:
    if run.status not in ACTIVE and has_results(run.id):
        page_button(Page.RESULTS, "See the results", ":material/insights:", primary=primary, run=run.id)


def _other_views(run: Run) -> None:
    if run.status != "waiting":
        page_button(Page.INSIDE, "See inside", ":material/troubleshoot:", run=run.id)
        page_button(Page.COMPARE, "Compare", ":material/compare_arrows:", runs=run.id)
