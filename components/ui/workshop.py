"""Setting up a training: the controls on one side, what they make of data and model on the other."""

import math
from dataclasses import replace

import streamlit as st

from components.data.dataset import Dataset
from components.data.mends.words import say
from components.engine.engine import engine
from components.errors import DataError, RecipeError
from components.models.pace import correction, seconds_per_step
from components.models.plan import Plan
from components.recipe import Recipe
from components.runs.scribe import ACTIVE
from components.tasks import TASKS, check, examples, plan
from components.ui import boundary, controls, draft, tasks
from components.ui.draft import Draft
from components.ui.figures import show_model
from components.ui.gallery import CARDS
from components.ui.live import load_ahead
from components.ui.loading import dataset_of
from components.ui.mending import address_of
from components.ui.places import Place, link
from components.ui.runs import own_runs
from components.ui.starting import begin_anew
from components.ui.suggestion import suggest
from components.ui.watching import begin
from components.ui.words import count, duration, escape

_NAMED_MENDS = 3
_CHOSEN = "train.task"
_RULES = {"model": "model.heads"}  # what a rule over several fields complains of is said at this control


def set_up() -> None:
    """Let a person change the recipe and start it."""
    try:
        draft.follow_address(otherwise=CARDS[0].recipe)
    except RecipeError as error:
        _offer_fresh_start(error)
        return
    try:
        dataset = _fitting(dataset_of(draft.value("dataset"), draft.preparation()))
    except DataError as error:
        _offer_other_data(error)
        return
    task = tasks.module(draft.value("task.kind"))
    task.settle()
    made = _judged(draft.read(_RULES | task.RULES), dataset)
    _begin_if_pressed(made, dataset)
    _say_what_for(dataset)
    left, right = st.columns([1, 2], gap="large")
    with left:
        _choose_task(dataset)
        controls.essential_controls(made, dataset)
        controls.data_controls(made, dataset)
        controls.model_controls(made)
        controls.output_controls(made)
        controls.learning_controls(made)
    with right:
        _look_ahead(made, dataset)
    if made.recipe:
        draft.keep_in_address(made.recipe)
    load_ahead()


def _fitting(dataset: Dataset) -> Dataset:
    """Give a dataset back that the chosen task can be trained on.

    Raises:
        DataError: if it can't.
    """
    why_not = TASKS[draft.value("task.kind")].fits(dataset)
    if why_not:
        raise DataError(why_not, where=dataset.title, remedy="Choose other data.")
    return dataset


def _choose_task(dataset: Dataset) -> None:
    """Let a person choose what is asked of the model, where the dataset leaves a choice."""
    fitting = tasks.modules_for(dataset)
    if len(fitting) > 1:
        st.session_state[_CHOSEN] = draft.value("task.kind")
        st.segmented_control(
            "Task",
            tuple(fitting),
            key=_CHOSEN,
            format_func=lambda kind: fitting[kind].NAME if kind in fitting else kind,
            required=True,
            on_change=_take_task,
            args=(dataset,),
        )
        st.caption(fitting[draft.value("task.kind")].ABOUT)


def _take_task(dataset: Dataset) -> None:
    suggested = suggest(dataset, st.session_state[_CHOSEN], draft.preparation())
    draft.hold(suggested)
    draft.keep_in_address(suggested)


def _begin_if_pressed(made: Draft, dataset: Dataset) -> None:
    """Start the run where Train was pressed, before anything is drawn that would only be taken away again."""
    if not st.session_state.get(draft.TRAIN):
        begin_anew()
    elif made.ready and made.recipe:
        with boundary.boundary():
            begin(made.recipe, dataset)


def _judged(made: Draft, dataset: Dataset) -> Draft:
    """Add what the task has to say about a recipe that is whole."""
    if made.recipe is None:
        return made
    said: dict[str, tuple[str, ...]] = {}
    for complaint in check(made.recipe, dataset):
        said[complaint.field] = (*said.get(complaint.field, ()), complaint.message)
    return replace(made, complaints=said)


def _say_what_for(dataset: Dataset) -> None:
    card = next((card for card in CARDS if card.recipe.dataset == dataset.reference), None)
    st.title(escape(card.title if card else dataset.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        about = tasks.module(draft.value("task.kind")).said(dataset)
        st.caption(f"{escape(dataset.title)} · {about}", width="content")
        link(Place.DATA, "Look at it", ":material/ssid_chart:", **_address_of_data())
        link(Place.HOME, "Other experiments", ":material/grid_view:")
        for run in own_runs():
            if run.status in ACTIVE:
                link(Place.TRAIN, f"Watch {escape(run.title)}", ":material/play_circle:", run=run.id)

    _say_mends()


def _say_mends() -> None:
    """Name the mends that the recipe makes, with the way back to where they are chosen."""
    mends = draft.preparation().mends
    if not mends:
        return
    named = "; ".join(say(mend) for mend in mends[:_NAMED_MENDS])
    more = f"; and {len(mends) - _NAMED_MENDS} more" if len(mends) > _NAMED_MENDS else ""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f":material/healing: Mended in {count(len(mends), 'step')}: {escape(named + more)}.",
            width="content",
        )
        link(Place.DATA, "Change the mends", ":material/edit:", **_address_of_data())


def _address_of_data() -> dict[str, str]:
    preparation = address_of(draft.preparation())
    held = {} if preparation is None else {"preparation": preparation}
    return {"dataset": draft.value("dataset").model_dump_json(), **held}


def _look_ahead(made: Draft, dataset: Dataset) -> None:
    """Show what would be trained, and the button that starts it."""
    if made.recipe is None:
        _start_button(made, dataset)
        return
    model = plan(made.recipe, dataset)
    with st.container(border=True):
        if made.ready:
            _measures(made.recipe, model, dataset)
        _start_button(made, dataset)
    tasks.module_of(made.recipe).look(made.recipe, dataset)
    st.subheader("The model", anchor=False)
    show_model(model)


def _measures(recipe: Recipe, model: Plan, dataset: Dataset) -> None:
    many = examples(recipe, dataset)
    steps = math.ceil(many / recipe.training.batch)
    seconds = steps * recipe.training.epochs * _seconds_per_step(recipe, model)
    grid = st.grid(3, min_column_width=140)
    grid.metric("Parameters", f"{model.parameters:,}", help="How many numbers the model can tune.")
    grid.metric(
        "Examples",
        f"{many:,}",
        help=tasks.module_of(recipe).EXAMPLES,
    )
    grid.metric(
        "Training time",
        f"≈ {duration(seconds)}",
        help=f"A guess: {count(steps, 'step')} an epoch, {count(recipe.training.epochs, 'epoch')} at most. "
        "It often stops earlier.",
    )


def _seconds_per_step(recipe: Recipe, model: Plan) -> float:
    """Guess by the model's size, set right by how long this server's runs really took."""
    speeds = engine().store.speeds()
    before = [seconds_per_step(plan(past), past.training.batch) for past, _ in speeds]
    guess = seconds_per_step(model, recipe.training.batch)
    return guess * correction(before, [1 / speed for _, speed in speeds])


def _start_button(made: Draft, dataset: Dataset) -> None:
    for messages in made.complaints.values():
        for message in messages:
            st.markdown(f":red[:material/error: {escape(message)}]")
    st.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        disabled=not made.ready,
        help=None if made.ready else "First mend what is marked in red.",
        key=draft.TRAIN,
    )


def _offer_fresh_start(error: RecipeError) -> None:
    st.title("Train", anchor=False)
    boundary.show(error)
    if st.button("Start afresh", icon=":material/restart_alt:", type="primary"):
        draft.hold(CARDS[0].recipe)
        draft.keep_in_address(CARDS[0].recipe)
        st.rerun()
    link(Place.HOME, "See the experiments", ":material/grid_view:")


def _offer_other_data(error: DataError) -> None:
    st.title("Train", anchor=False)
    boundary.show(error)
    link(Place.DATA, "Look at this data", ":material/healing:", **_address_of_data())
    link(Place.DATA, "Choose other data", ":material/ssid_chart:")
    link(Place.HOME, "See the experiments", ":material/grid_view:")
