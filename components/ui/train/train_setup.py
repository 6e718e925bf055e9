"""The set-up of a training: the controls on one side, the data and the model on the other."""

from dataclasses import replace

import streamlit as st

from components.data.cleaning.steps.step_description import describe_step
from components.data.datasets import Dataset
from components.engine import admission
from components.engine.engine import engine
from components.errors import DataError, RecipeError
from components.glossary import explain
from components.models.summary import ModelSummary
from components.recipe import Recipe
from components.runs.event_writer import ACTIVE
from components.settings import settings
from components.tasks import TASKS, example_count, plan, suggest_recipe
from components.tasks.feasibility import TrainingEstimate
from components.ui import boundary, tasks
from components.ui.data.cleaning import preparation_parameter
from components.ui.dataset_cache import dataset_of
from components.ui.experiments import CARDS, cards_on
from components.ui.formatting import count, duration, escape
from components.ui.navigation import Page, page_link
from components.ui.recipe_form import draft
from components.ui.recipe_form.draft import Draft
from components.ui.run.run_list import own_runs
from components.ui.run.run_submission import allow_resubmission, submit_run
from components.ui.studies.study_menus import show_study_menus
from components.ui.train import controls
from components.ui.train.model_change import model_before
from components.ui.visitor import visitor
from components.ui.widgets.chart_display import show_model_diagram
from components.ui.widgets.live_charts import preload_scripts

_MAX_NAMED_STEPS = 3
_TASK_KEY = "train.task"
_RULE_FIELDS = {
    "model": "model.heads"
}  # what a rule over several fields complains of is said at this control


def show_setup() -> None:
    """Let a person change the recipe and start it."""
    try:
        draft.load_address(default=CARDS[0].recipe)
    except RecipeError as error:
        _show_invalid_link(error)
        return
    try:
        dataset = _require_suitable(dataset_of(draft.value("dataset"), draft.preparation()))
    except DataError as error:
        _show_unsuitable_data(error)
        return
    task = tasks.page_of_kind(draft.value("task.kind"))
    task.reconcile_controls()
    made = _with_issues(draft.read_controls({**_RULE_FIELDS, **task.rule_fields}), dataset)
    _start_if_clicked(made, dataset)
    _show_heading(dataset)
    columns = st.container(key="train-columns").columns([12, 9, 19], gap="medium")
    settings_column, model_column, preview_column = columns
    with settings_column:
        _choose_task(dataset)
        controls.essential_controls(made, dataset)
        controls.data_controls(made, dataset)
        controls.model_controls(made)
        controls.output_controls(made)
        controls.learning_controls(made)
    with model_column:
        _show_model(made, dataset)
    with preview_column:
        _show_preview(made, dataset)
    if made.recipe:
        draft.update_address(made.recipe)
    preload_scripts()


def _require_suitable(dataset: Dataset) -> Dataset:
    """Return the dataset, if the chosen task can be trained on it.

    Raises:
        DataError: if it can't.
    """
    why_not = TASKS[draft.value("task.kind")].why_unsuitable(dataset)
    if why_not:
        raise DataError(why_not, where=dataset.title, remedy="Choose other data.")
    return dataset


def _choose_task(dataset: Dataset) -> None:
    """Let a person choose the task, where the dataset fits several."""
    fitting = tasks.pages_for(dataset)
    if len(fitting) > 1:
        st.session_state[_TASK_KEY] = draft.value("task.kind")
        st.segmented_control(
            "Task",
            tuple(fitting),
            key=_TASK_KEY,
            format_func=lambda kind: fitting[kind].title if kind in fitting else kind,
            required=True,
            on_change=_switch_task,
            args=(dataset,),
        )
        st.caption(fitting[draft.value("task.kind")].description)


def _switch_task(dataset: Dataset) -> None:
    suggested = suggest_recipe(dataset, st.session_state[_TASK_KEY], draft.preparation())
    draft.fill_controls(suggested)
    draft.update_address(suggested)


def _start_if_clicked(made: Draft, dataset: Dataset) -> None:
    """Start the run where Train was pressed, before anything is drawn that would only be removed again."""
    if not st.session_state.get(draft.TRAIN_KEY):
        allow_resubmission()
    elif made.ready and made.recipe:
        with boundary.boundary():
            # This page becomes the run's own.
            st.query_params.from_dict({"run": submit_run(made.recipe, dataset)})
            st.rerun()


def _with_issues(made: Draft, dataset: Dataset) -> Draft:
    """Add what the task and the server's limits have against a complete recipe."""
    if made.recipe is None:
        return made
    issues: dict[str, tuple[str, ...]] = {}
    for issue in admission.issues(engine().store, settings(), made.recipe, dataset):
        issues[issue.field] = (*issues.get(issue.field, ()), issue.message)
    return replace(made, issues=issues)


def _show_heading(dataset: Dataset) -> None:
    card = next(iter(cards_on(dataset.reference)), None)
    st.title(escape(card.title if card else dataset.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center", key="train-heading"):
        about = tasks.page_of_kind(draft.value("task.kind")).dataset_line(dataset)
        st.caption(f"{escape(dataset.title)} · {about}", width="content")
        page_link(Page.DATA, "See the data", ":material/ssid_chart:", **_data_query())
        page_link(Page.HOME, "Other experiments", ":material/grid_view:")
        for run in own_runs():
            if run.status in ACTIVE:
                page_link(Page.TRAIN, f"Watch {escape(run.title)}", ":material/play_circle:", run=run.id)

    _show_cleaning_steps()


def _show_cleaning_steps() -> None:
    """Show the recipe's cleaning steps, with a link to where they are chosen."""
    mends = draft.preparation().mends
    if not mends:
        return
    named = "; ".join(describe_step(step) for step in mends[:_MAX_NAMED_STEPS])
    more = f"; and {len(mends) - _MAX_NAMED_STEPS} more" if len(mends) > _MAX_NAMED_STEPS else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/healing: {count(len(mends), 'cleaning step')}: {escape(named + more)}.",
            width="content",
        )
        page_link(Page.DATA, "Change the cleaning", ":material/edit:", **_data_query())


def _data_query() -> dict[str, str]:
    preparation = preparation_parameter(draft.preparation())
    held = {} if preparation is None else {"preparation": preparation}
    return {"dataset": draft.value("dataset").model_dump_json(), **held}


def _show_model(made: Draft, dataset: Dataset) -> None:
    """Draw the model beside its settings, with what the last change made of it."""
    with st.container(key="train-model"):
        st.header("The model", anchor=False)
        if not _has_model(made):
            st.caption("The drawing is back as soon as the settings in red are fixed.")
            return
        assert made.recipe is not None
        model = plan(made.recipe, dataset)
        subject = f"{dataset.reference.model_dump_json()} {made.recipe.task.kind}"
        show_model_diagram(model, model_before(model, subject))


def _has_model(made: Draft) -> bool:
    """Return whether a model can be drawn: what can't be learnt from at all may be too much to be counted."""
    return made.recipe is not None and "dataset" not in made.issues


def _show_preview(made: Draft, dataset: Dataset) -> None:
    """Show what would be trained, and the button that starts it."""
    if made.recipe is None or not _has_model(made):
        _show_train_button(made, dataset)
        return
    with st.container(border=True):
        if made.ready:
            _show_estimates(made.recipe, plan(made.recipe, dataset), dataset)
        _show_train_button(made, dataset)
        show_study_menus(made, dataset)
    tasks.page_of(made.recipe).show_data(made.recipe, dataset)


def _show_estimates(recipe: Recipe, model: ModelSummary, dataset: Dataset) -> None:
    expected = admission.estimate(engine().store, recipe, dataset)
    grid = st.grid(2, min_column_width=110)  # beside three others, “≈ 10 seconds” would be cut off
    grid.metric("Parameters", f"{model.parameters:,}", help=explain("Parameters"))
    grid.metric(
        "Examples",
        f"{example_count(recipe, dataset):,}",
        help=tasks.page_of(recipe).examples_help,
    )
    grid.metric(
        "Training time",
        f"≈ {duration(expected.seconds)}",
        help=f"{count(expected.steps_per_epoch, 'step')} per epoch, at most "
        f"{count(recipe.training.epochs, 'epoch')}. About {duration(expected.overhead)} of it is for "
        "everything other than updates, including the evaluation.",
    )
    grid.metric(
        "Memory",
        f"≈ {expected.memory / 2**30:.1f} GB",
        help=f"An estimate of the most that the training needs at once. A run may use "
        f"{settings().run_memory / 2**30:.1f} GB.",
    )
    st.caption(f":material/timer: {_certainty(expected)}")
    if expected.seconds > settings().run_seconds:
        st.caption(
            f":material/timer: A run may train for {duration(settings().run_seconds)}. This one is stopped "
            "then, unless early stopping ends it sooner. Resume continues it."
        )


def _certainty(expected: TrainingEstimate) -> str:
    """Return in a sentence how sure an estimate of the time is, and what may make it shorter."""
    low, high = (duration(expected.seconds * factor) for factor in (1 / expected.spread, expected.spread))
    between = f"less than {high}" if low == high or expected.seconds < 1.5 else f"{low} to {high}"
    if expected.judged_by:
        runs = "run" if expected.judged_by == 1 else count(expected.judged_by, "run")
        sure = f"Most likely {between}, judging by the last {runs} on this server."
    else:
        sure = f"A rough guess, {between}: no run on this server has been timed yet."
    if expected.fewest_seconds < 0.9 * expected.seconds:
        sure += f" Early stopping may end it after {duration(expected.fewest_seconds)}."
    return sure


def _show_train_button(made: Draft, dataset: Dataset) -> None:
    for messages in made.issues.values():
        for message in messages:
            st.markdown(f":red[:material/error: {escape(message)}]")
    used, most = engine().store.active_count(visitor()), settings().visitor_runs
    st.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=not made.ready or used >= most,
        help=None if made.ready else "Fix what is marked in red first.",
        key=draft.TRAIN_KEY,
    )
    if used >= most:
        st.caption(
            f":material/block: You have {used:,} runs in the queue or in training, the most a visitor "
            "can have. Wait until one ends, or stop one."
        )
    elif used >= most / 2:
        st.caption(
            f":material/hourglass: You have {used:,} of the {most:,} runs that one visitor may have in the "
            "queue or in training."
        )


def _show_invalid_link(error: RecipeError) -> None:
    st.title("Train", anchor=False)
    boundary.show_error(error)
    if st.button("Start again", icon=":material/restart_alt:", type="primary"):
        draft.fill_controls(CARDS[0].recipe)
        draft.update_address(CARDS[0].recipe)
        st.rerun()
    page_link(Page.HOME, "See the experiments", ":material/grid_view:")


def _show_unsuitable_data(error: DataError) -> None:
    st.title("Train", anchor=False)
    boundary.show_error(error)
    page_link(Page.DATA, "See this data", ":material/healing:", **_data_query())
    page_link(Page.DATA, "Choose other data", ":material/ssid_chart:")
    page_link(Page.HOME, "See the experiments", ":material/grid_view:")
