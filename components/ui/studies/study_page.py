"""The page Tune: a search or a sweep as it goes on or ended, the set-up of a search, or the visitor's own."""

import re
from collections.abc import Callable

import streamlit as st

from components.engine.engine import engine
from components.errors import DataError, RecipeError, RunError, UnrollError
from components.glossary import explain
from components.recipe import Recipe
from components.runs.studies import AT_WORK, StoredStudy, StudyStatus
from components.studies import Search, Sweep
from components.ui.boundary import boundary, show_error
from components.ui.formatting import count, duration, escape, time_ago
from components.ui.navigation import Page, open_page, page_button, page_link
from components.ui.routes import MOST_COMPARED
from components.ui.studies.search_setup import show_search_setup
from components.ui.studies.search_view import show_search
from components.ui.studies.sweep_view import show_sweep
from components.ui.visitor import visitor

_ID = re.compile(r"[0-9a-f]{32}")
_REFRESH_SECONDS = 2.0
_ERROR = "study.refused"
_BADGES: dict[StudyStatus, str] = {
    "running": ":blue-badge[:material/directions_run: running]",
    "evaluating": ":blue-badge[:material/insights: measuring the winner]",
    "stopped": ":orange-badge[:material/stop: stopped]",
    "finished": ":green-badge[:material/check: finished]",
    "failed": ":red-badge[:material/error: failed]",
}

_ABOUT = f"""
You set up each of these next to a recipe, below the *Train* button.

- **Sweep.** {explain("Sweep")} It shows what one setting does, and whether that is more than chance.
- **Find better settings.** {explain("Hyperparameter search")} It has a budget of trials and minutes, can be
  stopped and resumed, and looks at the test set once, at the end: whatever gain is left there is real.
- **Time budget.** {explain("Time budget")} The times are those of this server's own runs.
- **Learning rate range test.** {explain("Learning rate range test")}
"""


def show_study_page() -> None:
    """Show the study that the address names, or those of the visitor."""
    study_id, recipe = st.query_params.get("study"), st.query_params.get("recipe")
    if study_id is None and recipe is not None:
        _show_setup(recipe)
        return
    if study_id is None:
        _show_own_studies()
        return
    try:
        study = _study(study_id)
    except UnrollError as error:
        st.title("Tune", anchor=False)
        show_error(error)
        page_button(Page.TUNE, "See your searches and sweeps", ":material/tune:", primary=True)
        return
    st.title(escape(study.title), anchor=False)
    st.fragment(_show_study, run_every=_REFRESH_SECONDS if study.status in AT_WORK else None)(
        study.id, study.status
    )


def _show_setup(link: str) -> None:
    """Let a person set up a search that begins with the recipe of the address."""
    try:
        show_search_setup(Recipe.from_url(link))
    except (RecipeError, DataError) as error:
        st.title("Find better settings", anchor=False)
        show_error(error)
        page_button(Page.TRAIN, "Set up a recipe", ":material/model_training:", primary=True)


def _study(study_id: str) -> StoredStudy:
    if not _ID.fullmatch(study_id):
        raise RunError("This link doesn't name a search or a sweep.", remedy="Copy the whole link again.")
    return engine().store.studies.study(study_id)


def _show_study(study_id: str, drawn: StudyStatus) -> None:
    """Draw a study as it stands, anew every few seconds while it is at work."""
    with boundary():
        study = _study(study_id)
        if study.status != drawn:
            st.rerun()  # whether it is drawn again and again is decided with the whole page
        _show_state(study)
        if isinstance(study.plan, Sweep):
            show_sweep(study, study.plan)
        else:
            show_search(study, study.plan)


# --- How it stands -----------------------------------------------------------------------------------


def _show_state(study: StoredStudy) -> None:
    trials = engine().store.studies.trials(study.id)
    plan = study.plan
    planned = len(plan.trials) if isinstance(plan, Sweep) else plan.trials
    over = sum(trial.status not in ("running", "held") for trial in trials)
    if refused := st.session_state.pop(_ERROR, None):
        show_error(refused)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_BADGES[study.status], width="content")
        st.caption(
            f"{over:,} of {count(planned, 'run')} · {duration(study.seconds)} of work", width="content"
        )
        if study.owner == visitor():
            _show_controls(study)
        else:
            st.caption(":material/visibility: This is someone else's search or sweep.", width="content")
        _show_ways_on(study, [trial.run for trial in trials if trial.run])
    if study.reason:
        st.info(escape(study.reason), icon=":material/info:")
    if study.status in AT_WORK:
        st.progress(over / planned)


def _show_controls(study: StoredStudy) -> None:
    keeper = engine().studies
    if study.status in AT_WORK:
        _button("Stop", ":material/stop:", keeper.stop, study)
    if study.status == "stopped":
        _button("Resume", ":material/play_arrow:", keeper.resume, study)
        if isinstance(study.plan, Search):
            _button("Measure the best", ":material/insights:", keeper.conclude, study)
    if study.status not in AT_WORK:
        with st.popover("Delete", icon=":material/delete:", key="delete-study"):
            st.caption("Deletes this page. Its runs stay among your runs.")
            if st.button("Delete this", icon=":material/delete:", key="delete-study-now"):
                with boundary():
                    keeper.delete(study.id, visitor())
                    open_page(Page.TUNE)


def _button(label: str, icon: str, command: Callable[[str, str], None], study: StoredStudy) -> None:
    st.button(label, icon=icon, key=f"study-{label}", on_click=_command, args=(command, study.id))


def _command(command: Callable[[str, str], None], study_id: str) -> None:
    try:
        command(study_id, visitor())
    except UnrollError as error:
        st.session_state[_ERROR] = error


def _show_ways_on(study: StoredStudy, runs: list[str]) -> None:
    if study.owner == visitor() and runs:
        page_link(Page.RUNS, "Its runs", ":material/table_rows:", q=f"tag:{study.tag}")
    measured = _measured(runs) if isinstance(study.plan, Sweep) else []
    if 2 <= len(measured) <= MOST_COMPARED:
        page_link(Page.COMPARE, "Compare them", ":material/compare_arrows:", runs=",".join(measured))
    if study.owner == visitor():
        page_link(Page.TRAIN, "Its recipe", ":material/content_copy:", recipe=study.plan.recipe.to_url())


def _measured(runs: list[str]) -> list[str]:
    """Return those runs that were measured on the test set: of the others there is nothing to compare."""
    entries = engine().store.catalog.entries(runs, visitor())
    return [entry.id for entry in entries if entry.evaluation is not None]


# --- Those of the visitor ----------------------------------------------------------------------------


def _show_own_studies() -> None:
    st.title("Tune", anchor=False)
    st.markdown(_ABOUT)
    own = engine().store.studies.studies(visitor())
    if not own:
        page_button(Page.TRAIN, "Set up a recipe", ":material/model_training:", primary=True)
        return
    st.header("Your searches and sweeps", anchor=False)
    with st.container(gap="xsmall"):
        for study in own:
            with st.container(horizontal=True, vertical_alignment="center", key=f"study-{study.id}"):
                page_link(Page.TUNE, escape(study.title), ":material/tune:", study=study.id)
                st.markdown(_BADGES[study.status], width="content")
                st.caption(time_ago(study.created), width="content")
