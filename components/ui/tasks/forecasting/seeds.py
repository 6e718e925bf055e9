"""The same recipe from other seeds, on a run's Results page: the spread is the result."""

import streamlit as st

from components.charts.seed_variability import seed_variability
from components.engine import extra_trainings as work
from components.runs.store import Run
from components.settings import settings
from components.tasks.forecasting.result import ForecastResult
from components.tasks.forecasting.seeds import Seed, seed_of_result
from components.ui.tasks.forecasting import extra_trainings
from components.ui.widgets.chart_display import show_chart

_MANY = 5

_NAME = "seeds"
_ABOUT = (
    "Training starts from random weights and shuffles the data at random. Both depend on the "
    "**seed**: another seed gives another model and another score. The spread shows how much "
    "of a score is chance."
)


def show_seeds(run: Run, result: ForecastResult) -> None:
    """Draw the spread, or what goes on, or the button that starts it."""
    st.caption(_ABOUT)
    others = [(run.recipe.seed + number) % 2**31 for number in range(1, _MANY)]
    there = _finished_seeds(run, others)
    if len(there) == len(others):
        show_chart(
            seed_variability(
                [seed_of_result(run.recipe.seed, result), *there], result.scores[1:], result.unit
            ),
            key="seeds",
        )
        return
    if extra_trainings.is_running(run.id, _NAME):
        extra_trainings.show_progress(
            run, _NAME, lambda: len(_finished_seeds(run, others)), len(others), "other seeds", "seeds-stop"
        )
        return
    extra_trainings.show_failures(run.id, _NAME)
    if not extra_trainings.is_own(run):
        extra_trainings.show_way_to_own(run, "try other seeds")
        return
    recipe, artifacts = run.recipe.to_json(), settings().artifacts
    known = {one.seed for one in there}
    jobs: list[extra_trainings.Job] = [
        (work.train_seed, (run.id, recipe, artifacts, seed)) for seed in others if seed not in known
    ]
    st.button(
        f"Try {_MANY} seeds",
        icon=":material/casino:",
        key="seeds-start",
        on_click=extra_trainings.start,
        args=(run.id, _NAME, jobs),
        help=f"Trains the same recipe {len(jobs)} more times with other seeds.",
    )


def _finished_seeds(run: Run, numbers: list[int]) -> list[Seed]:
    made = extra_trainings.results(run, [work.seed_file(number) for number in numbers], Seed)
    return [one for one in made if one is not None]
