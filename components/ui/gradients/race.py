"""The model race: models of different kinds on the same data, seed, batches and number of parameters."""

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from components.data.datasets import Dataset
from components.engine import admission
from components.engine.engine import engine
from components.errors import UnrollError
from components.glossary import explain
from components.recipe import (
    RECURRENT_KINDS,
    ClassifySequences,
    Generated,
    Model,
    Preparation,
    Recipe,
    Recurrent,
    RegressSequences,
    Training,
    Transformer,
)
from components.settings import settings
from components.tasks import example_count, plan
from components.tasks.parameter_matching import match_parameters
from components.tasks.time_budget import fit_group_to_budget
from components.ui import tasks
from components.ui.boundary import boundary, error_text
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import count, escape
from components.ui.gradients import side_by_side
from components.ui.gradients.lesson import Lesson
from components.ui.navigation import Page, page_button
from components.ui.recipe_form.labels import MODELS
from components.ui.run.run_list import own_runs
from components.ui.studies.time_budget_menu import choose_time_budget
from components.ui.widgets.live_charts import ComparisonRun, show_comparison

_VIEW = "race"
_TASKS = {
    "adding": "Adding problem",
    "temporal_order": "Temporal order",
    "own": "From a run",
}
_KINDS: dict[str, Model] = {
    **{kind: Recurrent(kind=kind) for kind in RECURRENT_KINDS},
    "transformer": Transformer(heads=2),
}
_LENGTHS = (10, 20, 30, 50, 75, 100, 150, 200)
_TIMES = (20, 60, 300)
_STEPS = (300, 600, 1000, 2000, 3000)
_EXAMPLES, _BATCH = 10_000, 64
_MOST_RUNS = 20


def _show() -> None:
    """Draw the race, or its setup."""
    runs = side_by_side.runs_from_address()
    if not runs:
        _show_setup()
        return
    side_by_side.show_run_controls([run.id for run in runs], _VIEW)
    recipe = runs[0].recipe
    dataset = dataset_of(recipe.dataset, recipe.preparation)
    task = tasks.page_of(recipe)
    st.caption(
        f"{escape(dataset.title)} · {task.recipe_line(recipe, dataset)} · learning rate "
        f"{recipe.optimizer.learning_rate:g} · batches of {recipe.training.batch} · seed {recipe.seed}"
    )
    every = [
        ComparisonRun(
            run,
            MODELS[run.recipe.model.kind],
            f"{run.recipe.model.units} units, {plan(run.recipe, dataset).parameters:,} parameters",
        )
        for run in runs
    ]
    words = task.live_chart(recipe, dataset)
    show_comparison(
        every, _VIEW, loss=words.get("loss", "loss (scaled units)"), score=words.get("score", ""), key="race"
    )
    st.caption(
        "Every model makes the same number of updates from the same batches in the same order. They take "
        "turns, so sharing the processor doesn't change what any of them learns."
    )


# --- Its start ---------------------------------------------------------------------------------------


def _show_setup() -> None:
    left, right = st.columns([1, 2], gap="large")
    with left:
        kind = st.segmented_control(
            "Task",
            tuple(_TASKS),
            default="adding",
            format_func=_TASKS.__getitem__,
            required=True,
            key="race.task",
        )
        seconds = choose_time_budget("Time budget", "None", _TIMES, "race.budget")
        recipe = _choose_own_recipe() if kind == "own" else _generated_recipe(kind or "adding", bool(seconds))
        chosen = st.pills(
            "Models",
            tuple(_KINDS),
            default=list(_KINDS),
            selection_mode="multi",
            format_func=MODELS.__getitem__,
            key="race.models",
        )
    with right, boundary():
        if recipe is None:
            st.info(
                "Train a model first. The race can then use its data and its task.", icon=":material/info:"
            )
            page_button(Page.HOME, "Choose an experiment", ":material/grid_view:")
            return
        dataset = dataset_of(recipe.dataset, recipe.preparation)
        entrants = [
            recipe if model == recipe.model.kind else match_parameters(recipe, _KINDS[model], dataset)
            for model in chosen
        ]
        _show_entrants(entrants, dataset, seconds)


def _generated_recipe(kind: str, has_budget: bool) -> Recipe:
    """Make the recipe of a made task, with an LSTM, which the others are matched to."""
    steps = st.select_slider(
        "Sequence length (steps)",
        _LENGTHS,
        50,
        key="race.length",
        help="The longer the sequence, the harder it is to remember its beginning.",
    )
    updates = st.select_slider(
        "Updates",
        _STEPS,
        1000,
        key="race.updates",
        format_func="{:,}".format,
        disabled=has_budget,
        help="With a time budget, there are as many updates as fit into it.",
    )
    units = st.slider(
        "Units of the LSTM",
        4,
        64,
        32,
        key="race.units",
        help="The other models get the number of units that gives them about as many parameters.",
    )
    seed = st.number_input("Seed", 0, 2**31 - 1, 0, key="race.seed", help=explain("Seed"))
    longest = steps if kind == "adding" else steps + steps // 10
    task = (
        RegressSequences(longest=longest, scaling="none", answer="none")
        if kind == "adding"
        else ClassifySequences(longest=longest)
    )
    preparation = Preparation(validation=0.05, test=0.05)
    train = round(_EXAMPLES * (1 - preparation.validation - preparation.test))
    return Recipe(
        dataset=Generated(name=kind, length=_EXAMPLES, parameters={"steps": float(steps)}),
        preparation=preparation,
        task=task,
        model=Recurrent(kind="lstm", units=units),
        training=Training(batch=_BATCH, epochs=max(1, round(updates * _BATCH / train)), patience=None),
        seed=seed,
    )


def _choose_own_recipe() -> Recipe | None:
    """Let a person choose one of their runs, whose data, task and training the race takes over."""
    recipes = {run.title: run.recipe for run in own_runs(_MOST_RUNS)}
    if not recipes:
        return None
    title = st.selectbox("Run", tuple(recipes), key="race.own")
    return recipes[title]


def _show_entrants(entrants: Sequence[Recipe], dataset: Dataset, seconds: int) -> None:
    """Show the models and the number of updates, and the button that starts the race.

    Args:
        entrants: a recipe for each model.
        dataset: what they learn from.
        seconds: that all of them together may take; 0: as long as it takes.

    Raises:
        RecipeError: if they can't end so soon.
    """
    if not entrants:
        st.caption("Choose at least one model.")
        return
    time = ""
    if seconds:
        fitted = fit_group_to_budget(entrants, dataset, float(seconds), admission.costs(engine().store))
        entrants = fitted.recipes
        time = (
            f" All together take about {fitted.seconds:.0f} ± {max(1, fitted.error):.0f} seconds, and their "
            "learning rates fall until the end."
        )
    first = entrants[0]
    updates = math.ceil(example_count(first, dataset) / first.training.batch) * first.training.epochs
    table = pd.DataFrame(
        {
            "Model": [MODELS[one.model.kind] for one in entrants],
            "Units": [one.model.units for one in entrants],
            "Parameters": [plan(one, dataset).parameters for one in entrants],
        }
    )
    issues = [
        issue.message
        for one in entrants
        for issue in admission.issues(engine().store, settings(), one, dataset)
    ]
    with st.container(border=True):
        st.dataframe(
            table,
            hide_index=True,
            column_config={"Parameters": st.column_config.NumberColumn(format="localized")},
            alt="The models with their units and parameters",
        )
        st.caption(
            f"{escape(dataset.title)} · {count(updates, 'update')} each, with batches of "
            f"{first.training.batch} sequences.{time}"
        )
        for issue in dict.fromkeys(issues):
            st.markdown(f":red[:material/error: {escape(issue)}]")
        pressed = st.button(
            "Start the race",
            type="primary",
            icon=":material/flag:",
            width="stretch",
            key="race.start",
            disabled=bool(issues),
        )
    try:
        tasks.page_of(first).show_data(first, dataset)
    except UnrollError as error:
        st.caption(error_text(error))
    if pressed:
        titles = [f"{dataset.title} · {MODELS[one.model.kind]}" for one in entrants]
        side_by_side.start_runs(_VIEW, list(zip(titles, entrants, strict=True)))


LESSON = Lesson(
    title="Model race",
    icon=":material/flag:",
    description=(
        "Recurrent models of every kind and a Transformer learn the same task side by side, from the same "
        "batches. Which of them can remember the beginning of a sequence?"
    ),
    show=_show,
)
