"""The finished runs that come with Unroll, as pages offer them."""

import streamlit as st

from components.engine.engine import engine
from components.runs.shelf import SHELF_OWNER, shelf
from components.runs.store import Run
from components.ui.experiments import CARDS
from components.ui.formatting import escape
from components.ui.navigation import Page, page_button, page_link

SHELF_NOTE = "This finished run comes with Unroll: a real training with exactly this recipe."


def shelf_runs() -> tuple[Run, ...]:
    """Return the finished runs that come with Unroll, in the order of the experiments."""
    for one in shelf().values():
        engine().shelf.require(one.id)
    kept = {run.id: run for run in engine().store.runs(SHELF_OWNER, 10 * len(CARDS))}
    ids = [shelf()[card.key].id for card in CARDS if card.key in shelf()]
    return tuple(kept[run_id] for run_id in ids if run_id in kept)


def finished_run(key: str) -> Run | None:
    """Return the finished run of an experiment; None where this server has none."""
    wanted = shelf().get(key)
    if wanted is None:
        return None
    engine().shelf.require(wanted.id)
    return engine().store.run(wanted.id) if engine().store.has(wanted.id) else None


def show_example_run(key: str) -> Run | None:
    """Say to who has no run yet that a finished one is shown, and return it; None where there is none.

    Args:
        key: of its experiment.
    """
    run = finished_run(key)
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="example-run"):
        st.markdown(
            ":material/inventory_2: You haven't trained a model yet."
            + (f" This is a finished run that comes with Unroll: **{escape(run.title)}**." if run else ""),
            width="stretch",
        )
        if run is not None:
            train_it_yourself_button(run)
        page_button(Page.HOME, "Choose an experiment", ":material/grid_view:", primary=run is None)
    return run


def show_other_examples(page: Page) -> None:
    """Draw a fold with links to a page of each finished run that comes with Unroll."""
    fold = st.expander(
        "Finished runs that come with Unroll",
        icon=":material/inventory_2:",
        on_change="rerun",
        key="shelf-runs",
    )
    if fold.open:
        with fold, st.container(gap="xxsmall"):
            for run in shelf_runs():
                page_link(page, escape(run.title), ":material/insights:", run=run.id)


def train_it_yourself_button(run: Run) -> None:
    """Draw a button that sets up the training of a run's recipe."""
    page_button(
        Page.TRAIN, "Train it yourself", ":material/play_arrow:", primary=True, recipe=run.recipe.to_url()
    )
