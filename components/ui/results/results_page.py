"""The results of a run: the verdict, the charts of its task, and the downloads."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urljoin

import streamlit as st

from components.data.datasets import Dataset
from components.data.sharing import without_data
from components.engine import model_server
from components.engine.engine import engine
from components.errors import UnrollError
from components.insight.doctor import Outcome
from components.recipe import Recipe, Upload
from components.runs.artifacts import RunFiles
from components.runs.event_writer import ACTIVE
from components.runs.store import Run
from components.settings import settings
from components.tasks import task_of
from components.tasks.result_file import unpack
from components.ui import tasks
from components.ui.boundary import boundary, fragment, show_error
from components.ui.dataset_cache import dataset_of
from components.ui.formatting import escape
from components.ui.navigation import Page, page_button
from components.ui.run.doctor import show_training_doctor
from components.ui.run.run_list import run_from_address
from components.ui.run.visible_run import recipe_to_share
from components.ui.tasks.result_section import ResultSection
from components.ui.visitor import visitor

_WITHOUT_DATA = "share-without-data"
_EXPORT_SECONDS = 60  # for a worker that hasn't the model at hand yet
SECTION_LINKS = "section-links"
"""The key of the row of links to a page's sections, by which its style finds it."""


def show_results() -> None:
    """Show the run that the address names, or a way to one."""
    run = run_from_address(
        Page.RESULTS,
        ":material/insights:",
        "Results",
        "Choose one of your runs.",
        example="co2",
    )
    if run is None:
        return
    st.title(escape(run.title), anchor=False)
    if not has_results(run.id):
        _show_no_results(run)
        return
    try:
        result = _load_result(run.id, str(run.ended), task_of(run.recipe).result_class)
    except UnrollError as error:
        show_error(error)
        page_button(Page.TRAIN, "Train again", ":material/tune:", primary=True, recipe=run.recipe.to_url())
        return
    _show_verdict(result)
    show_training_doctor(run, _load_dataset(run.recipe), result.outcome, in_one_line=True)
    sections = (
        *tasks.page_of(run.recipe).result_sections(run, result),
        ResultSection("try", "Try it", "Try the model", partial(_ask_model, run)),
        ResultSection("download", "Download", "Download", partial(_show_downloads, run, result)),
    )
    _show_section_links(sections)
    for section in sections:
        section.show()


def has_results(run_id: str) -> bool:
    """Return whether a run has been evaluated."""
    return _files(run_id).has_result()


def show_verdict(run: Run) -> None:
    """Say what a run came to, where it has been evaluated."""
    if not has_results(run.id):
        return
    with boundary():
        _show_verdict(_load_result(run.id, str(run.ended), task_of(run.recipe).result_class))


def outcome_of(run: Run) -> Outcome | None:
    """Return the outcome of a run; None where it hasn't been evaluated, or by another version."""
    result = result_of(run)
    return None if result is None else result.outcome


def result_of(run: Run) -> Any | None:
    """Return the result of a run; None where it hasn't been evaluated, or by another version."""
    if not has_results(run.id):
        return None
    try:
        return _load_result(run.id, str(run.ended), task_of(run.recipe).result_class)
    except UnrollError:
        return None


def _show_no_results(run: Run) -> None:
    if run.status in ACTIVE:
        st.info(
            "Results appear when training ends.",
            title="Still training",
            icon=":material/model_training:",
        )
    else:
        st.warning(
            escape(run.reason) or "The run ended before it could be evaluated.",
            title="This run has no results",
            icon=":material/report:",
        )
    page_button(Page.TRAIN, "Go to the run", ":material/model_training:", primary=True, run=run.id)


@st.cache_resource(max_entries=16, show_spinner=False)
def _load_result(run_id: str, _ended: str, _kind: type[Any]) -> Any:
    return unpack(_files(run_id).result(), _kind)


def _load_dataset(recipe: Recipe) -> Dataset | None:
    """Return the dataset of a run; None where it is no longer there, since results don't need it."""
    try:
        return dataset_of(recipe.dataset, recipe.preparation)
    except UnrollError:
        return None


def _files(run_id: str) -> RunFiles:
    return RunFiles.of(settings().artifacts, run_id)


# --- Verdict ------------------------------------------------------------------------------------


def _show_section_links(sections: Sequence[ResultSection]) -> None:
    """Draw a row of links to the sections, which stays at the top while the page is scrolled."""
    st.html(_section_links_style())
    with st.container(key=SECTION_LINKS):
        st.markdown(" ".join(f"[{section.link}](#{section.key})" for section in sections))


def _section_links_style() -> str:
    light, dark = (st.get_option(f"theme.{theme}.backgroundColor") for theme in ("light", "dark"))
    return f"""<style>
        div:has(> .st-key-{SECTION_LINKS}) {{
          position: sticky; top: 3.5rem; z-index: 90; background: light-dark({light}, {dark});
        }}
        .st-key-{SECTION_LINKS} p {{ white-space: nowrap; overflow-x: auto; scrollbar-width: none; }}
        .st-key-{SECTION_LINKS} a {{ display: inline-block; padding: 0.7rem 0.6rem; text-decoration: none; }}
        .st-key-{SECTION_LINKS} a:is(:hover, :focus-visible) {{ text-decoration: underline; }}
        [data-testid="stHeading"] :is(h1, h2) {{ scroll-margin-top: 7rem; }}
        </style>"""


def _show_verdict(result: Any) -> None:
    says = st.success if result.won else st.warning
    says(escape(result.verdict), icon=":material/gavel:")


def show_model_trial(run: Run, title: str) -> None:
    """Let a person try the run's own model with its current weights, below a title."""
    st.header(title, anchor=False)
    _ask_model(run)


@fragment
def _ask_model(run: Run) -> None:
    tasks.page_of(run.recipe).ask_model(run)


# --- Downloads ------------------------------------------------------------------------------


def _show_downloads(run: Run, result: Any) -> None:
    task = tasks.page_of(run.recipe)
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
            partial(_model_file, run),
            file_name="unroll-model.keras",
            mime="application/octet-stream",
            icon=":material/deployed_code:",
            on_click="ignore",
            help=f"Opens in Keras without Unroll: `keras.saving.load_model(…)`. {task.exported_model_help}",
        )
    _show_recipe(run)
    with st.container(horizontal=True):
        page_button(Page.TRAIN, "Change the recipe", ":material/tune:", recipe=run.recipe.to_url())
        page_button(Page.TRAIN, "See the training", ":material/model_training:", run=run.id)
        page_button(Page.INSIDE, "See inside", ":material/troubleshoot:", run=run.id)
        page_button(Page.COMPARE, "Compare", ":material/compare_arrows:", runs=run.id)


def _model_file(run: Run) -> bytes:
    """Return a run's trained model as a .keras file; of one that came without, a worker makes it."""
    try:
        return _files(run.id).model()
    except FileNotFoundError:
        asked = run.id, run.recipe.to_json(), settings().artifacts
        return engine().ask(model_server.exported_model, *asked, timeout=_EXPORT_SECONDS, visitor=visitor())


def _show_recipe(run: Run) -> None:
    fold = st.expander(
        "Recipe and link", icon=":material/receipt_long:", on_change="rerun", key="results-recipe"
    )
    if not fold.open:
        return
    with fold:
        recipe = _choose_data(run)
        st.caption("This link opens the same experiment, ready to train.")
        st.code(
            urljoin(st.context.url or "", f"train?recipe={recipe.to_url()}"), language=None, wrap_lines=True
        )
        st.caption("The same recipe as JSON:")
        st.code(recipe.model_dump_json(indent=2), language="json", height=320)


def _choose_data(run: Run) -> Recipe:
    """Return the recipe that is given away, with a file's data or without; what its owner chooses of that
    holds for the run's own link, too."""
    own = run.recipe
    if not isinstance(own.dataset, Upload) or run.owner != visitor():
        return own
    st.toggle(
        "Share without the data",
        value=run.without_data,
        key=_WITHOUT_DATA,
        on_change=_set_without_data,
        args=(run.id,),
        help="Applies to this link and to the run's link, even if someone already has it.",
    )
    if run.without_data:
        st.caption(
            "This link contains every setting, but not your file: to train, others need a file of their own. "
            "With the link of the run, they see its curves, its scores and its forecasts or answers, but "
            "they can't open its data, try the model or look inside it."
        )
        return without_data(own)
    shared = recipe_to_share(own)
    if shared == without_data(own):
        st.caption("This run's data can't be reduced to what it used, so the link doesn't open it.")
    else:
        st.caption(
            "Anyone with this link, or with the run's, can read the data that the run used. Columns that "
            "were dropped or not used aren't part of it."
        )
    return shared


def _set_without_data(run_id: str) -> None:
    (entry,) = engine().store.catalog.entries((run_id,), visitor())
    labels = replace(entry.labels, without_data=bool(st.session_state[_WITHOUT_DATA]))
    with boundary():
        engine().set_labels({run_id: labels}, visitor())
