"""The table of runs: searched, narrowed down and sorted; a page of it comes from the store at a time."""

import math
from collections.abc import Mapping, Sequence
from hashlib import sha256

import streamlit as st

from components.engine.engine import engine
from components.errors import SearchError
from components.runs.catalog import SORT_KEYS, CatalogEntry, CatalogPage, Collection, SortKey
from components.runs.event_writer import ACTIVE
from components.runs.old_evaluations import with_evaluations
from components.runs.run_search import EXAMPLE
from components.settings import settings
from components.ui import tasks
from components.ui.address import change_address
from components.ui.boundary import boundary, show_error
from components.ui.formatting import count, escape
from components.ui.navigation import Page, page_button, page_link
from components.ui.recipe_form.labels import MODELS
from components.ui.runs.columns import COLUMNS, table_of
from components.ui.runs.run_actions import show_actions
from components.ui.runs.run_view import PAGE_ROWS, STATUSES, PageAddress, control, read_address, turn_page
from components.ui.runs.undo import recent_changes, show_changes, undone_count
from components.ui.visitor import visitor

_REFRESH_SECONDS = 2.0
_SORT_LABELS: dict[SortKey, str] = {
    "created": "Created",
    "title": "Title",
    "status": "Status",
    "model": "Model",
    "duration": "Duration",
    "parameters": "Parameters",
    "relative_error": "Error against the best baseline",
}


def show_runs_page() -> None:
    """Show the runs that the address asks for."""
    address = read_address(visitor())
    collection = _show_heading(address)
    try:
        page = _read_page(address)
    except SearchError as error:
        _show_controls(address, CatalogPage((), 0))
        show_error(error)
        return
    everything = sum(page.statuses.values())
    if not (everything or address.view.search or address.view.archived or recent_changes()):
        _show_nothing(collection)
        return
    _show_controls(address, page)
    _show_table(address, page)


def _show_heading(address: PageAddress) -> Collection | None:
    if address.view.collection is None:
        st.title("Runs", anchor=False)
        _show_collections()
        return None
    collection = engine().store.catalog.collection(address.view.collection)
    st.title(escape(collection.title), anchor=False)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption("Anyone with the link to this page sees these runs.", width="content")
        page_link(Page.RUNS, "See your own runs", ":material/table_rows:")
        if collection.owner == visitor():
            st.button(
                "Delete the collection",
                icon=":material/delete:",
                help="Its link stops working. The runs stay.",
                key="delete-collection",
                on_click=_delete_collection,
                args=(collection,),
            )
    return collection


def _delete_collection(collection: Collection) -> None:
    engine().delete_collection(collection.id, visitor())
    change_address({"collection": None})


def _show_collections() -> None:
    collections = engine().store.catalog.collections(visitor())
    if collections:
        with st.expander(f"Your collections ({len(collections):,})", icon=":material/folder_shared:"):
            for one in collections:
                page_link(Page.RUNS, escape(one.title), ":material/folder:", collection=one.id)


def _show_nothing(collection: Collection | None) -> None:
    if collection is not None:
        st.info("The runs of this collection were deleted.", icon=":material/info:")
        return
    st.info(
        "Train a model first. Every run then appears here.", title="No runs yet", icon=":material/table_rows:"
    )
    page_button(Page.HOME, "Choose an experiment", ":material/grid_view:", primary=True)


def _read_page(address: PageAddress) -> CatalogPage:
    """Return the page of the table that the address names, or its last one where there are fewer.

    Raises:
        SearchError: if the search can't be read.
    """
    catalog = engine().store.catalog
    page = catalog.page(address.view, (address.page - 1) * PAGE_ROWS, PAGE_ROWS)
    if page.entries or not page.total:
        return page
    return catalog.page(address.view, (page.total - 1) // PAGE_ROWS * PAGE_ROWS, PAGE_ROWS)


# --- What is listed ----------------------------------------------------------------------------------


def _show_controls(address: PageAddress, page: CatalogPage) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Search",
            placeholder=EXAMPLE,
            icon=":material/search:",
            type="search",
            width=380,
            help="Words, settings and measures; all must match: `units>32`, `mae<3`, `accuracy>90%`, "
            '`status:failed`, `tag:baseline`, `"two words"`. A minus sign excludes: `-gru`.',
            **control("q"),
        )
        st.selectbox("Sort by", SORT_KEYS, format_func=_SORT_LABELS.__getitem__, width=230, **control("sort"))
        st.toggle("Descending", **control("order"))
        if address.view.collection is None:
            st.toggle("Archived", **control("archived"))
        with st.popover("Columns", icon=":material/view_column:", key="runs-columns"):
            st.multiselect(
                "Columns", tuple(COLUMNS), format_func=lambda name: COLUMNS[name].label, **control("columns")
            )
    view = address.view
    with st.container(horizontal=True):
        statuses = {str(status): status.capitalize() for status in STATUSES}
        _show_choice("Status", "status", page.statuses, view.statuses, statuses)
        titles = {kind: tasks.page_of_kind(kind).title for kind in page.tasks}
        _show_choice("Task", "task", page.tasks, view.tasks, titles)
        _show_choice("Model", "model", page.models, view.models, MODELS)


def _show_choice(
    label: str, name: str, counts: Mapping[str, int], chosen: Sequence[str], titles: Mapping[str, str]
) -> None:
    """Let a person narrow the table down, where there is more than one way to."""
    options = list(dict.fromkeys([*sorted(counts), *chosen]))
    if len(options) > 1 or chosen:
        st.pills(
            label,
            options,
            selection_mode="multi",
            format_func=lambda value: f"{titles.get(value, value)} {counts.get(value, 0):,}",
            **control(name),
        )


# --- The table ---------------------------------------------------------------------------------------


def _show_table(address: PageAddress, page: CatalogPage) -> None:
    """Draw the table, anew every few seconds while one of its runs goes on or something can be undone."""
    is_moving = any(entry.status in ACTIVE for entry in page.entries) or bool(recent_changes())
    ids = [entry.id for entry in page.entries]
    st.fragment(_draw_table, run_every=_REFRESH_SECONDS if is_moving else None)(
        ids, address, is_moving, undone_count()
    )
    if not page.entries:
        st.caption("No runs match.")
    elif page.total > PAGE_ROWS:
        first = (min(address.page, math.ceil(page.total / PAGE_ROWS)) - 1) * PAGE_ROWS
        key = f"runs.page-{page.total}-{address.page}"
        with st.container(horizontal=True, vertical_alignment="center"):
            st.pagination(
                math.ceil(page.total / PAGE_ROWS),
                default=first // PAGE_ROWS + 1,
                key=key,
                on_change=turn_page,
                args=(key,),
            )
            st.caption(
                f"{first + 1:,} to {first + len(ids):,} of {count(page.total, 'run')}", width="content"
            )


def _draw_table(ids: Sequence[str], address: PageAddress, is_moving: bool, undone: int) -> None:
    entries: tuple[CatalogEntry, ...] = ()
    with boundary():
        show_changes()
        entries = engine().store.catalog.entries(ids, visitor())
        entries = with_evaluations(engine().store, settings().artifacts, entries)
        actions = st.container()
        if entries:
            chosen = _choose(entries, address.columns)
            with actions:
                show_actions(chosen, are_own=address.view.collection is None)
    # Whether it is to be drawn again and again is decided with the whole page.
    still = any(entry.status in ACTIVE for entry in entries) or bool(recent_changes())
    if undone_count() != undone or still != is_moving or len(entries) != len(ids):
        st.rerun()


def _choose(entries: Sequence[CatalogEntry], columns: Sequence[str]) -> list[CatalogEntry]:
    """Draw runs as a table, and return those that are ticked."""
    table, config = table_of(entries, columns)
    # Other runs are another table: a tick must never move to the run that takes a place. Nor does what
    # is undone bring ticks back.
    names = [*(entry.id for entry in entries), str(undone_count())]
    key = sha256("".join(names).encode()).hexdigest()[:16]
    event = st.dataframe(
        table,
        column_config=config,
        hide_index=True,
        height="content",
        key=f"runs-table-{key}",
        on_select="rerun",
        selection_mode="multi-row",
        alt="Runs, one a row",
    )
    return [entries[row] for row in event.selection.rows if row < len(entries)]
